import type { JsonValue } from "../core/json.ts";
import { personalRules } from "./personal-rules.ts";

/** How often each rule replaced something. */
export type Redactions = { readonly [rule: string]: number };

/**
 * Replaces personal data by marks such as `[email-1]`. Within one redactor the same value gets the same
 * mark, so that a case and its recording still fit together; nothing leads back from the mark.
 */
export interface Redactor {
  /** A copy of any JSON value with its texts redacted; keys and numbers stay. */
  redact(value: JsonValue): JsonValue;
  /** One text. `key`: the JSON key it stands under, which some rules look at. */
  redactText(text: string, key?: string): string;
  /** Everything replaced so far, rules in alphabetical order. */
  counts(): Redactions;
}

/** A redactor for one case. Marks count up in the order in which values are met. */
export function makeRedactor(): Redactor {
  const marks = new Map<string, string>();
  const kinds = new Map<string, number>();
  const counts = new Map<string, number>();

  const markFor = (rule: string, value: string): string => {
    counts.set(rule, (counts.get(rule) ?? 0) + 1);
    const known = marks.get(`${rule} ${value}`);
    if (known !== undefined) return known;
    const number = (kinds.get(rule) ?? 0) + 1;
    kinds.set(rule, number);
    const mark = `[${rule}-${number}]`;
    marks.set(`${rule} ${value}`, mark);
    return mark;
  };
  const redactText = (text: string, key = "") => replacePersonal(text, key, markFor);
  const redact = (value: JsonValue, key = ""): JsonValue => {
    if (typeof value === "string") return redactText(value, key);
    if (Array.isArray(value)) return value.map((inner) => redact(inner, key));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, redact(inner, name)]));
  };
  return {
    redact: (value) => redact(value),
    redactText,
    counts: () => Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function replacePersonal(
  text: string,
  key: string,
  markFor: (rule: string, value: string) => string,
): string {
  if (/^pass(?:word|wd|code|phrase)?$/i.test(key) && text !== "") return markFor("password", text);
  return personalRules.reduce((current, { id, pattern, accepts }) => {
    if (!/[@\d]/.test(current)) return current;
    return current.replace(pattern, (match: string, ...rest: unknown[]) => {
      const offset = rest.find((item) => typeof item === "number") ?? 0;
      const before = current.slice(Math.max(0, offset - 60), offset);
      return accepts(match, before, key) ? markFor(id, match) : match;
    });
  }, text);
}
