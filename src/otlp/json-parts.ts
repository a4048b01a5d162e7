import { TracegateError } from "../core/errors.ts";
import type { JsonValue } from "../core/json.ts";
import { MAX_VALUE_DEPTH } from "./any-value.ts";
import { JsonCursor } from "./json-cursor.ts";
import type { WireWriter } from "./wire-writer.ts";

/**
 * The root of an OTLP/JSON document.
 *
 * @throws TracegateError `bad-input` when it is not JSON, or not an object.
 */
export function parseOtlpJson(text: string): JsonCursor {
  const root = new JsonCursor(parse(text));
  root.requireObject();
  return root;
}

function parse(text: string): JsonValue {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    throw new TracegateError("bad-input", `Not JSON: ${detail}. Send OTLP/JSON.`, { cause });
  }
}

/** The `resource` of a group of spans or log records, in field 1. */
export function writeResource(writer: WireWriter, source: JsonCursor): void {
  source.member("resource", (resource) => {
    writer.message(1, () => {
      writeAttributes(writer, 1, resource);
      writeCount(writer, 2, resource, "droppedAttributesCount");
    });
  });
}

/** The `scope` of a group of spans or log records, in field 1. */
export function writeScope(writer: WireWriter, source: JsonCursor): void {
  source.member("scope", (scope) => {
    writer.message(1, () => {
      writeText(writer, 1, scope, "name");
      writeText(writer, 2, scope, "version");
      writeAttributes(writer, 3, scope);
    });
  });
}

/** Writes the `attributes` of an object as repeated `KeyValue` messages in the given field. */
export function writeAttributes(writer: WireWriter, field: number, source: JsonCursor): void {
  source.each("attributes", (attribute) => {
    writer.message(field, () => writeKeyValue(writer, attribute, 0));
  });
}

function writeKeyValue(writer: WireWriter, source: JsonCursor, depth: number): void {
  writeText(writer, 1, source, "key");
  source.member("value", (value) => writer.message(2, () => writeValue(writer, value, depth)));
}

/** AnyValue: the first variant that is there; none is null. */
export function writeValue(writer: WireWriter, source: JsonCursor, depth = 0): void {
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

/** A text member, where it is there. */
export function writeText(writer: WireWriter, field: number, source: JsonCursor, key: string): void {
  source.member(key, (value) => writer.string(field, value.text()));
}

/** A trace or span id. */
export function writeId(writer: WireWriter, field: number, source: JsonCursor, key: string): void {
  source.member(key, (value) => writer.bytes(field, value.id()));
}

/** A time in Unix nanoseconds. */
export function writeTime(writer: WireWriter, field: number, source: JsonCursor, key: string): void {
  source.member(key, (value) => writer.fixed64(field, value.nanoseconds()));
}

/** An unsigned number of 32 bits. */
export function writeCount(writer: WireWriter, field: number, source: JsonCursor, key: string): void {
  source.member(key, (value) => writer.varint(field, value.count()));
}
