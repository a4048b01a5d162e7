import { n as asBuffer } from "./wire-reader.js";
// src/otlp/attribute-map.ts
function createAttributes() {
	return Object.create(null);
}
const longTexts = new WeakMap();
function setLongTexts(target, texts) {
	longTexts.set(target, texts);
	for (const [key, text] of texts) Object.defineProperty(target, key, {
		get: () => text.toString(),
		enumerable: true,
		configurable: true
	});
}
function longTextsOf(attributes) {
	return longTexts.get(attributes);
}
// src/otlp/long-text.ts
const LONG_TEXT = 1024;
var LongText = class LongText {
	size;
	source;
	start;
	decoded;
	constructor(source, start, end) {
		this.source = source;
		this.start = start;
		this.size = end - start;
	}
	static of(text) {
		const bytes = asBuffer(Buffer.from(text));
		const long = new LongText(bytes, 0, bytes.length);
		long.decoded = text;
		return long;
	}
	toString() {
		this.decoded ??= this.textFrom(0);
		return this.decoded;
	}
	textFrom(offset) {
		return this.source.toString("utf8", this.start + offset, this.start + this.size);
	}
	byteAt(offset) {
		return offset < this.size ? this.source[this.start + offset] : void 0;
	}
	equals(other) {
		return this.size === other.size && this.startsWith(other, other.size);
	}
	startsWith(other, size) {
		if (size > this.size) return false;
		const { source, start } = other;
		return this.source.compare(source, start, start + size, this.start, this.start + size) === 0;
	}
};
export { setLongTexts as a, longTextsOf as i, LongText as n, createAttributes as r, LONG_TEXT as t };
