import type { JsonValue } from "../core/json.ts";
import type { Attributes, Scope, Span } from "../core/span.ts";
import { readKeyValue } from "./any-value.ts";
import { LazySpan } from "./lazy-span.ts";
import { type SharedValues, shareValues } from "./shared-values.ts";
import { readSpanIdentity } from "./span-identity.ts";
import { asBuffer, WireReader } from "./wire-reader.ts";

/**
 * The spans of an OTLP `ExportTraceServiceRequest` or `TracesData`, in wire order, repeats included.
 *
 * Ids, times, kind and status are read now; attributes, events and links when they are first touched,
 * so the bytes must not be changed afterwards. Unknown fields are skipped, and so are log records whose
 * span is not in these bytes (`mergeTraces` gives them to it).
 *
 * @throws TracegateError `bad-input` with the byte offset. Attribute values are checked only when read.
 */
export function readSpans(bytes: Uint8Array): Span[] {
  const spans: Span[] = [];
  const request = new WireReader(asBuffer(bytes));
  const shared = shareValues(request.bytes);
  while (request.next()) {
    if (request.isLengthDelimited(1)) readResourceSpans(request.nested(), shared, spans);
  }
  return spans;
}

function readResourceSpans(reader: WireReader, shared: SharedValues, spans: Span[]): void {
  // The resource may come after the spans on the wire, so the scopes are only noted first.
  const resource = new LazyResource();
  const scopes: WireReader[] = [];
  while (reader.next()) {
    if (reader.isLengthDelimited(1)) resource.add(reader.nested());
    else if (reader.isLengthDelimited(2)) scopes.push(reader.nested());
  }
  for (const scope of scopes) readScopeSpans(scope, resource, shared, spans);
}

function readScopeSpans(
  reader: WireReader,
  resource: LazyResource,
  shared: SharedValues,
  spans: Span[],
): void {
  const found: WireReader[] = [];
  const scope: { name: string; version: string } = { name: "", version: "" };
  while (reader.next()) {
    if (reader.isLengthDelimited(1)) readScope(reader.nested(), scope);
    else if (reader.isLengthDelimited(2)) found.push(reader.nested());
  }
  for (const reader of found) {
    const { bytes, position, end } = reader;
    const span = new LazySpan(reader, resource, scope, shared);
    const isBare = span.startTime === 0 && span.name === "";
    if (isBare && readSpanIdentity(bytes, position, end).isSupplement) continue;
    spans.push(span);
  }
}

function readScope(reader: WireReader, scope: { -readonly [key in keyof Scope]: Scope[key] }): void {
  while (reader.next()) {
    if (reader.isLengthDelimited(1)) scope.name = reader.text();
    else if (reader.isLengthDelimited(2)) scope.version = reader.text();
  }
}

/** The resource of a group of spans, decoded once for all of them. */
class LazyResource {
  private readonly parts: WireReader[] = [];
  private decoded: Attributes | undefined;

  add(part: WireReader): void {
    this.parts.push(part);
  }

  get attributes(): Attributes {
    this.decoded ??= this.decode();
    return this.decoded;
  }

  private decode(): Attributes {
    const attributes: { [key: string]: JsonValue } = {};
    for (const { bytes, position, end } of this.parts) {
      const reader = new WireReader(bytes, position, end);
      while (reader.next()) {
        if (reader.isLengthDelimited(1)) readKeyValue(reader.nested(), attributes);
      }
    }
    return attributes;
  }
}
