import type { TraceFragment } from "../../src/core/span.ts";
import { readSpans } from "../../src/otlp/read-spans.ts";
import { splitByTrace } from "../../src/otlp/split-by-trace.ts";
import { mergeTraces, writeTraces } from "../../src/otlp/write-traces.ts";

/** A span in short: number of the span, number of its parent. */
export interface ShortSpan {
  readonly id: number;
  readonly parent?: number;
  /** Default true. */
  readonly ended?: boolean;
  readonly completes?: boolean;
  readonly text?: string;
}

export function traceIdOf(number: number): string {
  return number.toString(16).padStart(32, "0");
}

export function spanIdOf(number: number): string {
  return number.toString(16).padStart(16, "0");
}

/** Spans of one trace as they come out of the receiver. */
export function makeFragment(traceId: string, spans: readonly ShortSpan[]): TraceFragment {
  const bytes = writeTraces([
    {
      resource: { "service.name": "agent" },
      scopeSpans: [
        {
          spans: spans.map(({ id, parent, ended = true, completes = false, text }) => ({
            traceId,
            spanId: spanIdOf(id),
            parentSpanId: parent === undefined ? null : spanIdOf(parent),
            name: `span ${id}`,
            startTime: 1_000,
            endTime: ended ? 2_000 : 0,
            attributes: { ...(completes && { "tracegate.trace.complete": true }), ...(text && { text }) },
          })),
        },
      ],
    },
  ]);
  const fragment = splitByTrace(bytes).fragments[0];
  if (fragment === undefined) throw new Error("no fragment");
  return fragment;
}

/** The numbers of the spans in chunks, in ascending order, each span once. */
export function spanNumbersIn(chunks: readonly Uint8Array[]): number[] {
  return readSpans(mergeTraces(chunks))
    .map((span) => Number.parseInt(span.spanId, 16))
    .sort((a, b) => a - b);
}
