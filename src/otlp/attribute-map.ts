import type { JsonValue } from "../core/json.ts";
import type { Attributes } from "../core/span.ts";
import type { LongText } from "./long-text.ts";

/** Attributes under construction. */
export type OpenAttributes = { [key: string]: JsonValue };

/**
 * An object for attributes. Without a prototype it is a hash table from the start: spans are asked for many
 * more names than they have, and on objects of many shapes each miss costs ten times as much. Besides,
 * `__proto__` is a key as any other.
 */
export function createAttributes(): OpenAttributes {
  return Object.create(null);
}

const longTexts = new WeakMap<Attributes, ReadonlyMap<string, LongText>>();

/**
 * Puts long texts among attributes. Each stays bytes until it is read like any attribute, and
 * {@link longTextsOf} hands it out as it is.
 */
export function setLongTexts(target: OpenAttributes, texts: ReadonlyMap<string, LongText>): void {
  longTexts.set(target, texts);
  for (const [key, text] of texts) {
    Object.defineProperty(target, key, { get: () => text.toString(), enumerable: true, configurable: true });
  }
}

/** The attributes that are long texts, as they were sent. */
export function longTextsOf(attributes: Attributes): ReadonlyMap<string, LongText> | undefined {
  return longTexts.get(attributes);
}
