import type { TraceFragment } from "../../src/core/span.ts";
import type { SpanInput } from "../../src/otlp/write-span.ts";
import { writeTraces } from "../../src/otlp/write-traces.ts";

/** A trace id made of one digit pair, e.g. `traceId(7)`. */
export function traceId(number: number): string {
  return number.toString(16).padStart(32, "0");
}

/** A span id from a number. */
export function spanId(number: number): string {
  return number.toString(16).padStart(16, "0");
}

/** A span with ids from numbers; ends 10 ms after it starts. */
export function span(trace: number, id: number, more: Partial<SpanInput> = {}): SpanInput {
  return {
    traceId: traceId(trace),
    spanId: spanId(id),
    name: "step",
    startTime: 1_000,
    endTime: 1_010,
    ...more,
  };
}

/** An OTLP protobuf request with these spans. */
export function request(spans: readonly SpanInput[], resource = { "service.name": "shop" }): Uint8Array {
  return writeTraces([{ resource, scopeSpans: [{ scope: { name: "test" }, spans }] }]);
}

/** An OTLP/JSON request with one span. */
export function jsonRequest(ids: { readonly traceId: string; readonly spanId: string }): string {
  const one = { ...ids, name: "step", kind: 1, startTimeUnixNano: "1000000", endTimeUnixNano: 2_000_000 };
  return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [one] }] }] });
}

/** An OTLP/JSON request with log records; each says who it is, unless it has a name and a body of its own. */
export function logRequest(records: readonly object[], service = "shop"): string {
  const logRecords = records.map((record, index) => ({
    timeUnixNano: String(1_005_000_000 + index),
    eventName: "gen_ai.user.message",
    body: { kvlistValue: { values: [{ key: "content", value: { stringValue: `text ${index}` } }] } },
    ...record,
  }));
  const attributes = [{ key: "service.name", value: { stringValue: service } }];
  return JSON.stringify({ resourceLogs: [{ resource: { attributes }, scopeLogs: [{ logRecords }] }] });
}

/** An accept that remembers what it was given. */
export function recorder(): {
  readonly fragments: TraceFragment[];
  readonly accept: (fragments: readonly TraceFragment[]) => Promise<void>;
} {
  const fragments: TraceFragment[] = [];
  return { fragments, accept: async (more) => void fragments.push(...more) };
}
