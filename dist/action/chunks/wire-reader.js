import { t as TracegateError } from "./errors.js";
// src/otlp/wire-reader.ts
const wireTypes = {
	varint: 0,
	fixed64: 1,
	lengthDelimited: 2,
	fixed32: 5
};
var WireReader = class WireReader {
	bytes;
	end;
	position;
	field = 0;
	wireType = 0;
	fieldStart = 0;
	valueStart = 0;
	valueEnd = 0;
	low = 0;
	high = 0;
	constructor(bytes, start = 0, end = bytes.length) {
		this.bytes = bytes;
		this.position = start;
		this.end = end;
	}
	next() {
		if (this.position >= this.end) return false;
		this.fieldStart = this.position;
		this.readVarint();
		const tag = this.low;
		this.field = tag >>> 3;
		this.wireType = tag & 7;
		if (this.high !== 0 || this.field === 0) throw badBytes("an invalid field tag", this.fieldStart);
		this.stepOverValue();
		return true;
	}
	isLengthDelimited(field) {
		return this.field === field && this.wireType === wireTypes.lengthDelimited;
	}
	nested() {
		return new WireReader(this.bytes, this.valueStart, this.valueEnd);
	}
	goTo(start, end) {
		this.position = start;
		this.end = end;
	}
	text() {
		return this.bytes.toString("utf8", this.valueStart, this.valueEnd);
	}
	hex() {
		return this.bytes.toString("hex", this.valueStart, this.valueEnd);
	}
	stepOverValue() {
		this.valueStart = this.position;
		switch (this.wireType) {
			case wireTypes.varint:
				this.readVarint();
				break;
			case wireTypes.fixed64:
				this.advance(8);
				this.low = this.littleEndian(this.valueStart);
				this.high = this.littleEndian(this.valueStart + 4);
				break;
			case wireTypes.lengthDelimited:
				this.readVarint();
				this.valueStart = this.position;
				this.advance(this.high * 4294967296 + this.low);
				break;
			case wireTypes.fixed32:
				this.advance(4);
				this.low = this.littleEndian(this.valueStart);
				this.high = 0;
				break;
			default: throw badBytes(`wire type ${this.wireType}, which OTLP never uses`, this.fieldStart);
		}
		this.valueEnd = this.position;
	}
	advance(length) {
		if (length > this.end - this.position) throw badBytes(`a value of ${length} bytes where ${this.end - this.position} are left`, this.position);
		this.position += length;
	}
	littleEndian(start) {
		const { bytes } = this;
		const [first = 0, second = 0] = [bytes[start], bytes[start + 1]];
		const [third = 0, fourth = 0] = [bytes[start + 2], bytes[start + 3]];
		return (first | second << 8 | third << 16 | fourth << 24) >>> 0;
	}
	readVarint() {
		const first = this.position < this.end ? this.bytes[this.position] ?? 0 : 128;
		if (first < 128) {
			this.position += 1;
			this.low = first;
			this.high = 0;
			return;
		}
		this.readLongVarint();
	}
	readLongVarint() {
		const start = this.position;
		let low = 0;
		let high = 0;
		for (let shift = 0; shift < 70; shift += 7) {
			if (this.position >= this.end) throw badBytes("a number that breaks off", start);
			const byte = this.bytes[this.position++] ?? 0;
			const bits = byte & 127;
			if (shift < 28) low |= bits << shift;
			else if (shift === 28) {
				low |= bits << 28;
				high = bits >>> 4;
			} else high |= bits << shift - 32;
			if (byte < 128) {
				this.low = low >>> 0;
				this.high = high >>> 0;
				return;
			}
		}
		throw badBytes("a number of more than 10 bytes", start);
	}
};
function badBytes(what, offset) {
	return new TracegateError("bad-input", `Not OTLP protobuf: ${what}, at byte ${offset}. Check that the body is complete and its Content-Type is right.`);
}
function asBuffer(bytes) {
	return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
export { wireTypes as i, asBuffer as n, badBytes as r, WireReader as t };
