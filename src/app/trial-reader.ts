import type { Config } from "../config/schema.ts";
import type { Trace } from "../core/trace.ts";

/**
 * The spans of one trial as one trace; of several traces the one that was asked for, else the largest. What reads spans is
 * loaded with the first of them, because many agents send none.
 */
export function trialReader(
  config: Config,
): (chunks: readonly Uint8Array[], wanted: { readonly traceId: string }) => Promise<Trace | null> {
  let loading: ReturnType<typeof load> | undefined;
  return async (chunks, { traceId }) => {
    loading ??= load();
    const { mergeTraces, readSpans, traceReader } = await loading;
    const byTrace = Map.groupBy(readSpans(mergeTraces(chunks)), (span) => span.traceId);
    const largest = [...byTrace.values()].toSorted((a, b) => b.length - a.length)[0];
    const spans = byTrace.get(traceId) ?? largest;
    return spans ? traceReader(config)(spans) : null;
  };
}

async function load() {
  const [{ mergeTraces }, { readSpans }, { traceReader }] = await Promise.all([
    import("../otlp/merge-traces.ts"),
    import("../otlp/read-spans.ts"),
    import("./trace-reader.ts"),
  ]);
  return { mergeTraces, readSpans, traceReader };
}
