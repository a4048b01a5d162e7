/** The span has arrived. */
export const ARRIVED = 1;
/** The span has arrived ended. */
export const ENDED = 2;
/** Another span names it as its parent. */
export const NAMED = 4;
/** The span has ended and has no parent. */
export const ROOT = 8;
/** Not a span: the key of a log record that has arrived. */
export const RECORD = 16;

const RECORD_BYTES = 9;
const MIN_CAPACITY = 8;

/**
 * Span ids of one trace with four flags each, in 9 bytes of memory per slot: 100,000 open traces must fit.
 * An open-addressing hash table; a slot with flags 0 is free, nothing is ever removed.
 */
export class SpanTable {
  /** Two halves per slot. */
  #ids = new Uint32Array(2 * MIN_CAPACITY);
  #flags = new Uint8Array(MIN_CAPACITY);
  #size = 0;
  /** Ids come from outside; a seed keeps anyone from choosing colliding ones. */
  readonly #seed = (Math.random() * 0x1_0000_0000) >>> 0;

  /** How many ids it holds. */
  get size(): number {
    return this.#size;
  }

  /** Adds flags to an id (16 hex digits) and returns those it had before; 0 when it was unknown. */
  mark(spanId: string, flags: number): number {
    return this.#mark(hexToUint32(spanId, 0), hexToUint32(spanId, 8), flags);
  }

  /** The flags of an id; 0 when it is unknown. */
  flags(spanId: string): number {
    const slot = this.#slot(hexToUint32(spanId, 0), hexToUint32(spanId, 8));
    return this.#flags[slot] ?? 0;
  }

  /** 9 bytes per id: the id, then its flags. */
  serialize(): Uint8Array {
    const bytes = new Uint8Array(this.#size * RECORD_BYTES);
    const view = new DataView(bytes.buffer);
    let offset = 0;
    this.#flags.forEach((flags, slot) => {
      if (flags === 0) return;
      view.setUint32(offset, this.#ids[2 * slot] ?? 0);
      view.setUint32(offset + 4, this.#ids[2 * slot + 1] ?? 0);
      view.setUint8(offset + 8, flags);
      offset += RECORD_BYTES;
    });
    return bytes;
  }

  /** Reads what {@link SpanTable.serialize} wrote. */
  static parse(bytes: Uint8Array): SpanTable {
    const table = new SpanTable();
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let offset = 0; offset + RECORD_BYTES <= bytes.length; offset += RECORD_BYTES) {
      table.#mark(view.getUint32(offset), view.getUint32(offset + 4), view.getUint8(offset + 8));
    }
    return table;
  }

  /** How many ids have, of the flags in `mask`, exactly `flags`. */
  count(mask: number, flags: number): number {
    return this.#flags.reduce((sum, value) => sum + (value !== 0 && (value & mask) === flags ? 1 : 0), 0);
  }

  #mark(high: number, low: number, flags: number): number {
    const slot = this.#slot(high, low);
    const before = this.#flags[slot] ?? 0;
    this.#flags[slot] = before | flags;
    if (before !== 0) return before;
    this.#ids[2 * slot] = high;
    this.#ids[2 * slot + 1] = low;
    this.#size += 1;
    if (this.#size * 4 > this.#flags.length * 3) this.#grow();
    return 0;
  }

  /** The slot that holds an id, or the free one where it belongs. */
  #slot(high: number, low: number): number {
    const mask = this.#flags.length - 1;
    let hash = Math.imul(high ^ this.#seed, 0x9e3779b1) ^ Math.imul(low, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), this.#seed | 1);
    let slot = (hash ^ (hash >>> 13)) & mask;
    while (this.#flags[slot] !== 0 && (this.#ids[2 * slot] !== high || this.#ids[2 * slot + 1] !== low)) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  #grow(): void {
    const ids = this.#ids;
    const flags = this.#flags;
    this.#ids = new Uint32Array(2 * ids.length);
    this.#flags = new Uint8Array(2 * flags.length);
    flags.forEach((value, slot) => {
      if (value === 0) return;
      const high = ids[2 * slot] ?? 0;
      const low = ids[2 * slot + 1] ?? 0;
      const target = this.#slot(high, low);
      this.#ids[2 * target] = high;
      this.#ids[2 * target + 1] = low;
      this.#flags[target] = value;
    });
  }
}

/** Eight hex digits from `start` as a number. */
function hexToUint32(hex: string, start: number): number {
  let value = 0;
  for (let index = start; index < start + 8; index += 1) {
    const code = hex.charCodeAt(index);
    value = (value << 4) | (code <= 57 ? code - 48 : code - 87);
  }
  return value >>> 0;
}
