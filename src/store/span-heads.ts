import type { SpanHead } from "../core/span.ts";

const RECORD_BYTES = 17;
const ENDED = 1;
const HAS_PARENT = 2;
const COMPLETES = 4;

/** What the index is rebuilt from: 17 bytes per span (id, parent id, flags), so that no body is read for it. */
export function encodeHeads(heads: readonly SpanHead[]): Uint8Array {
  const bytes = Buffer.alloc(heads.length * RECORD_BYTES);
  heads.forEach((head, index) => {
    const offset = index * RECORD_BYTES;
    bytes.write(head.spanId, offset, 8, "hex");
    if (head.parentSpanId !== null) bytes.write(head.parentSpanId, offset + 8, 8, "hex");
    const flags =
      (head.endTime > 0 ? ENDED : 0) |
      (head.parentSpanId !== null ? HAS_PARENT : 0) |
      (head.completes ? COMPLETES : 0);
    bytes.writeUInt8(flags, offset + 16);
  });
  return bytes;
}

/** The part of a span's head that the completion protocol needs; times are not kept. */
export type ArrivedSpan = Pick<SpanHead, "spanId" | "parentSpanId" | "completes"> & {
  readonly ended: boolean;
};

/** Reads what {@link encodeHeads} wrote. */
export function decodeHeads(bytes: Uint8Array): ArrivedSpan[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: Math.floor(buffer.length / RECORD_BYTES) }, (_, index) => {
    const offset = index * RECORD_BYTES;
    const flags = buffer.readUInt8(offset + 16);
    return {
      spanId: buffer.toString("hex", offset, offset + 8),
      parentSpanId: (flags & HAS_PARENT) === 0 ? null : buffer.toString("hex", offset + 8, offset + 16),
      ended: (flags & ENDED) !== 0,
      completes: (flags & COMPLETES) !== 0,
    };
  });
}
