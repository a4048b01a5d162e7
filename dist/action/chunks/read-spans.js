import { a as readKeyValue, i as readAttribute, t as LazySpan } from "./lazy-span.js";
import { n as asBuffer, t as WireReader } from "./wire-reader.js";
import { t as readSpanIdentity } from "./span-identity.js";
// src/otlp/repeated-bytes.ts
const MOST_SLOTS = 1024;
const LEAST_SLOTS = 32;
const BYTES_PER_SLOT = 32;
var RepeatedBytes = class {
	bytes;
	maxSize;
	decode;
	mask;
	starts;
	sizes;
	values = [];
	constructor(bytes, maxSize, decode) {
		this.bytes = bytes;
		this.maxSize = maxSize;
		this.decode = decode;
		let slots = LEAST_SLOTS;
		while (slots < MOST_SLOTS && slots * BYTES_PER_SLOT < bytes.length) slots *= 2;
		this.mask = slots - 1;
		this.starts = new Int32Array(slots);
		this.sizes = new Int32Array(slots);
	}
	read(start, end) {
		const { bytes } = this;
		const size = end - start;
		if (size === 0 || size > this.maxSize) return this.decode(start, end);
		let hash = size;
		for (let index = start; index < end; index++) hash = Math.imul(hash, 31) + (bytes[index] ?? 0) | 0;
		const slot = (hash ^ hash >>> 15) & this.mask;
		const before = this.sizes[slot] === size && this.isAt(this.starts[slot] ?? 0, start, size) ? this.values[slot] : void 0;
		if (before !== void 0) return before;
		const value = this.decode(start, end);
		this.starts[slot] = start;
		this.sizes[slot] = size;
		this.values[slot] = value;
		return value;
	}
	isAt(place, start, size) {
		const { bytes } = this;
		for (let index = 0; index < size; index++) if (bytes[place + index] !== bytes[start + index]) return false;
		return true;
	}
};
// src/otlp/shared-values.ts
const MAX_NAME = 64;
const MAX_ATTRIBUTE = 128;
function shareValues(bytes) {
	const names = new RepeatedBytes(bytes, MAX_NAME, (start, end) => bytes.toString("utf8", start, end));
	const ids = new RepeatedBytes(bytes, MAX_NAME, (start, end) => bytes.toString("hex", start, end));
	const pair = new WireReader(bytes);
	const value = new WireReader(bytes);
	return {
		names,
		ids,
		attributes: new RepeatedBytes(bytes, MAX_ATTRIBUTE, (start, end) => {
			pair.goTo(start, end);
			return readAttribute(pair, value, names);
		})
	};
}
// src/otlp/read-spans.ts
function readSpans(bytes) {
	const spans = [];
	const request = new WireReader(asBuffer(bytes));
	const shared = shareValues(request.bytes);
	while (request.next()) if (request.isLengthDelimited(1)) readResourceSpans(request.nested(), shared, spans);
	return spans;
}
function readResourceSpans(reader, shared, spans) {
	const resource = new LazyResource();
	const scopes = [];
	while (reader.next()) if (reader.isLengthDelimited(1)) resource.add(reader.nested());
	else if (reader.isLengthDelimited(2)) scopes.push(reader.nested());
	for (const scope of scopes) readScopeSpans(scope, resource, shared, spans);
}
function readScopeSpans(reader, resource, shared, spans) {
	const found = [];
	const scope = {
		name: "",
		version: ""
	};
	while (reader.next()) if (reader.isLengthDelimited(1)) readScope(reader.nested(), scope);
	else if (reader.isLengthDelimited(2)) found.push(reader.nested());
	for (const reader of found) {
		const { bytes, position, end } = reader;
		const span = new LazySpan(reader, resource, scope, shared);
		if (span.startTime === 0 && span.name === "" && readSpanIdentity(bytes, position, end).isSupplement) continue;
		spans.push(span);
	}
}
function readScope(reader, scope) {
	while (reader.next()) if (reader.isLengthDelimited(1)) scope.name = reader.text();
	else if (reader.isLengthDelimited(2)) scope.version = reader.text();
}
var LazyResource = class {
	parts = [];
	decoded;
	add(part) {
		this.parts.push(part);
	}
	get attributes() {
		this.decoded ??= this.decode();
		return this.decoded;
	}
	decode() {
		const attributes = {};
		for (const { bytes, position, end } of this.parts) {
			const reader = new WireReader(bytes, position, end);
			while (reader.next()) if (reader.isLengthDelimited(1)) readKeyValue(reader.nested(), attributes);
		}
		return attributes;
	}
};
export { readSpans as t };
