import type { Span } from "../../core/span.ts";
import type { ReadSpan } from "../read-fields.ts";

/** The spans that show what happened, and those that only stood for others. */
export interface ResolvedSpans {
  readonly spans: readonly ReadSpan[];
  readonly leftOut: readonly ReadSpan[];
}

/**
 * Takes out spans that are no steps of the run: Logfire sends a pending span as child of every span it opens
 * (`logfire.span_type`, its real parent in `logfire.pending_parent_id`), Mastra a span for every streamed
 * chunk. A pending span whose own span never came stands in for it, as a span without an end.
 */
export function resolvePlaceholders(spans: readonly ReadSpan[]): ResolvedSpans {
  // In an order of their own, so that it does not matter in which they came.
  const placeholders = spans.filter((read) => isPending(read) || isChunk(read)).sort(byStart);
  if (placeholders.length === 0) return { spans, leftOut: [] };
  const known = new Set(spans.map(({ span }) => span.spanId));
  const parents = new Set(spans.map(({ span }) => span.parentSpanId));
  const leftOut = new Set<ReadSpan>();
  const standIns: ReadSpan[] = [];
  for (const read of placeholders) {
    if (isChunk(read) && parents.has(read.span.spanId)) continue;
    leftOut.add(read);
    const standIn = isPending(read) ? standInFor(read.span) : null;
    if (!standIn || known.has(standIn.spanId)) continue;
    known.add(standIn.spanId);
    leftOut.delete(read);
    standIns.push({ ...read, span: standIn });
  }
  const steps = spans.filter((read) => !leftOut.has(read) && !isPending(read));
  const kept = [...steps, ...standIns];
  return kept.length > 0 ? { spans: kept, leftOut: [...leftOut] } : { spans, leftOut: [] };
}

function byStart({ span: one }: ReadSpan, { span: other }: ReadSpan): number {
  return one.startTime - other.startTime || (one.spanId < other.spanId ? -1 : 1);
}

function isPending({ span, readable }: ReadSpan): boolean {
  return readable && span.attributes["logfire.span_type"] === "pending_span";
}

function isChunk({ span, readable }: ReadSpan): boolean {
  return readable && span.attributes["mastra.span.type"] === "model_chunk";
}

/** The span that a pending span announced, as far as it is known. */
function standInFor(span: Span): Span | null {
  if (span.parentSpanId === null) return null;
  const parent = span.attributes["logfire.pending_parent_id"];
  const { traceId, kind, startTime, flags, attributes, events, links, resource, scope } = span;
  return {
    traceId,
    spanId: span.parentSpanId,
    parentSpanId: typeof parent === "string" && /[1-9a-f]/i.test(parent) ? parent.toLowerCase() : null,
    name: span.name.replace(/ \(pending\)$/, ""),
    kind,
    startTime,
    endTime: 0,
    status: { code: "unset" },
    flags,
    attributes,
    events,
    links,
    droppedAttributes: span.droppedAttributes,
    resource,
    scope,
  };
}
