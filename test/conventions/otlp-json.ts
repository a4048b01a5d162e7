import type { JsonValue } from "../../src/core/json.ts";
import type { Attributes, Span } from "../../src/core/span.ts";
import { SPAN_KINDS, STATUS_CODES } from "../../src/otlp/lazy-span.ts";
import { nanosecondsOf } from "../../src/otlp/nanoseconds.ts";

/** An OTLP/JSON request with these spans, each with its own resource and scope. */
export function toOtlpJson(spans: readonly Span[]): string {
  return JSON.stringify({ resourceSpans: spans.map(resourceSpansOf) });
}

function resourceSpansOf(span: Span): object {
  return {
    resource: { attributes: attributesOf(span.resource) },
    scopeSpans: [{ scope: span.scope, spans: [spanOf(span)] }],
  };
}

function spanOf(span: Span): object {
  const { traceId, spanId, parentSpanId, name, flags, droppedAttributes } = span;
  return {
    traceId: traceId.toUpperCase(),
    spanId,
    parentSpanId: parentSpanId ?? "",
    name,
    flags,
    kind: SPAN_KINDS.indexOf(span.kind),
    startTimeUnixNano: String(nanosecondsOf(span.startTime)),
    endTimeUnixNano: String(nanosecondsOf(span.endTime)),
    attributes: attributesOf(span.attributes),
    droppedAttributesCount: droppedAttributes,
    events: span.events.map((event) => ({
      name: event.name,
      timeUnixNano: String(nanosecondsOf(event.time)),
      attributes: attributesOf(event.attributes),
    })),
    links: span.links.map((link) => ({ ...link, attributes: attributesOf(link.attributes) })),
    status: { code: STATUS_CODES.indexOf(span.status.code), message: span.status.message ?? "" },
  };
}

function attributesOf(attributes: Attributes): object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValueOf(value) }));
}

/** Whole numbers as text and as number by turns: senders do both. */
function anyValueOf(value: JsonValue): object {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number") {
    if (!Number.isInteger(value)) return { doubleValue: value };
    return { intValue: value % 2 === 0 ? value : String(value) };
  }
  if (value === null) return {};
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValueOf) } };
  return { kvlistValue: { values: attributesOf(value) } };
}
