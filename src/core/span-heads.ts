import type { TraceFragment } from "./span.ts";

const RECORD_BYTES = 17;
const ENDED = 1;
const HAS_PARENT = 2;
const COMPLETES = 4;

/** Not a span but a log record: its key stands for the span id, the id of its span for the parent's. */
const IS_RECORD = 8;

/** Neither: the rest of the bytes is the service of the spans, as UTF-8. */
const IS_SERVICE = 16;

/** The part of a span's head that the completion protocol needs; times are not kept. */
export interface ArrivedSpan {
  readonly kind: "span";
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly completes: boolean;
  readonly ended: boolean;
}

/** A log record that belongs to a span. */
export interface ArrivedRecord {
  readonly kind: "record";
  readonly key: string;
  readonly spanId: string;
}

/** What {@link encodeHeads} keeps of a fragment. */
export interface ArrivedHeads {
  readonly arrived: readonly (ArrivedSpan | ArrivedRecord)[];
  /** `TraceFragment.service`. */
  readonly service: string | null;
}

/**
 * What the index is rebuilt from: 17 bytes per span (id, parent id, flags) or log record (key, span id,
 * flags), so that no body is read for it.
 */
export function encodeHeads(fragment: Pick<TraceFragment, "heads" | "records" | "service">): Uint8Array {
  const { heads, records = [], service } = fragment;
  const bytes = Buffer.alloc((heads.length + records.length) * RECORD_BYTES);
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
  records.forEach(({ key, spanId }, index) => {
    const offset = (heads.length + index) * RECORD_BYTES;
    bytes.write(key, offset, 8, "hex");
    bytes.write(spanId, offset + 8, 8, "hex");
    bytes.writeUInt8(IS_RECORD, offset + 16);
  });
  if (service === undefined) return bytes;
  const mark = Buffer.alloc(RECORD_BYTES);
  mark.writeUInt8(IS_SERVICE, RECORD_BYTES - 1);
  return Buffer.concat([bytes, mark, Buffer.from(service)]);
}

/** Reads what {@link encodeHeads} wrote. */
export function decodeHeads(bytes: Uint8Array): ArrivedHeads {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const arrived: (ArrivedSpan | ArrivedRecord)[] = [];
  for (let offset = 0; offset + RECORD_BYTES <= buffer.length; offset += RECORD_BYTES) {
    const flags = buffer.readUInt8(offset + 16);
    if ((flags & IS_SERVICE) !== 0)
      return { arrived, service: buffer.toString("utf8", offset + RECORD_BYTES) };
    const first = buffer.toString("hex", offset, offset + 8);
    const second = buffer.toString("hex", offset + 8, offset + 16);
    if ((flags & IS_RECORD) !== 0) arrived.push({ kind: "record", key: first, spanId: second });
    else {
      arrived.push({
        kind: "span",
        spanId: first,
        parentSpanId: (flags & HAS_PARENT) === 0 ? null : second,
        ended: (flags & ENDED) !== 0,
        completes: (flags & COMPLETES) !== 0,
      });
    }
  }
  return { arrived, service: null };
}
