import type { JsonValue } from "../core/json.ts";

/** A recorded value as text: a text as it is, everything else as JSON. */
export function jsonText(value: JsonValue): string {
  if (typeof value === "string") return value;
  try {
    return JSON.stringify(value);
  } catch {
    // Only a value nested thousands of levels deep cannot be written.
    return "(nested too deeply to be shown)";
  }
}
