import type { Span } from "../core/span.ts";
import type { Dialect } from "./dialect.ts";

/** Shapes of spans that are remembered: about as many as one agent's instrumentation makes. */
const MAX_SHAPES = 32;

/** Spans with more attributes are not remembered, for the sake of memory. */
const MAX_NAMES = 256;

/** Spans of one scope with the same attribute names, and the dialects for them. */
interface Shape {
  readonly scope: string;
  readonly names: readonly string[];
  readonly dialects: readonly Dialect[];
}

/** The shapes met last, by list of dialects. */
const shapes = new WeakMap<readonly Dialect[], Shape[]>();

/**
 * The dialects of a list that may have something to read on a span, in the order of the list. Spans are alike,
 * so the choice is made once for all of one shape, and a span costs the same however many dialects there are.
 *
 * @param names the names of its attributes, in their order
 */
export function chooseDialects(
  span: Span,
  names: readonly string[],
  list: readonly Dialect[],
): readonly Dialect[] {
  const known = shapes.get(list) ?? [];
  const scope = span.scope.name;
  for (const shape of known) if (shape.scope === scope && isSame(shape.names, names)) return shape.dialects;
  const chosen = list.filter(
    ({ prefixes, owns }) =>
      !prefixes || owns?.(span) || prefixes.some((prefix) => names.some((name) => name.startsWith(prefix))),
  );
  if (names.length <= MAX_NAMES)
    shapes.set(list, [{ scope, names, dialects: chosen }, ...known].slice(0, MAX_SHAPES));
  return chosen;
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((name, index) => name === other[index]);
}
