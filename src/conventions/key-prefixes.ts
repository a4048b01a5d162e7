import type { Attributes } from "../core/span.ts";

const known = new WeakMap<Attributes, ReadonlySet<string>>();

/**
 * The first words of the attribute names (`ai.model.id` gives `ai`), found once per span, so that each
 * dialect can tell at no cost whether a span is for it.
 */
export function keyPrefixes(attributes: Attributes): ReadonlySet<string> {
  const before = known.get(attributes);
  if (before) return before;
  const prefixes = new Set<string>();
  for (const key in attributes) {
    const dot = key.indexOf(".");
    prefixes.add(dot < 0 ? key : key.slice(0, dot));
  }
  known.set(attributes, prefixes);
  return prefixes;
}
