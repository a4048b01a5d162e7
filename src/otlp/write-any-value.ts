import type { JsonValue } from "../core/json.ts";
import type { WireWriter } from "./wire-writer.ts";

/** A number that must be written as an OTLP double even when it is whole; see {@link double}. */
export class Double {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** An attribute value to write. Whole numbers become OTLP integers unless wrapped by {@link double}. */
export type AttributeValue = JsonValue | Double;

/** Attributes to write. */
export type AttributeInput = { readonly [key: string]: AttributeValue };

/** Marks a number as a double, for attributes such as scores that are sometimes 0 or 1. */
export function double(value: number): Double {
  return new Double(value);
}

/** Writes attributes as repeated `KeyValue` messages in the given field. */
export function writeAttributes(writer: WireWriter, field: number, attributes: AttributeInput): void {
  for (const [key, value] of Object.entries(attributes)) {
    writer.message(field, () => {
      writer.string(1, key);
      writer.message(2, () => writeValue(writer, value));
    });
  }
}

function writeValue(writer: WireWriter, value: AttributeValue): void {
  if (typeof value === "string") writer.string(1, value);
  else if (typeof value === "boolean") writer.varint(2, value ? 1 : 0);
  else if (typeof value === "number") {
    if (Number.isSafeInteger(value)) writer.int64(3, value);
    else writer.double(4, value);
  } else if (value instanceof Double) writer.double(4, value.value);
  else if (Array.isArray(value)) {
    writer.message(5, () => {
      for (const item of value) writer.message(1, () => writeValue(writer, item));
    });
  } else if (value !== null) writer.message(6, () => writeAttributes(writer, 1, value));
}
