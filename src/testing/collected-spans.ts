import type { Attributes, Span, TraceFragment } from "../core/span.ts";
import { readSpans } from "../otlp/read-spans.ts";

/** What a collector was sent so far. */
export interface CollectedCounts {
  /** Requests, failed on purpose ones included. */
  readonly requests: number;
  readonly traces: number;
  /** Spans that arrived, repeats included. */
  readonly spans: number;
  readonly distinctSpans: number;
  /** Traces that arrived with scores. */
  readonly scoredTraces: number;
  /** Evaluation events that arrived, repeats included. */
  readonly scores: number;
  readonly distinctScores: number;
  /** Scored traces that arrived again in a revision that was there already. */
  readonly redeliveries: number;
}

/** Remembers spans, their scores, and what came twice. */
export class CollectedSpans {
  readonly spans: Span[] = [];
  readonly scoreIds = new Set<string>();
  readonly #keepSpans: boolean;
  readonly #traces = new Set<string>();
  readonly #spanIds = new Set<string>();
  readonly #revisions = new Set<string>();
  readonly #scored = new Map<string, Attributes>();
  readonly #roots = new Map<string, Attributes>();
  #spanCount = 0;
  #scoreCount = 0;
  #redeliveries = 0;

  constructor(keepSpans: boolean) {
    this.#keepSpans = keepSpans;
  }

  add(fragments: readonly TraceFragment[]): void {
    for (const fragment of fragments) {
      const spans = readSpans(fragment.bytes);
      for (const span of spans) this.#addSpan(span);
      for (const span of topOf(spans)) this.#addTop(span);
    }
  }

  rootAttributes(traceId: string): Attributes | null {
    return this.#scored.get(traceId) ?? this.#roots.get(traceId) ?? null;
  }

  counts(requests: number): CollectedCounts {
    return {
      requests,
      traces: this.#traces.size,
      spans: this.#spanCount,
      distinctSpans: this.#spanIds.size,
      scoredTraces: this.#scored.size,
      scores: this.#scoreCount,
      distinctScores: this.scoreIds.size,
      redeliveries: this.#redeliveries,
    };
  }

  #addSpan(span: Span): void {
    if (this.#keepSpans) this.spans.push(span);
    this.#spanCount += 1;
    this.#traces.add(span.traceId);
    this.#spanIds.add(`${span.traceId}/${span.spanId}`);
  }

  #addTop(span: Span): void {
    for (const { attributes } of span.events) {
      const id = attributes["tracegate.score.id"];
      if (typeof id !== "string") continue;
      this.#scoreCount += 1;
      this.scoreIds.add(id);
    }
    const revision = span.attributes["tracegate.revision"];
    if (revision !== undefined) {
      const key = `${span.traceId}-${revision}`;
      if (this.#revisions.has(key)) this.#redeliveries += 1;
      this.#revisions.add(key);
      this.#scored.set(span.traceId, span.attributes);
    } else if (span.parentSpanId === null) this.#roots.set(span.traceId, span.attributes);
  }
}

/** The spans that can carry scores; only theirs are decoded, which is what costs time. */
function topOf(spans: readonly Span[]): readonly Span[] {
  const ids = new Set(spans.map((span) => span.spanId));
  const top = spans.filter((span) => span.parentSpanId === null || !ids.has(span.parentSpanId));
  return top.length > 0 ? top : spans;
}
