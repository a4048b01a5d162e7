import type { TraceFragment } from "../../src/core/span.ts";
import { logsJsonToProtobuf } from "../../src/otlp/logs-json-to-protobuf.ts";
import { readSpans } from "../../src/otlp/read-spans.ts";
import { splitByTrace } from "../../src/otlp/split-by-trace.ts";
import { splitLogsByTrace } from "../../src/otlp/split-logs-by-trace.ts";
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

/** A log record in short: number of its span, and its text. */
export interface ShortRecord {
  readonly of: number;
  readonly text: string;
  /** Unix ms. Default 1,500. */
  readonly time?: number;
}

/** Log records of one trace as they come out of the receiver. */
export function makeRecords(traceId: string, records: readonly ShortRecord[]): TraceFragment {
  const logRecords = records.map(({ of, text, time = 1_500 }) => ({
    traceId,
    spanId: spanIdOf(of),
    eventName: "said",
    timeUnixNano: String(time * 1_000_000),
    body: { kvlistValue: { values: [{ key: "text", value: { stringValue: text } }] } },
  }));
  const body = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
  const fragment = splitLogsByTrace(logsJsonToProtobuf(body)).fragments[0];
  if (fragment === undefined) throw new Error("no fragment");
  return fragment;
}

/** What log records say in chunks, per span: `<number>: <texts>`. */
export function textsIn(chunks: readonly Uint8Array[]): string[] {
  return readSpans(mergeTraces(chunks))
    .map(({ spanId, events }) => {
      const texts = events.map((event) => event.attributes.text);
      return `${Number.parseInt(spanId, 16)}: ${texts.join(", ")}`;
    })
    .sort();
}

/** The numbers of the spans in chunks, in ascending order, each span once. */
export function spanNumbersIn(chunks: readonly Uint8Array[]): number[] {
  return readSpans(mergeTraces(chunks))
    .map((span) => Number.parseInt(span.spanId, 16))
    .sort((a, b) => a - b);
}
