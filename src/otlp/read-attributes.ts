import type { JsonValue } from "../core/json.ts";
import type { Attributes } from "../core/span.ts";
import { readAnyValue } from "./any-value.ts";
import { createAttributes, type OpenAttributes, setLongTexts } from "./attribute-map.ts";
import { LONG_TEXT, LongText } from "./long-text.ts";
import type { ShortTexts } from "./short-texts.ts";
import { WireReader } from "./wire-reader.ts";

/** Reads the attributes of a message: its `KeyValue` fields of one number. Long texts are left as bytes. */
export function readAttributes(message: WireReader, field: number, texts: ShortTexts): Attributes {
  const attributes = createAttributes();
  const long = new Map<string, LongText>();
  const pair = new WireReader(message.bytes);
  const value = new WireReader(message.bytes);
  while (message.next()) {
    if (!message.isLengthDelimited(field)) continue;
    pair.enter(message);
    readAttribute(pair, value, texts, attributes, long);
  }
  if (long.size > 0) setLongTexts(attributes, long);
  return attributes;
}

/** Reads a pair; a later value of the same key wins. `inner` is a reader to be used for the value. */
function readAttribute(
  pair: WireReader,
  inner: WireReader,
  texts: ShortTexts,
  target: OpenAttributes,
  long: Map<string, LongText>,
): void {
  let key = "";
  let value: JsonValue | LongText = null;
  while (pair.next()) {
    if (pair.isLengthDelimited(1)) key = texts.read(pair.valueStart, pair.valueEnd);
    else if (pair.isLengthDelimited(2)) {
      inner.enter(pair);
      value = readText(inner, texts) ?? readAnyValue(pair.nested());
    }
  }
  if (value instanceof LongText) {
    long.set(key, value);
    // Keeps its place in the order.
    target[key] = null;
  } else {
    if (long.size > 0) long.delete(key);
    target[key] = value;
  }
}

/** An `AnyValue` that is one text; undefined for all others. */
function readText(value: WireReader, texts: ShortTexts): string | LongText | undefined {
  if (!value.next() || !value.isLengthDelimited(1) || value.position < value.end) return undefined;
  const { bytes, valueStart, valueEnd } = value;
  if (valueEnd - valueStart < LONG_TEXT) return texts.read(valueStart, valueEnd);
  return new LongText(bytes, valueStart, valueEnd);
}
