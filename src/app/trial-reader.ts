import type { Config } from "../config/schema.ts";
import type { Trace } from "../core/trace.ts";
import { mergeTraces } from "../otlp/merge-traces.ts";
import { readSpans } from "../otlp/read-spans.ts";
import { traceReader } from "./trace-reader.ts";

/** The spans of one trial as one trace; of several traces the one that was asked for, else the largest. */
export function trialReader(
  config: Config,
): (chunks: readonly Uint8Array[], wanted: { readonly traceId: string }) => Trace | null {
  const read = traceReader(config);
  return (chunks, { traceId }) => {
    const byTrace = Map.groupBy(readSpans(mergeTraces(chunks)), (span) => span.traceId);
    const largest = [...byTrace.values()].toSorted((a, b) => b.length - a.length)[0];
    const spans = byTrace.get(traceId) ?? largest;
    return spans ? read(spans) : null;
  };
}
