import { contentHash } from "../core/ids.ts";
import { isObject, type JsonValue, parseJson } from "../core/json.ts";

/** A result with one value in it changed, and which. */
export interface WrongResult {
  readonly result: JsonValue;
  /** E.g. `eta: 2026-11-12 → 2026-11-17`. */
  readonly change: string;
}

type Path = readonly (string | number)[];
interface Leaf {
  readonly path: Path;
  readonly value: JsonValue;
}

/**
 * The same result with one number, date or id in it replaced by a plausible other one: which and by what follows
 * from `seed` alone. `field`: the last name on the path of the value to change, e.g. `eta`. Null when it holds
 * nothing of the kind.
 */
export function makeWrong(result: JsonValue, seed: string, field?: string): WrongResult | null {
  const parsed = typeof result === "string" ? parseJson(result) : undefined;
  if (isObject(parsed) || Array.isArray(parsed)) {
    const inner = makeWrong(parsed, seed, field);
    return inner && { ...inner, result: JSON.stringify(inner.result) };
  }
  const candidates = leavesOf(result, []).filter(
    ({ path, value }) =>
      (field === undefined || path.findLast((key) => typeof key === "string") === field) &&
      otherValue(value, 1) !== null,
  );
  const number = Number.parseInt(contentHash(seed, 12), 16);
  const chosen = candidates[number % candidates.length];
  if (chosen === undefined) return null;
  const other = otherValue(chosen.value, 1 + (number % 7));
  if (other === null) return null;
  const name = chosen.path.join(".") || "the result";
  return {
    result: withValue(result, chosen.path, other),
    change: `${name}: ${String(chosen.value)} → ${String(other)}`,
  };
}

function leavesOf(value: JsonValue, path: Path): readonly Leaf[] {
  if (Array.isArray(value)) return value.flatMap((inner, index) => leavesOf(inner, [...path, index]));
  if (isObject(value))
    return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
  return [{ path, value }];
}

/** `step`: 1 to 7, so a changed digit, day or amount is never the one before. */
function otherValue(value: JsonValue, step: number): JsonValue | null {
  if (typeof value === "number") {
    const other = Number.isInteger(value) ? value + step : Math.round(value * (100 + 5 * step)) / 100;
    return other === value ? value + step : other;
  }
  if (typeof value !== "string") return null;
  const date = DATE.exec(value)?.[0];
  if (date !== undefined) return value.replace(date, laterDay(date, step));
  const digits = DIGITS.exec(value);
  if (digits === null) return null;
  const last = digits.index + digits[0].length - 1;
  const digit = (Number(value[last]) + step) % 10;
  return value.slice(0, last) + String(digit) + value.slice(last + 1);
}

const DATE = /\b\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\b/;
const DIGITS = /\d+/;

function laterDay(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

function withValue(value: JsonValue, [key, ...rest]: Path, other: JsonValue): JsonValue {
  if (key === undefined) return other;
  if (Array.isArray(value)) {
    return value.map((inner, index) => (index === key ? withValue(inner, rest, other) : inner));
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      name === key ? withValue(inner, rest, other) : inner,
    ]),
  );
}
