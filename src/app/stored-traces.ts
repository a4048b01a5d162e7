import { zstdDecompressSync } from "node:zlib";

import type { Config } from "../config/schema.ts";
import { TracegateError } from "../core/errors.ts";
import type { Span } from "../core/span.ts";
import type { StoredTrace, TraceFilter, TraceSummary } from "../core/store.ts";
import { readSpans } from "../otlp/read-spans.ts";
import { lostSpans } from "./explain-sampling.ts";
import { openState, type State } from "./open-state.ts";
import type { ScoredTraceResult } from "./score-traces.ts";
import type { Place } from "./services.ts";
import { traceReader } from "./trace-reader.ts";

/** Which stored traces: some by id (a prefix will do), or those a filter lets through. */
export type Selection = { readonly ids: readonly string[] } | { readonly filter: TraceFilter };

/** A stored trace as it was scored, and the spans it was read from. */
export interface StoredTraceResult extends ScoredTraceResult {
  readonly spans: readonly Span[];
}

/**
 * Traces as they were scored, with their scores, in the order asked for or by start time. A filter passes over
 * those of which only the summary is kept, and tells of each.
 *
 * @param onWithoutSpans told of a trace that the filter let through and whose spans were let go
 * @throws TracegateError `not-found` for an id that is not there or without spans, `usage` for a prefix that fits several.
 */
export async function* storedTraces(
  config: Config,
  { signal, ...place }: Place & { readonly signal: AbortSignal },
  selection: Selection,
  onWithoutSpans: (summary: TraceSummary) => void = () => {},
): AsyncGenerator<StoredTraceResult> {
  const state = await openState(config, place);
  try {
    for (const traceId of await select(state, selection)) {
      signal.throwIfAborted();
      const stored = await state.store.trace(traceId);
      if (stored === null) continue;
      if (stored.payload) yield { ...readStored(stored, stored.payload, config), scores: stored.scores };
      else if ("ids" in selection) throw onlySummarised(stored.summary);
      else onWithoutSpans(stored.summary);
    }
  } finally {
    await state.close();
  }
}

/** The trace of stored spans, read as it was scored. */
export function readStored(
  stored: StoredTrace,
  payload: Uint8Array,
  config: Config,
): Omit<StoredTraceResult, "scores"> {
  const { revision, completion } = stored.summary;
  const spans = readSpans(zstdDecompressSync(payload));
  return { trace: traceReader(config)(spans, { revision, ...(completion ? { completion } : {}) }), spans };
}

function onlySummarised(summary: TraceSummary): TracegateError {
  const { traceId } = summary;
  return new TracegateError(
    "not-found",
    `Of trace ${traceId} only summary and scores are kept, not its spans${lostSpans(summary)}. Ask \`tracegate why ${traceId}\` for its scores.`,
  );
}

async function select({ store }: State, selection: Selection): Promise<readonly string[]> {
  if ("filter" in selection) {
    // Without a limit the store gives the oldest hundred, which would hide every later failure.
    const summaries = await store.list({ limit: Number.MAX_SAFE_INTEGER, ...selection.filter });
    return summaries.map(({ traceId }) => traceId);
  }
  return Promise.all(
    selection.ids.map(async (id) => {
      const found = await store.find(id.toLowerCase(), 5);
      const [first, second] = found;
      if (!first)
        throw new TracegateError(
          "not-found",
          `No scored trace has an id that starts with ${id}. Ask \`tracegate why ${id}\`.`,
        );
      if (second)
        throw new TracegateError(
          "usage",
          `${id} fits several traces: ${found.join(", ")}. Give more digits.`,
        );
      return first;
    }),
  );
}
