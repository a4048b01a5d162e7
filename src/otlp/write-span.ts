import type { Span, SpanEvent } from "../core/span.ts";
import { SPAN_KINDS, STATUS_CODES } from "./lazy-span.ts";
import { nanosecondsOf } from "./nanoseconds.ts";
import type { WireWriter } from "./wire-writer.ts";
import { type AttributeInput, writeAttributes } from "./write-any-value.ts";

/** A span event to write. */
export interface EventInput extends Pick<SpanEvent, "name" | "time"> {
  readonly attributes?: AttributeInput;
}

/** A span to write: core's `Span` fits, and everything but ids, name and times may be left out. */
export interface SpanInput
  extends Pick<Span, "traceId" | "spanId" | "name" | "startTime" | "endTime">,
    Partial<Pick<Span, "parentSpanId" | "kind" | "status" | "flags" | "droppedAttributes">> {
  readonly attributes?: AttributeInput;
  readonly events?: readonly EventInput[];
  readonly links?: readonly {
    readonly traceId: string;
    readonly spanId: string;
    readonly attributes?: AttributeInput;
  }[];
}

/** Writes the fields of one span. */
export function writeSpan(writer: WireWriter, span: SpanInput): void {
  writer.bytes(1, Buffer.from(span.traceId, "hex"));
  writer.bytes(2, Buffer.from(span.spanId, "hex"));
  if (span.parentSpanId) writer.bytes(4, Buffer.from(span.parentSpanId, "hex"));
  writer.string(5, span.name);
  writer.varint(6, SPAN_KINDS.indexOf(span.kind ?? "internal"));
  writer.fixed64(7, nanosecondsOf(span.startTime));
  if (span.endTime > 0) writer.fixed64(8, nanosecondsOf(span.endTime));
  writeAttributes(writer, 9, span.attributes ?? {});
  if (span.droppedAttributes) writer.varint(10, span.droppedAttributes);
  for (const event of span.events ?? []) writeEvent(writer, 11, event);
  for (const link of span.links ?? []) {
    writer.message(13, () => {
      writer.bytes(1, Buffer.from(link.traceId, "hex"));
      writer.bytes(2, Buffer.from(link.spanId, "hex"));
      writeAttributes(writer, 4, link.attributes ?? {});
    });
  }
  const { status } = span;
  if (status && (status.code !== "unset" || status.message)) {
    writer.message(15, () => {
      if (status.message) writer.string(2, status.message);
      writer.varint(3, STATUS_CODES.indexOf(status.code));
    });
  }
  if (span.flags) writer.fixed32(16, span.flags);
}

/** Writes one span event in the given field of a span. */
export function writeEvent(writer: WireWriter, field: number, event: EventInput): void {
  writer.message(field, () => {
    writer.fixed64(1, nanosecondsOf(event.time));
    writer.string(2, event.name);
    writeAttributes(writer, 3, event.attributes ?? {});
  });
}
