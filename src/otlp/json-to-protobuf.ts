import { TracegateError } from "../core/errors.ts";
import type { JsonValue } from "../core/json.ts";
import { MAX_VALUE_DEPTH } from "./any-value.ts";
import { JsonCursor } from "./json-cursor.ts";
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
  const root = new JsonCursor(parse(text));
  root.requireObject();
  root.each("resourceSpans", (resourceSpans) => {
    writer.message(1, () => writeResourceSpans(writer, resourceSpans));
  });
  return writer.finish();
}

function parse(text: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new TracegateError("bad-input", `Not JSON: ${detail}. Send OTLP/JSON.`, { cause });
  }
}

function writeResourceSpans(writer: WireWriter, source: JsonCursor): void {
  source.member("resource", (resource) => {
    writer.message(1, () => {
      writeAttributes(writer, 1, resource);
      writeCount(writer, 2, resource, "droppedAttributesCount");
    });
  });
  source.each("scopeSpans", (scopeSpans) => writer.message(2, () => writeScopeSpans(writer, scopeSpans)));
  writeText(writer, 3, source, "schemaUrl");
}

function writeScopeSpans(writer: WireWriter, source: JsonCursor): void {
  source.member("scope", (scope) => {
    writer.message(1, () => {
      writeText(writer, 1, scope, "name");
      writeText(writer, 2, scope, "version");
      writeAttributes(writer, 3, scope);
    });
  });
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

function writeAttributes(writer: WireWriter, field: number, source: JsonCursor): void {
  source.each("attributes", (attribute) => {
    writer.message(field, () => writeKeyValue(writer, attribute, 0));
  });
}

function writeKeyValue(writer: WireWriter, source: JsonCursor, depth: number): void {
  writeText(writer, 1, source, "key");
  source.member("value", (value) => writer.message(2, () => writeValue(writer, value, depth)));
}

/** AnyValue: the first variant that is there; none is null. */
function writeValue(writer: WireWriter, source: JsonCursor, depth: number): void {
  if (depth > MAX_VALUE_DEPTH) source.fail(`nested deeper than ${MAX_VALUE_DEPTH} levels`);
  source.member("stringValue", (value) => writer.string(1, value.text()));
  source.member("boolValue", (value) => writer.varint(2, value.boolean() ? 1 : 0));
  source.member("intValue", (value) => writer.int64(3, value.integer()));
  source.member("doubleValue", (value) => writer.double(4, value.number()));
  source.member("arrayValue", (array) => {
    writer.message(5, () => {
      array.each(
        "values",
        (item) => writer.message(1, () => writeValue(writer, item, depth + 1)),
        "keep nulls",
      );
    });
  });
  source.member("kvlistValue", (list) => {
    writer.message(6, () => {
      list.each("values", (item) => writer.message(1, () => writeKeyValue(writer, item, depth + 1)));
    });
  });
  source.member("bytesValue", (value) => writer.bytes(7, value.base64()));
}

function writeText(writer: WireWriter, field: number, source: JsonCursor, key: string): void {
  source.member(key, (value) => writer.string(field, value.text()));
}

function writeId(writer: WireWriter, field: number, source: JsonCursor, key: string): void {
  source.member(key, (value) => writer.bytes(field, value.id()));
}

function writeTime(writer: WireWriter, field: number, source: JsonCursor, key: string): void {
  source.member(key, (value) => writer.fixed64(field, value.nanoseconds()));
}

function writeCount(writer: WireWriter, field: number, source: JsonCursor, key: string): void {
  source.member(key, (value) => writer.varint(field, value.count()));
}
