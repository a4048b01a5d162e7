import type { Span } from "../core/span.ts";
import type { Dialect } from "./dialect.ts";

/** Attribute names that are remembered; beyond, the table starts anew. */
const MAX_NAMES = 10_000;

/**
 * The dialects of a list that may have something to read on a span, in the order of the list. Each attribute
 * name is compared with the dialects' prefixes once, so a span costs what it carries, however many dialects
 * there are.
 */
export function chooseDialects(span: Span, list: readonly Dialect[]): readonly Dialect[] {
  const wantersOf = wantersByName(list);
  const wanting: Dialect[] = [];
  for (const name in span.attributes) {
    for (const dialect of wantersOf(name)) if (!wanting.includes(dialect)) wanting.push(dialect);
  }
  return list.filter((dialect) => !dialect.prefixes || wanting.includes(dialect) || dialect.owns?.(span));
}

type Wanters = (name: string) => readonly Dialect[];

const known = new WeakMap<readonly Dialect[], Wanters>();

/** Finds the dialects of a list that want an attribute. */
function wantersByName(list: readonly Dialect[]): Wanters {
  const before = known.get(list);
  if (before) return before;
  const byName = new Map<string, readonly Dialect[]>();
  const find: Wanters = (name) => {
    const before = byName.get(name);
    if (before) return before;
    const found = list.filter((dialect) => wants(dialect, name));
    if (byName.size >= MAX_NAMES) byName.clear();
    byName.set(name, found);
    return found;
  };
  known.set(list, find);
  return find;
}

function wants({ prefixes = [] }: Dialect, name: string): boolean {
  return prefixes.some((prefix) => name.startsWith(prefix));
}
