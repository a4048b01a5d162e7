import type { JsonValue } from "../core/json.ts";
import { badBytes, type WireReader, wireTypes } from "./wire-reader.ts";

/** Nesting of arrays and maps inside one attribute value that we are willing to follow. */
export const MAX_VALUE_DEPTH = 64;

const TWO_TO_32 = 4_294_967_296;
const BEYOND_SAFE_HIGH = 0x200000;

/** A map under construction. */
type OpenAttributes = { [key: string]: JsonValue };

/** Reads one `KeyValue` message into `target`; a later value of the same key wins. */
export function readKeyValue(reader: WireReader, target: OpenAttributes, depth = 0): void {
  let key = "";
  let value: JsonValue = null;
  while (reader.next()) {
    if (reader.isLengthDelimited(1)) key = reader.text();
    else if (reader.isLengthDelimited(2)) value = readAnyValue(reader.nested(), depth);
  }
  setOwn(target, key, value);
}

/** Reads one `AnyValue` message. A message without a value is null; bytes become base64. */
export function readAnyValue(reader: WireReader, depth = 0): JsonValue {
  if (depth > MAX_VALUE_DEPTH) {
    throw badBytes(`an attribute value nested deeper than ${MAX_VALUE_DEPTH} levels`, reader.position);
  }
  let value: JsonValue = null;
  while (reader.next()) {
    const read = readVariant(reader, depth);
    if (read !== undefined) value = read;
  }
  return value;
}

/** The current field of an AnyValue; undefined for a field we do not know. */
function readVariant(reader: WireReader, depth: number): JsonValue | undefined {
  const { field, wireType } = reader;
  if (wireType === wireTypes.lengthDelimited) {
    if (field === 1) return reader.text();
    if (field === 5) return readArray(reader.nested(), depth);
    if (field === 6) return readMap(reader.nested(), depth);
    if (field === 7) return reader.bytes.toString("base64", reader.valueStart, reader.valueEnd);
  }
  if (wireType === wireTypes.varint) {
    if (field === 2) return reader.low !== 0 || reader.high !== 0;
    if (field === 3) return signedInteger(reader.low, reader.high);
  }
  if (wireType === wireTypes.fixed64 && field === 4) return readDouble(reader);
  return undefined;
}

function readArray(reader: WireReader, depth: number): JsonValue[] {
  const values: JsonValue[] = [];
  while (reader.next()) {
    if (reader.isLengthDelimited(1)) values.push(readAnyValue(reader.nested(), depth + 1));
  }
  return values;
}

function readMap(reader: WireReader, depth: number): OpenAttributes {
  const map: OpenAttributes = {};
  while (reader.next()) {
    if (reader.isLengthDelimited(1)) readKeyValue(reader.nested(), map, depth + 1);
  }
  return map;
}

/** NaN and the infinities are no JSON numbers; OTLP/JSON spells them as strings, and so do we. */
function readDouble(reader: WireReader): JsonValue {
  const value = reader.bytes.readDoubleLE(reader.valueStart);
  return Number.isFinite(value) ? value : String(value);
}

/** An int64 from its halves; beyond 2^53 the decimal string. */
function signedInteger(low: number, high: number): number | string {
  if (high < BEYOND_SAFE_HIGH) return high * TWO_TO_32 + low;
  const value = BigInt.asIntN(64, (BigInt(high) << 32n) | BigInt(low));
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : value.toString();
}

/** `__proto__` is a legal attribute key and must not become the prototype. */
function setOwn(target: OpenAttributes, key: string, value: JsonValue): void {
  if (key === "__proto__") {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else target[key] = value;
}
