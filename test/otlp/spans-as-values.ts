import type { Span } from "../../src/core/span.ts";
import { readSpans } from "../../src/otlp/read-spans.ts";

/** A span with its lazy parts read, for comparison. */
export function asValue(span: Span): Span {
  const { traceId, spanId, parentSpanId, name, kind, startTime, endTime, status, flags } = span;
  const { attributes, events, links, droppedAttributes, resource, scope } = span;
  return {
    traceId,
    spanId,
    parentSpanId,
    name,
    kind,
    startTime,
    endTime,
    status,
    flags,
    attributes,
    events,
    links,
    droppedAttributes,
    resource,
    scope: { ...scope },
  };
}

/** All spans in the bytes as plain values, in wire order. */
export function spansIn(bytes: Uint8Array): Span[] {
  return readSpans(bytes).map(asValue);
}
