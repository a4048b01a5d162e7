import { isEmpty } from "./attribute-reader.ts";
import type { SpanFields } from "./span-fields.ts";

type OpenFields = { -readonly [Key in keyof SpanFields]: SpanFields[Key] };

/** Fields that are objects of their own and are merged member by member. */
const NESTED = new Set<keyof SpanFields>([
  "parameters",
  "usage",
  "prompt",
  "tool",
  "retrieval",
  "memory",
  "agent",
]);

/** Merges partial spans, earlier ones first: the first value that is not empty wins, field by field. */
export function mergeFields(parts: readonly SpanFields[]): SpanFields {
  const [first, second] = parts;
  if (second === undefined) return first ?? {};
  const merged: OpenFields = { ...first };
  for (const part of parts.slice(1)) {
    for (const key of keysOf(part)) fill(merged, part, key);
  }
  const used = new Set<string>(parts.flatMap((part) => [...(part.used ?? [])]));
  const annotations = parts.flatMap((part) => part.annotations ?? []);
  return { ...merged, used, ...(annotations.length > 0 ? { annotations } : {}) };
}

function keysOf(part: SpanFields): (keyof SpanFields)[] {
  // Object.keys forgets the type; a SpanFields literal has no other keys.
  return Object.keys(part) as (keyof SpanFields)[];
}

function fill<Key extends keyof SpanFields>(target: OpenFields, source: SpanFields, key: Key): void {
  const before = target[key];
  const value = source[key];
  if (value === undefined) return;
  if (before === undefined || (isEmpty(before) && !isEmpty(value))) target[key] = value;
  else if (NESTED.has(key)) target[key] = fillMembers(before, value);
}

function fillMembers<Value>(before: Value, value: Value): Value {
  const merged: Value = { ...value, ...before };
  for (const name in value) {
    if (isEmpty(merged[name]) && !isEmpty(value[name])) merged[name] = value[name];
  }
  return merged;
}
