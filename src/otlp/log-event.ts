import { createHash } from "node:crypto";

import { millisecondsOf } from "./nanoseconds.ts";
import { WireReader, wireTypes } from "./wire-reader.ts";
import type { WireWriter } from "./wire-writer.ts";

/**
 * First bytes of a span event that came as a log record: field 1000, set to 1. The field is none of OTLP's, so
 * that every other reader skips it; we know by it which events a span was given later, and may merge them again.
 */
const MARK = Buffer.from([0xc0, 0x3e, 0x01]);

/** Writes the mark; has to be the first field of the event. */
export function markLogEvent(event: WireWriter): void {
  event.raw(MARK);
}

/** True for the span event between two offsets when it came as a log record. */
export function isLogEvent(bytes: Uint8Array, start: number, end: number): boolean {
  return (
    end - start >= MARK.length &&
    bytes[start] === MARK[0] &&
    bytes[start + 1] === MARK[1] &&
    bytes[start + 2] === MARK[2]
  );
}

/** What a log record is known by: 16 hex digits of a hash over its span and its event. */
export function logEventKey(spanId: string, event: Uint8Array): string {
  return createHash("sha256").update(spanId).update(event).digest("hex").slice(0, 16);
}

/** The log events of one span out of several chunks: each once, by time, then in order of arrival. */
export class LogEvents {
  readonly #events = new Map<string, { readonly time: number; readonly event: Uint8Array }>();

  /** Adds those of a span that lies between two offsets. */
  addFrom(bytes: Buffer, start: number, end: number): void {
    const reader = new WireReader(bytes, start, end);
    while (reader.next()) {
      if (!reader.isLengthDelimited(11) || !isLogEvent(bytes, reader.valueStart, reader.valueEnd)) continue;
      const event = bytes.subarray(reader.valueStart, reader.valueEnd);
      const key = logEventKey("", event);
      if (!this.#events.has(key)) this.#events.set(key, { time: timeOf(reader.nested()), event });
    }
  }

  /** Writes them as events of a span. */
  write(span: WireWriter): void {
    const events = [...this.#events.values()].sort((one, other) => one.time - other.time);
    for (const { event } of events) span.bytes(11, event);
  }
}

/** Writes all fields of a span but its log events. */
export function writeWithoutLogEvents(writer: WireWriter, bytes: Buffer, start: number, end: number): void {
  const reader = new WireReader(bytes, start, end);
  while (reader.next()) {
    if (reader.isLengthDelimited(11) && isLogEvent(bytes, reader.valueStart, reader.valueEnd)) continue;
    writer.raw(bytes, reader.fieldStart, reader.valueEnd);
  }
}

function timeOf(event: WireReader): number {
  while (event.next()) {
    if (event.field === 1 && event.wireType === wireTypes.fixed64)
      return millisecondsOf(event.low, event.high);
  }
  return 0;
}
