import { asBuffer } from "./wire-reader.ts";

/** Texts of at least this many bytes are left as bytes until somebody reads them. */
export const LONG_TEXT = 1024;

/**
 * A long text that still is UTF-8 bytes.
 *
 * Agents send the same instructions and the same history with every span, so most long texts are an earlier
 * one, or an earlier one with more at its end. That can be seen in the bytes, at the speed of memory, and
 * then they need not be decoded.
 */
export class LongText {
  /** Bytes. */
  readonly size: number;
  private readonly source: Buffer;
  private readonly start: number;
  private decoded: string | undefined;

  constructor(source: Buffer, start: number, end: number) {
    this.source = source;
    this.start = start;
    this.size = end - start;
  }

  static of(text: string): LongText {
    const bytes = asBuffer(Buffer.from(text));
    const long = new LongText(bytes, 0, bytes.length);
    long.decoded = text;
    return long;
  }

  /** The whole text, decoded once. Invalid UTF-8 becomes U+FFFD. */
  toString(): string {
    this.decoded ??= this.textFrom(0);
    return this.decoded;
  }

  /** The text from a byte on, which must begin a character. */
  textFrom(offset: number): string {
    return this.source.toString("utf8", this.start + offset, this.start + this.size);
  }

  byteAt(offset: number): number | undefined {
    return offset < this.size ? this.source[this.start + offset] : undefined;
  }

  equals(other: LongText): boolean {
    return this.size === other.size && this.startsWith(other, other.size);
  }

  /** Whether it begins with the first `size` bytes of another text. */
  startsWith(other: LongText, size: number): boolean {
    if (size > this.size) return false;
    const { source, start } = other;
    return this.source.compare(source, start, start + size, this.start, this.start + size) === 0;
  }
}
