/** Powers of two. The most is several times the distinct names and values of a usual trace; a small body has far fewer. */
const MOST_SLOTS = 1024;
const LEAST_SLOTS = 32;
/** Bytes of a body for each slot. */
const BYTES_PER_SLOT = 32;

/**
 * Decodes stretches of one body, each distinct one mostly once: spans repeat their attributes, names and ids.
 * What was met before is found by its bytes; two stretches that share a slot replace each other.
 */
export class RepeatedBytes<Value> {
  private readonly bytes: Buffer;
  private readonly maxSize: number;
  private readonly decode: (start: number, end: number) => Value;
  private readonly mask: number;
  private readonly starts: Int32Array;
  private readonly sizes: Int32Array;
  private readonly values: Value[] = [];

  /** Longer stretches than `maxSize` are decoded each time. */
  constructor(bytes: Buffer, maxSize: number, decode: (start: number, end: number) => Value) {
    this.bytes = bytes;
    this.maxSize = maxSize;
    this.decode = decode;
    let slots = LEAST_SLOTS;
    while (slots < MOST_SLOTS && slots * BYTES_PER_SLOT < bytes.length) slots *= 2;
    this.mask = slots - 1;
    this.starts = new Int32Array(slots);
    this.sizes = new Int32Array(slots);
  }

  read(start: number, end: number): Value {
    const { bytes } = this;
    const size = end - start;
    if (size === 0 || size > this.maxSize) return this.decode(start, end);
    let hash = size;
    for (let index = start; index < end; index++) hash = (Math.imul(hash, 31) + (bytes[index] ?? 0)) | 0;
    const slot = (hash ^ (hash >>> 15)) & this.mask;
    const known = this.sizes[slot] === size && this.isAt(this.starts[slot] ?? 0, start, size);
    const before = known ? this.values[slot] : undefined;
    if (before !== undefined) return before;
    const value = this.decode(start, end);
    this.starts[slot] = start;
    this.sizes[slot] = size;
    this.values[slot] = value;
    return value;
  }

  private isAt(place: number, start: number, size: number): boolean {
    const { bytes } = this;
    for (let index = 0; index < size; index++) {
      if (bytes[place + index] !== bytes[start + index]) return false;
    }
    return true;
  }
}
