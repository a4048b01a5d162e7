import { i as wireTypes, n as asBuffer, t as WireReader } from "./wire-reader.js";
// src/otlp/envelope.ts
function readEnvelope(bytes) {
	const buffer = asBuffer(bytes);
	const reader = new WireReader(buffer);
	const resourceSpans = [];
	while (reader.next()) if (reader.isLengthDelimited(1)) resourceSpans.push(readResourceRange(reader));
	return {
		bytes: buffer,
		resourceSpans
	};
}
function readResourceRange(outer) {
	const resources = [];
	const scopes = [];
	const rest = [];
	const reader = outer.nested();
	while (reader.next()) if (reader.isLengthDelimited(2)) scopes.push(readScopeRange(reader));
	else if (reader.isLengthDelimited(1)) resources.push(rangeOf(reader));
	else rest.push(rangeOf(reader));
	return {
		...rangeOf(outer),
		resources,
		scopes,
		rest
	};
}
function readScopeRange(outer) {
	const spans = [];
	const rest = [];
	const reader = outer.nested();
	while (reader.next()) {
		(reader.isLengthDelimited(2) ? spans : rest).push(rangeOf(reader));
		if (reader.isLengthDelimited(1)) for (const scope = reader.nested(); scope.next(););
	}
	return {
		...rangeOf(outer),
		spans,
		rest
	};
}
function rangeOf(reader) {
	return {
		start: reader.fieldStart,
		valueStart: reader.valueStart,
		end: reader.valueEnd
	};
}
function* placesIn({ resourceSpans }) {
	for (const resource of resourceSpans) for (const scope of resource.scopes) for (const span of scope.spans) yield {
		resource,
		scope,
		span
	};
}
function isWhole({ bytes, resourceSpans }, places) {
	let spans = 0;
	let size = 0;
	for (const resource of resourceSpans) {
		size += resource.end - resource.start;
		for (const scope of resource.scopes) spans += scope.spans.length;
	}
	return places.length === spans && size === bytes.length;
}
function sizeOfCopy(places) {
	return places.reduce((size, { span }) => size + span.end - span.start, 1024);
}
function copySpans(writer, bytes, places, writeSpan = ({ span }) => writer.raw(bytes, span.start, span.end)) {
	const copy = (range) => writer.raw(bytes, range.start, range.end);
	for (const inResource of runs(places, (place) => place.resource)) {
		const { resource } = inResource[0];
		writer.message(1, () => {
			resource.resources.forEach(copy);
			for (const inScope of runs(inResource, (place) => place.scope)) writer.message(2, () => {
				inScope[0].scope.rest.forEach(copy);
				inScope.forEach(writeSpan);
			});
			resource.rest.forEach(copy);
		});
	}
}
function runs(items, keyOf) {
	const found = [];
	for (const item of items) {
		const current = found.at(-1);
		if (current && keyOf(current[0]) === keyOf(item)) current.push(item);
		else found.push([item]);
	}
	return found;
}
// src/otlp/wire-writer.ts
const FIRST_CAPACITY = 1024;
const TWO_TO_32 = 4294967296;
var WireWriter = class {
	buffer;
	length = 0;
	constructor(capacity = FIRST_CAPACITY) {
		this.buffer = Buffer.allocUnsafe(capacity);
	}
	finish() {
		const written = this.buffer.subarray(0, this.length);
		return this.length > this.buffer.length * .9 && this.buffer.buffer.byteLength === this.buffer.length ? written : new Uint8Array(written);
	}
	raw(bytes, start = 0, end = bytes.length) {
		this.reserve(end - start);
		this.buffer.set(bytes.subarray(start, end), this.length);
		this.length += end - start;
	}
	varint(field, value) {
		this.reserve(20);
		this.putVarint(field * 8 + wireTypes.varint);
		this.putVarint(value);
	}
	int64(field, value) {
		if (value >= 0 && typeof value === "number") {
			this.varint(field, value);
			return;
		}
		this.reserve(20);
		this.putVarint(field * 8 + wireTypes.varint);
		let rest = BigInt.asUintN(64, BigInt(value));
		while (rest > 127n) {
			this.buffer[this.length++] = Number(rest & 127n) | 128;
			rest >>= 7n;
		}
		this.buffer[this.length++] = Number(rest);
	}
	fixed32(field, value) {
		this.reserve(16);
		this.putVarint(field * 8 + wireTypes.fixed32);
		this.length = this.buffer.writeUInt32LE(value >>> 0, this.length);
	}
	fixed64(field, value) {
		this.reserve(20);
		this.putVarint(field * 8 + wireTypes.fixed64);
		this.length = this.buffer.writeBigUInt64LE(value, this.length);
	}
	double(field, value) {
		this.reserve(20);
		this.putVarint(field * 8 + wireTypes.fixed64);
		this.length = this.buffer.writeDoubleLE(value, this.length);
	}
	string(field, text) {
		const size = Buffer.byteLength(text);
		this.reserve(size + 20);
		this.putVarint(field * 8 + wireTypes.lengthDelimited);
		this.putVarint(size);
		this.length += this.buffer.write(text, this.length, "utf8");
	}
	bytes(field, bytes) {
		this.reserve(bytes.length + 20);
		this.putVarint(field * 8 + wireTypes.lengthDelimited);
		this.putVarint(bytes.length);
		this.raw(bytes);
	}
	message(field, write) {
		this.reserve(20);
		this.putVarint(field * 8 + wireTypes.lengthDelimited);
		const start = this.length;
		this.length += 1;
		write();
		const size = this.length - start - 1;
		const extra = varintSize(size) - 1;
		if (extra > 0) {
			this.reserve(extra);
			this.buffer.copyWithin(start + 1 + extra, start + 1, this.length);
		}
		const end = this.length + extra;
		this.length = start;
		this.putVarint(size);
		this.length = end;
	}
	putVarint(value) {
		let rest = value;
		while (rest > 127) {
			this.buffer[this.length++] = rest % 128 | 128;
			rest = rest < TWO_TO_32 ? rest >>> 7 : Math.floor(rest / 128);
		}
		this.buffer[this.length++] = rest;
	}
	reserve(size) {
		const needed = this.length + size;
		if (needed <= this.buffer.length) return;
		const grown = Buffer.allocUnsafe(Math.max(needed, this.buffer.length * 2));
		this.buffer.copy(grown, 0, 0, this.length);
		this.buffer = grown;
	}
};
function varintSize(value) {
	let size = 1;
	for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) size += 1;
	return size;
}
export { readEnvelope as a, placesIn as i, copySpans as n, sizeOfCopy as o, isWhole as r, WireWriter as t };
