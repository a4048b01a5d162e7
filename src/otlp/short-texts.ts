/** Names of attributes and values such as models are at most this long. */
const MAX_SIZE = 64;

/** A power of two; several times the distinct short texts of a usual trace. */
const SLOTS = 1024;

/**
 * Decodes the short texts or ids of one body, each distinct one mostly once: spans repeat their attribute names
 * and many values. What was met before is found by its bytes; two texts that share a slot replace each other.
 */
export class ShortTexts {
  private readonly bytes: Buffer;
  private readonly encoding: "utf8" | "hex";
  private readonly starts = new Int32Array(SLOTS);
  private readonly texts: (string | undefined)[] = [];
  private readonly sizes = new Int8Array(SLOTS).fill(-1);

  constructor(bytes: Buffer, encoding: "utf8" | "hex") {
    this.bytes = bytes;
    this.encoding = encoding;
  }

  read(start: number, end: number): string {
    const { bytes } = this;
    const size = end - start;
    if (size > MAX_SIZE) return bytes.toString(this.encoding, start, end);
    let hash = size;
    for (let index = start; index < end; index++) hash = (Math.imul(hash, 31) + (bytes[index] ?? 0)) | 0;
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    const known = this.sizes[slot] === size && this.isAt(this.starts[slot] ?? 0, start, size);
    const text = known ? this.texts[slot] : undefined;
    if (text !== undefined) return text;
    const decoded = bytes.toString(this.encoding, start, end);
    this.starts[slot] = start;
    this.sizes[slot] = size;
    this.texts[slot] = decoded;
    return decoded;
  }

  private isAt(place: number, start: number, size: number): boolean {
    const { bytes } = this;
    for (let index = 0; index < size; index++) {
      if (bytes[place + index] !== bytes[start + index]) return false;
    }
    return true;
  }
}
