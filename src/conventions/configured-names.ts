import type { Attributes, Span } from "../core/span.ts";
import { AttributeReader } from "./attribute-reader.ts";
import type { Dialect } from "./dialect.ts";
import { handRolled } from "./hand-rolled.ts";
import { dialects } from "./index.ts";
import { fieldsByName, type NameTable } from "./named-fields.ts";

/** Fields for which no convention has a name: here the user's own names beat what was found in metadata. */
const FIRST = ["organisationId", "feature"] as const;

const lists = new WeakMap<NameTable, readonly Dialect[]>();

/**
 * The dialects together with the names that the user has given to attributes of their own. These rank below
 * every convention and above {@link handRolled}; only for organisation and feature they come first. A name
 * that is not on the span is looked up in its resource.
 */
export function dialectsWith(names: NameTable): readonly Dialect[] {
  const known = lists.get(names);
  if (known) return known;
  const first: NameTable = Object.fromEntries(
    FIRST.flatMap((name) => (names[name] ? [[name, names[name]] as const] : [])),
  );
  const others = dialects.filter((dialect) => dialect !== handRolled);
  const list = [dialectOf(first, true), ...others, dialectOf(names, false), handRolled];
  lists.set(names, list);
  return list;
}

function dialectOf(names: NameTable, isFirst: boolean): Dialect {
  const keys = Object.values(names).flatMap((list) => list ?? []);
  return {
    name: "configured",
    ...(isFirst ? { owns: () => true } : {}),
    read(span, scope) {
      const attributes = attributesAt(span, keys);
      if (!attributes) return undefined;
      const from = new AttributeReader(attributes);
      return { ...fieldsByName(names, from, scope), used: from.used };
    },
  };
}

/** The attributes with these names, from the span or else its resource; undefined when there are none. */
function attributesAt({ attributes, resource }: Span, keys: readonly string[]): Attributes | undefined {
  const found = keys.flatMap((key) => {
    const value = attributes[key] ?? resource[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  return found.length === 0 ? undefined : Object.fromEntries(found);
}
