import type { JsonValue } from "../core/json.ts";
import type { Attributes } from "../core/span.ts";
import { readAnyValue } from "./any-value.ts";
import { createAttributes, setLongTexts } from "./attribute-map.ts";
import { LONG_TEXT, LongText } from "./long-text.ts";
import type { RepeatedBytes } from "./repeated-bytes.ts";
import type { WireReader } from "./wire-reader.ts";

/** One `KeyValue`. */
export interface Attribute {
  readonly key: string;
  readonly value: JsonValue | LongText;
}

/**
 * Reads the attributes of a message: its `KeyValue` fields of one number, of which a later one of the same key
 * wins. Long texts are left as bytes.
 */
export function readAttributes(
  message: WireReader,
  field: number,
  known: RepeatedBytes<Attribute>,
): Attributes {
  const attributes = createAttributes();
  let long: Map<string, LongText> | undefined;
  while (message.next()) {
    if (!message.isLengthDelimited(field)) continue;
    const { key, value } = known.read(message.valueStart, message.valueEnd);
    if (value instanceof LongText) {
      long ??= new Map();
      long.set(key, value);
      // Keeps its place in the order.
      attributes[key] = null;
    } else {
      long?.delete(key);
      attributes[key] = value;
    }
  }
  if (long) setLongTexts(attributes, long);
  return attributes;
}

/** Reads a `KeyValue`. `inner` is a reader of the same bytes, to be used for the value. */
export function readAttribute(pair: WireReader, inner: WireReader, names: RepeatedBytes<string>): Attribute {
  let key = "";
  let value: JsonValue | LongText = null;
  while (pair.next()) {
    if (pair.isLengthDelimited(1)) key = names.read(pair.valueStart, pair.valueEnd);
    else if (pair.isLengthDelimited(2)) {
      inner.goTo(pair.valueStart, pair.valueEnd);
      value = readText(inner) ?? readAnyValue(pair.nested());
    }
  }
  return { key, value };
}

/** An `AnyValue` that is one text; undefined for all others. */
function readText(value: WireReader): string | LongText | undefined {
  if (!value.next() || !value.isLengthDelimited(1) || value.position < value.end) return undefined;
  const { bytes, valueStart, valueEnd } = value;
  return valueEnd - valueStart < LONG_TEXT ? value.text() : new LongText(bytes, valueStart, valueEnd);
}
