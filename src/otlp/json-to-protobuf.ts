import type { JsonCursor } from "./json-cursor.ts";
import {
  parseOtlpJson,
  writeAttributes,
  writeCount,
  writeId,
  writeResource,
  writeScope,
  writeText,
  writeTime,
} from "./json-parts.ts";
import { SPAN_KINDS, STATUS_CODES } from "./lazy-span.ts";
import { WireWriter } from "./wire-writer.ts";

/**
 * OTLP/JSON as the wild sends it, in protobuf: ids in hex of either case (or in base64, as generic
 * protobuf libraries write them), 64-bit numbers as text or number, enums as number or name, `NaN` and
 * `Infinity`, snake_case keys, nulls for absent. Unknown fields are ignored.
 *
 * @throws TracegateError `bad-input` with the path of the wrong value, e.g.
 * `resourceSpans[0].scopeSpans[0].spans[3].traceId`.
 */
export function jsonToProtobuf(text: string): Uint8Array {
  const writer = new WireWriter();
  parseOtlpJson(text).each("resourceSpans", (resourceSpans) => {
    writer.message(1, () => writeResourceSpans(writer, resourceSpans));
  });
  return writer.finish();
}

function writeResourceSpans(writer: WireWriter, source: JsonCursor): void {
  writeResource(writer, source);
  source.each("scopeSpans", (scopeSpans) => writer.message(2, () => writeScopeSpans(writer, scopeSpans)));
  writeText(writer, 3, source, "schemaUrl");
}

function writeScopeSpans(writer: WireWriter, source: JsonCursor): void {
  writeScope(writer, source);
  source.each("spans", (span) => writer.message(2, () => writeSpan(writer, span)));
  writeText(writer, 3, source, "schemaUrl");
}

function writeSpan(writer: WireWriter, span: JsonCursor): void {
  writeId(writer, 1, span, "traceId");
  writeId(writer, 2, span, "spanId");
  writeText(writer, 3, span, "traceState");
  writeId(writer, 4, span, "parentSpanId");
  writeText(writer, 5, span, "name");
  span.member("kind", (kind) => writer.varint(6, kind.enumeration(SPAN_KINDS, "SPAN_KIND_")));
  writeTime(writer, 7, span, "startTimeUnixNano");
  writeTime(writer, 8, span, "endTimeUnixNano");
  writeAttributes(writer, 9, span);
  writeCount(writer, 10, span, "droppedAttributesCount");
  span.each("events", (event) => {
    writer.message(11, () => {
      writeTime(writer, 1, event, "timeUnixNano");
      writeText(writer, 2, event, "name");
      writeAttributes(writer, 3, event);
    });
  });
  writeCount(writer, 12, span, "droppedEventsCount");
  span.each("links", (link) => writer.message(13, () => writeLink(writer, link)));
  writeCount(writer, 14, span, "droppedLinksCount");
  span.member("status", (status) => {
    writer.message(15, () => {
      writeText(writer, 2, status, "message");
      status.member("code", (code) => writer.varint(3, code.enumeration(STATUS_CODES, "STATUS_CODE_")));
    });
  });
  span.member("flags", (flags) => writer.fixed32(16, flags.count()));
}

function writeLink(writer: WireWriter, link: JsonCursor): void {
  writeId(writer, 1, link, "traceId");
  writeId(writer, 2, link, "spanId");
  writeText(writer, 3, link, "traceState");
  writeAttributes(writer, 4, link);
}
