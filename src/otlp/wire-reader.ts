import { TracegateError } from "../core/errors.ts";

/** Protobuf wire types; groups (3 and 4) are not part of OTLP and are refused. */
export const wireTypes = { varint: 0, fixed64: 1, lengthDelimited: 2, fixed32: 5 } as const;

/**
 * Walks the fields of one protobuf message without copying or decoding.
 *
 * `next` reads a tag and steps over its value, so unknown fields skip themselves; the value is then
 * at `valueStart`..`valueEnd` (length-delimited and fixed) or in `low` and `high` (varint, fixed64).
 * Every defect of the bytes is a `TracegateError("bad-input")` that names the byte offset.
 */
export class WireReader {
  readonly bytes: Buffer;
  end: number;
  /** Offset of the next tag. */
  position: number;
  /** Number and wire type of the field `next` has read. */
  field = 0;
  wireType = 0;
  /** Offset of that field's tag, for copying it verbatim up to `valueEnd`. */
  fieldStart = 0;
  valueStart = 0;
  valueEnd = 0;
  /** Low and high 32 bits, unsigned, of a varint, fixed32 or fixed64. */
  low = 0;
  high = 0;

  constructor(bytes: Buffer, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
  }

  /** Steps to the next field. False at the end of the message. */
  next(): boolean {
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

  /** True when the field has this number and a length-delimited value. */
  isLengthDelimited(field: number): boolean {
    return this.field === field && this.wireType === wireTypes.lengthDelimited;
  }

  /** A reader of the nested message that `next` stepped over. */
  nested(): WireReader {
    return new WireReader(this.bytes, this.valueStart, this.valueEnd);
  }

  /** Goes to another message in the same bytes. */
  goTo(start: number, end: number): void {
    this.position = start;
    this.end = end;
  }

  /** The value as text. Invalid UTF-8 becomes U+FFFD. */
  text(): string {
    return this.bytes.toString("utf8", this.valueStart, this.valueEnd);
  }

  /** The value as lower-case hex. */
  hex(): string {
    return this.bytes.toString("hex", this.valueStart, this.valueEnd);
  }

  private stepOverValue(): void {
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
        this.advance(this.high * 4_294_967_296 + this.low);
        break;
      case wireTypes.fixed32:
        this.advance(4);
        this.low = this.littleEndian(this.valueStart);
        this.high = 0;
        break;
      default:
        throw badBytes(`wire type ${this.wireType}, which OTLP never uses`, this.fieldStart);
    }
    this.valueEnd = this.position;
  }

  private advance(length: number): void {
    if (length > this.end - this.position) {
      throw badBytes(`a value of ${length} bytes where ${this.end - this.position} are left`, this.position);
    }
    this.position += length;
  }

  /** An unsigned number of four bytes. Buffer's own method costs several times as much. */
  private littleEndian(start: number): number {
    const { bytes } = this;
    const [first = 0, second = 0] = [bytes[start], bytes[start + 1]];
    const [third = 0, fourth = 0] = [bytes[start + 2], bytes[start + 3]];
    return (first | (second << 8) | (third << 16) | (fourth << 24)) >>> 0;
  }

  private readVarint(): void {
    const first = this.position < this.end ? (this.bytes[this.position] ?? 0) : 0x80;
    if (first < 0x80) {
      this.position += 1;
      this.low = first;
      this.high = 0;
      return;
    }
    this.readLongVarint();
  }

  private readLongVarint(): void {
    const start = this.position;
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (this.position >= this.end) throw badBytes("a number that breaks off", start);
      const byte = this.bytes[this.position++] ?? 0;
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else high |= bits << (shift - 32);
      if (byte < 0x80) {
        this.low = low >>> 0;
        this.high = high >>> 0;
        return;
      }
    }
    throw badBytes("a number of more than 10 bytes", start);
  }
}

/** The fault of bytes that are not OTLP protobuf. */
export function badBytes(what: string, offset: number): TracegateError {
  return new TracegateError(
    "bad-input",
    `Not OTLP protobuf: ${what}, at byte ${offset}. Check that the body is complete and its Content-Type is right.`,
  );
}

/** The same memory as a Buffer, whose text decoding is the fastest there is. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
