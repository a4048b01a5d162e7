import { wireTypes } from "./wire-reader.ts";

const FIRST_CAPACITY = 1024;
const TWO_TO_32 = 4_294_967_296;

/** Writes one protobuf message into a growing buffer. */
export class WireWriter {
  private buffer: Buffer;
  private length = 0;

  /** `capacity`: how many bytes are expected. Growing costs a copy each time, and the old buffer is garbage. */
  constructor(capacity = FIRST_CAPACITY) {
    this.buffer = Buffer.allocUnsafe(capacity);
  }

  /** What was written, in memory of its own. Nothing may be written afterwards. */
  finish(): Uint8Array {
    const written = this.buffer.subarray(0, this.length);
    const isFull =
      this.length > this.buffer.length * 0.9 && this.buffer.buffer.byteLength === this.buffer.length;
    return isFull ? written : new Uint8Array(written);
  }

  /** Copies a byte range verbatim, tag included. */
  raw(bytes: Uint8Array, start = 0, end = bytes.length): void {
    this.reserve(end - start);
    this.buffer.set(bytes.subarray(start, end), this.length);
    this.length += end - start;
  }

  /** An unsigned number up to 2^53. */
  varint(field: number, value: number): void {
    this.reserve(20);
    this.putVarint(field * 8 + wireTypes.varint);
    this.putVarint(value);
  }

  /** A signed 64-bit number in two's complement. */
  int64(field: number, value: number | bigint): void {
    if (value >= 0 && typeof value === "number") {
      this.varint(field, value);
      return;
    }
    this.reserve(20);
    this.putVarint(field * 8 + wireTypes.varint);
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest > 127n) {
      this.buffer[this.length++] = Number(rest & 127n) | 0x80;
      rest >>= 7n;
    }
    this.buffer[this.length++] = Number(rest);
  }

  fixed32(field: number, value: number): void {
    this.reserve(16);
    this.putVarint(field * 8 + wireTypes.fixed32);
    this.length = this.buffer.writeUInt32LE(value >>> 0, this.length);
  }

  fixed64(field: number, value: bigint): void {
    this.reserve(20);
    this.putVarint(field * 8 + wireTypes.fixed64);
    this.length = this.buffer.writeBigUInt64LE(value, this.length);
  }

  double(field: number, value: number): void {
    this.reserve(20);
    this.putVarint(field * 8 + wireTypes.fixed64);
    this.length = this.buffer.writeDoubleLE(value, this.length);
  }

  string(field: number, text: string): void {
    const size = Buffer.byteLength(text);
    this.reserve(size + 20);
    this.putVarint(field * 8 + wireTypes.lengthDelimited);
    this.putVarint(size);
    this.length += this.buffer.write(text, this.length, "utf8");
  }

  bytes(field: number, bytes: Uint8Array): void {
    this.reserve(bytes.length + 20);
    this.putVarint(field * 8 + wireTypes.lengthDelimited);
    this.putVarint(bytes.length);
    this.raw(bytes);
  }

  /**
   * A nested message. Its length is known only afterwards; one byte is kept for it, and a longer
   * message is moved up by the bytes its length needs more.
   */
  message(field: number, write: () => void): void {
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

  private putVarint(value: number): void {
    let rest = value;
    while (rest > 127) {
      this.buffer[this.length++] = (rest % 128) | 0x80;
      rest = rest < TWO_TO_32 ? rest >>> 7 : Math.floor(rest / 128);
    }
    this.buffer[this.length++] = rest;
  }

  private reserve(size: number): void {
    const needed = this.length + size;
    if (needed <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(needed, this.buffer.length * 2));
    this.buffer.copy(grown, 0, 0, this.length);
    this.buffer = grown;
  }
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest > 127; rest = Math.floor(rest / 128)) size += 1;
  return size;
}
