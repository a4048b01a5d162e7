import { asBuffer, WireReader } from "./wire-reader.ts";
import type { WireWriter } from "./wire-writer.ts";

/** A field of a message with its tag, for copying it verbatim; `valueStart` is where its value begins. */
export interface FieldRange {
  readonly start: number;
  readonly valueStart: number;
  readonly end: number;
}

/** A `ScopeSpans` message: its spans, and everything else in it. */
export interface ScopeRange extends FieldRange {
  readonly spans: readonly FieldRange[];
  readonly rest: readonly FieldRange[];
}

/** A `ResourceSpans` message: its scopes, its resource, and everything else (schema URL, unknown fields). */
export interface ResourceRange extends FieldRange {
  readonly resources: readonly FieldRange[];
  readonly scopes: readonly ScopeRange[];
  readonly rest: readonly FieldRange[];
}

/** The skeleton of an OTLP request over its bytes; nothing is copied. */
export interface Envelope {
  readonly bytes: Buffer;
  readonly resourceSpans: readonly ResourceRange[];
}

/** Finds the spans of a request without reading them. Throws `bad-input` when the frame is broken. */
export function readEnvelope(bytes: Uint8Array): Envelope {
  const buffer = asBuffer(bytes);
  const reader = new WireReader(buffer);
  const resourceSpans: ResourceRange[] = [];
  while (reader.next()) {
    if (reader.isLengthDelimited(1)) resourceSpans.push(readResourceRange(reader));
  }
  return { bytes: buffer, resourceSpans };
}

function readResourceRange(outer: WireReader): ResourceRange {
  const resources: FieldRange[] = [];
  const scopes: ScopeRange[] = [];
  const rest: FieldRange[] = [];
  const reader = outer.nested();
  while (reader.next()) {
    if (reader.isLengthDelimited(2)) scopes.push(readScopeRange(reader));
    else if (reader.isLengthDelimited(1)) resources.push(rangeOf(reader));
    else rest.push(rangeOf(reader));
  }
  return { ...rangeOf(outer), resources, scopes, rest };
}

function readScopeRange(outer: WireReader): ScopeRange {
  const spans: FieldRange[] = [];
  const rest: FieldRange[] = [];
  const reader = outer.nested();
  while (reader.next()) {
    (reader.isLengthDelimited(2) ? spans : rest).push(rangeOf(reader));
    // The scope is read together with its spans, so what is accepted must be readable.
    if (reader.isLengthDelimited(1)) for (const scope = reader.nested(); scope.next(); );
  }
  return { ...rangeOf(outer), spans, rest };
}

function rangeOf(reader: WireReader): FieldRange {
  return { start: reader.fieldStart, valueStart: reader.valueStart, end: reader.valueEnd };
}

/** Some spans of one scope of one resource. */
export interface SpanPlace {
  readonly resource: ResourceRange;
  readonly scope: ScopeRange;
  readonly span: FieldRange;
}

/** All spans of a request (or log records, which lie in theirs the same way), in wire order. */
export function* placesIn({ resourceSpans }: Envelope): Generator<SpanPlace> {
  for (const resource of resourceSpans) {
    for (const scope of resource.scopes) {
      for (const span of scope.spans) yield { resource, scope, span };
    }
  }
}

/**
 * Whether these are all the spans of a request, and nothing else is in it, so that it can be used as it is.
 *
 * @param places some of its spans, each once
 */
export function isWhole({ bytes, resourceSpans }: Envelope, places: readonly SpanPlace[]): boolean {
  let spans = 0;
  let size = 0;
  for (const resource of resourceSpans) {
    size += resource.end - resource.start;
    for (const scope of resource.scopes) spans += scope.spans.length;
  }
  return places.length === spans && size === bytes.length;
}

/** About as many bytes as copies of the spans take. */
export function sizeOfCopy(places: readonly SpanPlace[]): number {
  return places.reduce((size, { span }) => size + span.end - span.start, 1024);
}

/**
 * Copies spans with their resources and scopes, byte for byte. Spans that follow each other in the
 * same resource and scope share them, as in the source.
 *
 * @param writeSpan writes a span, its tag included. Default: copies it
 */
export function copySpans(
  writer: WireWriter,
  bytes: Buffer,
  places: readonly SpanPlace[],
  writeSpan: (place: SpanPlace) => void = ({ span }) => writer.raw(bytes, span.start, span.end),
): void {
  const copy = (range: FieldRange) => writer.raw(bytes, range.start, range.end);
  for (const inResource of runs(places, (place) => place.resource)) {
    const { resource } = inResource[0];
    writer.message(1, () => {
      resource.resources.forEach(copy);
      for (const inScope of runs(inResource, (place) => place.scope)) {
        writer.message(2, () => {
          inScope[0].scope.rest.forEach(copy);
          inScope.forEach(writeSpan);
        });
      }
      resource.rest.forEach(copy);
    });
  }
}

/** Splits a list into stretches of equal keys. */
function runs<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => unknown,
): readonly (readonly [Item, ...Item[]])[] {
  const found: [Item, ...Item[]][] = [];
  for (const item of items) {
    const current = found.at(-1);
    if (current && keyOf(current[0]) === keyOf(item)) current.push(item);
    else found.push([item]);
  }
  return found;
}
