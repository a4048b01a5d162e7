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
  const placeholders = spans.filter((read) => isPending(read) || isChunk(read));
  if (placeholders.length === 0) return { spans, leftOut: [] };
  const known = new Set(spans.map(({ span }) => span.spanId));
  const parents = new Set(spans.map(({ span }) => span.parentSpanId));
  const leftOut: ReadSpan[] = [];
  const kept = spans.flatMap((read) => {
    if (isPending(read)) {
      const standIn = standInFor(read.span);
      if (standIn && !known.has(standIn.spanId)) {
        known.add(standIn.spanId);
        return [{ ...read, span: standIn }];
      }
    } else if (!isChunk(read) || parents.has(read.span.spanId)) return [read];
    leftOut.push(read);
    return [];
  });
  return kept.length > 0 ? { spans: kept, leftOut } : { spans, leftOut: [] };
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
