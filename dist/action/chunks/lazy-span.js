import { o as millisecondsOf } from "./span-identity.js";
import { i as wireTypes, r as badBytes, t as WireReader } from "./wire-reader.js";
import { a as setLongTexts, n as LongText, r as createAttributes } from "./long-text.js";
const TWO_TO_32 = 4294967296;
const BEYOND_SAFE_HIGH = 2097152;
function readKeyValue(reader, target, depth = 0) {
	let key = "";
	let value = null;
	while (reader.next()) if (reader.isLengthDelimited(1)) key = reader.text();
	else if (reader.isLengthDelimited(2)) value = readAnyValue(reader.nested(), depth);
	setOwn(target, key, value);
}
function readAnyValue(reader, depth = 0) {
	if (depth > 64) throw badBytes(`an attribute value nested deeper than 64 levels`, reader.position);
	let value = null;
	while (reader.next()) {
		const read = readVariant(reader, depth);
		if (read !== void 0) value = read;
	}
	return value;
}
function readVariant(reader, depth) {
	const { field, wireType } = reader;
	if (wireType === wireTypes.lengthDelimited) {
		if (field === 1) return reader.text();
		if (field === 5) return readArray(reader.nested(), depth);
		if (field === 6) return readMap(reader.nested(), depth);
		if (field === 7) return reader.bytes.toString("base64", reader.valueStart, reader.valueEnd);
	}
	if (wireType === wireTypes.varint) {
		if (field === 2) return reader.low !== 0 || reader.high !== 0;
		if (field === 3) return signedInteger(reader.low, reader.high);
	}
	if (wireType === wireTypes.fixed64 && field === 4) return readDouble(reader);
}
function readArray(reader, depth) {
	const values = [];
	while (reader.next()) if (reader.isLengthDelimited(1)) values.push(readAnyValue(reader.nested(), depth + 1));
	return values;
}
function readMap(reader, depth) {
	const map = {};
	while (reader.next()) if (reader.isLengthDelimited(1)) readKeyValue(reader.nested(), map, depth + 1);
	return map;
}
function readDouble(reader) {
	const value = reader.bytes.readDoubleLE(reader.valueStart);
	return Number.isFinite(value) ? value : String(value);
}
function signedInteger(low, high) {
	if (high < BEYOND_SAFE_HIGH) return high * TWO_TO_32 + low;
	const value = BigInt.asIntN(64, BigInt(high) << 32n | BigInt(low));
	return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value.toString();
}
function setOwn(target, key, value) {
	if (key === "__proto__") Object.defineProperty(target, key, {
		value,
		enumerable: true,
		configurable: true,
		writable: true
	});
	else target[key] = value;
}
// src/otlp/read-attributes.ts
function readAttributes(message, field, known) {
	const attributes = createAttributes();
	let long;
	while (message.next()) {
		if (!message.isLengthDelimited(field)) continue;
		const { key, value } = known.read(message.valueStart, message.valueEnd);
		if (value instanceof LongText) {
			long ??= new Map();
			long.set(key, value);
			attributes[key] = null;
		} else {
			long?.delete(key);
			attributes[key] = value;
		}
	}
	if (long) setLongTexts(attributes, long);
	return attributes;
}
function readAttribute(pair, inner, names) {
	let key = "";
	let value = null;
	while (pair.next()) if (pair.isLengthDelimited(1)) key = names.read(pair.valueStart, pair.valueEnd);
	else if (pair.isLengthDelimited(2)) {
		inner.goTo(pair.valueStart, pair.valueEnd);
		value = readText(inner) ?? readAnyValue(pair.nested());
	}
	return {
		key,
		value
	};
}
function readText(value) {
	if (!value.next() || !value.isLengthDelimited(1) || value.position < value.end) return void 0;
	const { bytes, valueStart, valueEnd } = value;
	return valueEnd - valueStart < 1024 ? value.text() : new LongText(bytes, valueStart, valueEnd);
}
// src/otlp/lazy-span.ts
const SPAN_KINDS = [
	"unspecified",
	"internal",
	"server",
	"client",
	"producer",
	"consumer"
];
const STATUS_CODES = [
	"unset",
	"ok",
	"error"
];
const ALL_ZERO = /^0*$/;
var LazySpan = class {
	traceId = "";
	spanId = "";
	parentSpanId = null;
	name = "";
	kind = "unspecified";
	startTime = 0;
	endTime = 0;
	status = { code: "unset" };
	flags = 0;
	droppedAttributes = 0;
	scope;
	source;
	start;
	end;
	shared;
	lazyResource;
	hasEvents = false;
	hasLinks = false;
	decodedAttributes;
	decodedEvents;
	decodedLinks;
	constructor(reader, resource, scope, shared) {
		this.source = reader.bytes;
		this.start = reader.position;
		this.end = reader.end;
		this.lazyResource = resource;
		this.scope = scope;
		this.shared = shared;
		while (reader.next()) if (reader.wireType === wireTypes.lengthDelimited) this.readMessageField(reader);
		else this.readNumberField(reader);
	}
	get resource() {
		return this.lazyResource.attributes;
	}
	get attributes() {
		this.decodedAttributes ??= readAttributes(this.reader(), 9, this.shared.attributes);
		return this.decodedAttributes;
	}
	get events() {
		this.decodedEvents ??= this.hasEvents ? this.collect(11, readEvent) : [];
		return this.decodedEvents;
	}
	get links() {
		this.decodedLinks ??= this.hasLinks ? this.collect(13, readLink) : [];
		return this.decodedLinks;
	}
	readMessageField(reader) {
		switch (reader.field) {
			case 1:
				this.traceId = this.shared.ids.read(reader.valueStart, reader.valueEnd);
				break;
			case 2:
				this.spanId = this.shared.ids.read(reader.valueStart, reader.valueEnd);
				break;
			case 4: {
				const parent = this.shared.ids.read(reader.valueStart, reader.valueEnd);
				this.parentSpanId = ALL_ZERO.test(parent) ? null : parent;
				break;
			}
			case 5:
				this.name = this.shared.names.read(reader.valueStart, reader.valueEnd);
				break;
			case 11:
				this.hasEvents = true;
				break;
			case 13:
				this.hasLinks = true;
				break;
			case 15: this.status = readStatus(reader.nested(), this.status);
		}
	}
	readNumberField(reader) {
		const { field, wireType } = reader;
		if (wireType === wireTypes.fixed64) {
			if (field === 7) this.startTime = millisecondsOf(reader.low, reader.high);
			else if (field === 8) this.endTime = millisecondsOf(reader.low, reader.high);
		} else if (wireType === wireTypes.varint) {
			if (field === 6) this.kind = SPAN_KINDS[reader.low] ?? "unspecified";
			else if (field === 10) this.droppedAttributes = reader.low;
		} else if (field === 16) this.flags = reader.low;
	}
	collect(field, read) {
		const items = [];
		const reader = this.reader();
		while (reader.next()) if (reader.isLengthDelimited(field)) items.push(read(reader.nested(), this.shared));
		return items;
	}
	reader() {
		return new WireReader(this.source, this.start, this.end);
	}
};
function readStatus(reader, before) {
	let { code, message } = before;
	while (reader.next()) if (reader.isLengthDelimited(2)) message = reader.text();
	else if (reader.field === 3 && reader.wireType === wireTypes.varint) code = STATUS_CODES[reader.low] ?? "unset";
	return message === void 0 || message === "" ? { code } : {
		code,
		message
	};
}
function readEvent(reader, { names, attributes: known }) {
	let name = "";
	let time = 0;
	const attributes = readAttributes(copyOf(reader), 3, known);
	while (reader.next()) if (reader.isLengthDelimited(2)) name = names.read(reader.valueStart, reader.valueEnd);
	else if (reader.field === 1 && reader.wireType === wireTypes.fixed64) time = millisecondsOf(reader.low, reader.high);
	return {
		name,
		time,
		attributes
	};
}
function readLink(reader, { ids, attributes: known }) {
	let traceId = "";
	let spanId = "";
	const attributes = readAttributes(copyOf(reader), 4, known);
	while (reader.next()) if (reader.isLengthDelimited(1)) traceId = ids.read(reader.valueStart, reader.valueEnd);
	else if (reader.isLengthDelimited(2)) spanId = ids.read(reader.valueStart, reader.valueEnd);
	return {
		traceId,
		spanId,
		attributes
	};
}
function copyOf({ bytes, position, end }) {
	return new WireReader(bytes, position, end);
}
export { readKeyValue as a, readAttribute as i, SPAN_KINDS as n, STATUS_CODES as r, LazySpan as t };
