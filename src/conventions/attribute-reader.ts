import { type JsonValue, parseJson } from "../core/json.ts";
import type { Attributes } from "../core/span.ts";
import { longTextsOf } from "../otlp/attribute-map.ts";
import type { LongText } from "../otlp/long-text.ts";

/**
 * Reads attributes by precedence and remembers which were read, so that the rest can be shown as not
 * understood. Of several keys the first that is not empty wins; when all are empty, the first that is
 * there. All keys asked for count as read.
 */
export class AttributeReader {
  readonly used = new Set<string>();
  private readonly attributes: Attributes;
  private readonly longTexts: ReadonlyMap<string, LongText> | undefined;

  constructor(attributes: Attributes) {
    this.attributes = attributes;
    this.longTexts = longTextsOf(attributes);
  }

  value(...keys: readonly string[]): JsonValue | undefined {
    const [only] = keys;
    if (keys.length === 1 && only !== undefined) return this.at(only);
    let first: JsonValue | undefined;
    let found: JsonValue | undefined;
    for (const key of keys) {
      const value = this.at(key);
      if (value === undefined) continue;
      if (found === undefined && !isEmpty(value)) found = value;
      first ??= value;
    }
    return found ?? first;
  }

  private at(key: string): JsonValue | undefined {
    const value = this.attributes[key];
    if (value !== undefined) this.used.add(key);
    return value;
  }

  /** The same, but a long text stays as it was sent: for what {@link ReadingScope} reads. */
  content(...keys: readonly string[]): JsonValue | LongText | undefined {
    let found: JsonValue | LongText | undefined;
    for (const key of keys) {
      const long = this.longTexts?.get(key);
      if (long === undefined) {
        const value = this.value(key);
        if (found === undefined || isEmpty(found)) found = isEmpty(value) ? (found ?? value) : value;
      } else {
        this.used.add(key);
        if (found === undefined || isEmpty(found)) found = long;
      }
    }
    return found;
  }

  /** A text, also where the sender wrote a number or boolean. Empty texts count as absent. */
  name(...keys: readonly string[]): string | undefined {
    return this.text(...keys) || undefined;
  }

  /** A text as recorded, empty ones too. */
  text(...keys: readonly string[]): string | undefined {
    const value = this.value(...keys);
    if (typeof value === "string") return value;
    return typeof value === "number" || typeof value === "boolean" ? String(value) : undefined;
  }

  /** A number, also written as text. */
  number(...keys: readonly string[]): number | undefined {
    for (const key of keys) {
      const value = this.value(key);
      const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
      if (typeof number === "number" && Number.isFinite(number)) return number;
    }
    return undefined;
  }

  /** A whole number that is not negative, such as a count of tokens. */
  count(...keys: readonly string[]): number | undefined {
    const number = this.number(...keys);
    return number !== undefined && number >= 0 ? Math.round(number) : undefined;
  }

  boolean(key: string): boolean | undefined {
    const value = this.value(key);
    if (typeof value === "boolean") return value;
    return value === "true" ? true : value === "false" ? false : undefined;
  }

  /** A list of texts, also as JSON text; any other text is one entry. */
  names(...keys: readonly string[]): readonly string[] | undefined {
    const value = this.value(...keys);
    const list = typeof value === "string" && value.startsWith("[") ? parseJson(value) : value;
    if (Array.isArray(list)) return list.filter((item) => typeof item === "string");
    return typeof list === "string" && list !== "" ? [list] : undefined;
  }

  /** All attributes below a prefix, without the prefix. */
  below(prefix: string): readonly (readonly [string, JsonValue])[] {
    const found: (readonly [string, JsonValue])[] = [];
    for (const key of Object.keys(this.attributes)) {
      const value = key.startsWith(prefix) ? this.attributes[key] : undefined;
      if (value === undefined) continue;
      this.used.add(key);
      found.push([key.slice(prefix.length), value]);
    }
    return found;
  }
}

/** Empty by the rule "first non-empty wins": "", "null", {}, [] and null. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === "null") return true;
  if (value === "{}" || value === "[]") return true;
  if (typeof value !== "object") return false;
  return Array.isArray(value) ? value.length === 0 : Object.keys(value).length === 0;
}
