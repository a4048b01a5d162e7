import { isObject, type JsonObject, type JsonValue } from "../core/json.ts";
import { unpackJson } from "./messages/shape.ts";

/** The object in a value or in its JSON text; an empty one when there is none. */
export function objectOf(value: JsonValue | undefined): JsonObject {
  const unpacked = value === undefined ? undefined : unpackJson(value);
  return isObject(unpacked) ? unpacked : {};
}
