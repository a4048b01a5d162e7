import type { Span } from "../../core/span.ts";

/**
 * Each span id once. Of repeats the span that has ended is kept, else the one that ended later, else the
 * one with more attributes and events, whatever the order of arrival.
 */
export function uniqueSpans(spans: readonly Span[]): readonly Span[] {
  const kept = new Map<string, Span>();
  for (const span of spans) {
    const before = kept.get(span.spanId);
    if (!before || isFuller(span, before)) kept.set(span.spanId, span);
  }
  return kept.size === spans.length ? spans : [...kept.values()];
}

function isFuller(span: Span, before: Span): boolean {
  if (span.endTime !== before.endTime) return span.endTime > before.endTime;
  return weightOf(span) > weightOf(before);
}

function weightOf(span: Span): number {
  try {
    return Object.keys(span.attributes).length + span.events.length;
  } catch {
    // Undecodable attributes: any readable repeat is better.
    return -1;
  }
}
