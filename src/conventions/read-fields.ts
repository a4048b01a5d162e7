import { TracegateError } from "../core/errors.ts";
import type { JsonValue } from "../core/json.ts";
import type { Attributes, Span } from "../core/span.ts";
import type { SpanType } from "../core/trace.ts";
import { chooseDialects } from "./choose-dialects.ts";
import type { Dialect } from "./dialect.ts";
import { dialects } from "./index.ts";
import { mergeFields } from "./merge-fields.ts";
import type { ReadingScope } from "./reading-scope.ts";
import type { SpanFields } from "./span-fields.ts";

/** A span with what the dialects made of it. */
export interface ReadSpan {
  readonly span: Span;
  readonly type: SpanType;
  readonly fields: SpanFields;
  /** Attributes that no dialect understood. */
  readonly unread: Attributes;
  /** Names of the dialects that read it. */
  readonly dialects: readonly string[];
  /** False when attributes, events or links could not be decoded; then nothing was read. */
  readonly readable: boolean;
}

/** Reads one span with the dialects of a list and merges what they find by precedence. */
export function readFields(span: Span, scope: ReadingScope, list: readonly Dialect[] = dialects): ReadSpan {
  if (!isReadable(span)) {
    return { span, type: "other", fields: {}, unread: {}, dialects: [], readable: false };
  }
  const found: { dialect: Dialect; fields: SpanFields }[] = [];
  const names = Object.keys(span.attributes);
  for (const dialect of chooseDialects(span, names, list)) {
    const fields = dialect.read(span, scope);
    if (fields) found.push({ dialect, fields });
  }
  // The vendor's own words beat the general ones on spans of its own instrumentation.
  if (found.length > 1)
    found.sort((one, other) => Number(owns(other.dialect, span)) - Number(owns(one.dialect, span)));
  const fields = mergeFields(found.map((reading) => reading.fields));
  const said = found.find(({ dialect, fields }) => dialect.saysTypes && fields.type !== undefined);
  return {
    span,
    type: said?.fields.type ?? fields.type ?? "other",
    fields,
    unread: unreadOf(span.attributes, names, fields.used),
    dialects: namesOf(found),
    readable: true,
  };
}

/** The dialects that understood something no earlier one did: some attribute names belong to several. */
function namesOf(
  found: readonly { readonly dialect: Dialect; readonly fields: SpanFields }[],
): readonly string[] {
  if (found.length <= 1) return found.map(({ dialect }) => dialect.name);
  const seen = new Set<string>();
  return found.flatMap(({ dialect, fields }) => {
    const before = seen.size;
    for (const key of fields.used ?? []) seen.add(key);
    return seen.size > before || !fields.used?.size ? [dialect.name] : [];
  });
}

function owns(dialect: Dialect, span: Span): boolean {
  return dialect.owns?.(span) ?? false;
}

/** Attributes are decoded on first access, and only then broken bytes show. */
function isReadable(span: Span): boolean {
  try {
    const { attributes, events, links, resource } = span;
    return Boolean(attributes && events && links && resource);
  } catch (error) {
    if (error instanceof TracegateError && error.code === "bad-input") return false;
    throw error;
  }
}

function unreadOf(
  attributes: Attributes,
  names: readonly string[],
  used: ReadonlySet<string> | undefined,
): Attributes {
  const unread: { [key: string]: JsonValue } = {};
  for (const key of names) {
    const value = used?.has(key) ? undefined : attributes[key];
    if (value === undefined) continue;
    // Assigning to `__proto__` would not make an attribute of it.
    if (key === "__proto__") Object.defineProperty(unread, key, { value, enumerable: true });
    else unread[key] = value;
  }
  return unread;
}
