import { isObject, type JsonValue } from "../../core/json.ts";

/**
 * The texts and numbers of a JSON value, as text, in no particular order. Walks without recursion, because
 * the depth of a hostile value is not ours to choose.
 */
export function jsonLeaves(value: JsonValue, withKeys = false): readonly string[] {
  const found: string[] = [];
  const open: JsonValue[] = [value];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (typeof next === "string" || typeof next === "number") found.push(String(next));
    else if (Array.isArray(next)) for (const inner of next) open.push(inner);
    else if (isObject(next)) {
      for (const [key, inner] of Object.entries(next)) {
        if (withKeys) found.push(key);
        open.push(inner);
      }
    }
  }
  return found;
}
