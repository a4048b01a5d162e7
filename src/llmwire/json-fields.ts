import { isObject, type JsonObject, type JsonValue } from "../core/json.ts";

/** The field when it is a string. */
export function stringField(object: JsonObject, key: string): string | undefined {
  const value = object[key];
  return typeof value === "string" ? value : undefined;
}

/** The field when it is a number. */
export function numberField(object: JsonObject, key: string): number | undefined {
  const value = object[key];
  return typeof value === "number" ? value : undefined;
}

/** The field when it is an object. */
export function objectField(object: JsonObject, key: string): JsonObject | undefined {
  const value = object[key];
  return isObject(value) ? value : undefined;
}

/** The objects of a field that is a list; other elements are left out. */
export function objectsField(object: JsonObject, key: string): readonly JsonObject[] {
  const value: JsonValue | undefined = object[key];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** `{ [key]: value }`, or nothing when the value is undefined: for optional fields under exact types. */
export function optional<Key extends string, Value>(
  key: Key,
  value: Value | undefined,
): { [K in Key]?: Value } {
  const field: { [K in Key]?: Value } = {};
  if (value !== undefined) field[key] = value;
  return field;
}
