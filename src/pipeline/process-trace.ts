import { constants, zstdCompressSync } from "node:zlib";

import type { Clock } from "../core/clock.ts";
import { messageOf, TracegateError } from "../core/errors.ts";
import { type Job, jobId } from "../core/queue.ts";
import type { SamplingDecision } from "../core/sampling.ts";
import type { Score } from "../core/score.ts";
import type { Subject } from "../core/scorer.ts";
import type { Span } from "../core/span.ts";
import type { LedgerRow, Store, StoredTrace } from "../core/store.ts";
import type { CompletionReason, Trace } from "../core/trace.ts";
import type { SealedSpans, TraceBuffer } from "../core/trace-buffer.ts";
import { readSpans } from "../otlp/read-spans.ts";
import { mergeTraces } from "../otlp/write-traces.ts";
import { humanLabels } from "./human-labels.ts";
import { redactSpans } from "./redact-spans.ts";
import { type Retention, spansUntil } from "./retention.ts";
import { rootAttributes } from "./root-attributes.ts";
import { summarize } from "./summarize.ts";
import { purgeAgain } from "./unless-purged.ts";

/** The `scorer` of ledger rows that are about the trace itself. */
export const TRACE_ITSELF = "(trace)";

/** What {@link processTrace} works with. */
export interface ProcessTraceOptions {
  readonly buffer: TraceBuffer;
  readonly store: Store;
  /** `conventions/read-trace.ts`. */
  readonly readTrace: (
    spans: readonly Span[],
    options: { readonly revision: number; readonly completion?: CompletionReason },
  ) => Trace;
  /** All scorers on one trace. Throws only when the signal fires. `earlier`: the decision on the revision before. */
  readonly evaluate: (
    subject: Subject,
    signal: AbortSignal,
    earlier: SamplingDecision | undefined,
  ) => Promise<{
    readonly scores: readonly Score[];
    /** Absent: no sample was drawn, and the spans stay. */
    readonly sampling?: SamplingDecision;
  }>;
  /** How long spans are kept. Default: for ever. */
  readonly retention?: Retention;
  /** Whether personal data and credentials are replaced before anything else is done with the spans. Default false. */
  readonly redact?: boolean;
  /** One outbox row is written for each. */
  readonly sinkNames: readonly string[];
  readonly clock: Clock;
}

/**
 * What became of a job: scored now, or found finished (a redelivery). `too-late`: spans that came after those before them had
 * been let go; what was said of the whole trace stands, rather than something about its tail. `purged`: nothing of it is kept.
 */
export type ProcessOutcome = "scored" | "known" | "too-late" | "purged";

/**
 * Handles one job: reads the sealed spans, scores them, stores everything in one transaction, and lets the
 * buffer go. May be run any number of times: finished work is recognised by the revision in the store.
 *
 * A trace that was purged is left alone, and one that is purged in the middle of it is purged again: its answers may have been
 * written since. Saving is the last thing written and tells whether a purge came first; one that comes later deletes it all.
 *
 * @throws TracegateError retryable when something is away now; any other fault is for good, and the
 *   ledger has a row of it.
 */
export async function processTrace(
  job: Job,
  options: ProcessTraceOptions,
  signal: AbortSignal,
): Promise<ProcessOutcome> {
  const { buffer, store, clock } = options;
  const { traceId, revision } = job;
  const { revision: before, tombstone } = await store.standing(traceId, clock.now());
  if (tombstone !== null) {
    await store.purge({ traceId });
    return "purged";
  }
  if (before >= revision) {
    await buffer.release(traceId, revision);
    return "known";
  }
  const earlier = before === 0 ? null : await store.trace(traceId);
  if (earlier?.payload === null) {
    await store.record([tooLateRow(job, earlier, clock.now())]);
    await buffer.release(traceId, revision);
    return "too-late";
  }
  let isSaved: boolean;
  try {
    isSaved = await scoreAndStore(job, options, signal, earlier?.summary.sampling);
  } catch (error) {
    if (await purgeAgain(traceId, options)) return "purged";
    if (!isRetryable(error)) await store.record([deadJobRow(job, error, clock.now())]);
    throw error;
  }
  if (!isSaved) await store.purge({ traceId });
  await buffer.release(traceId, revision);
  return isSaved ? "scored" : "purged";
}

/** The ledger row of a job that will not be tried again. */
export function deadJobRow(job: Job, error: unknown, at: number, attempts = 1): LedgerRow {
  return {
    subject: job.traceId,
    revision: job.revision,
    scorer: TRACE_ITSELF,
    version: "1",
    state: "failed",
    code: error instanceof TracegateError ? error.code : "internal",
    reason: messageOf(error),
    attempts,
    at,
    retryAt: null,
  };
}

function tooLateRow(job: Job, { summary }: StoredTrace, at: number): LedgerRow {
  const { revision, spansUntil = 0 } = summary;
  const when = spansUntil === 0 ? "" : ` at ${new Date(spansUntil).toISOString()}`;
  return {
    subject: job.traceId,
    revision: job.revision,
    scorer: TRACE_ITSELF,
    version: "1",
    state: "filtered",
    code: "too-late",
    reason: `Spans came after the earlier ones had been let go${when}; the scores of revision ${revision} stand.`,
    attempts: 1,
    at,
    retryAt: null,
  };
}

async function saveHumanLabels(trace: Trace, store: Pick<Store, "saveLabels">): Promise<void> {
  const labels = humanLabels(trace);
  if (labels.length > 0) await store.saveLabels(labels);
}

/** False: it was purged meanwhile. */
async function scoreAndStore(
  job: Job,
  options: ProcessTraceOptions,
  signal: AbortSignal,
  earlier: SamplingDecision | undefined,
): Promise<boolean> {
  const { traceId, revision } = job;
  const { chunks, reason: completion, frame } = await spansOf(job, options.buffer);
  const merged = mergeTraces(chunks);
  const { bytes, redactions } = options.redact
    ? redactSpans(merged, { hasMarks: revision > 1 })
    : { bytes: merged, redactions: undefined };
  const spans = readSpans(bytes).filter((span) => span.traceId === traceId);
  if (spans.length === 0) {
    throw new TracegateError("bad-input", `Job ${jobId(job)}: no span of trace ${traceId} in its spans.`);
  }
  const trace = options.readTrace(spans, { revision, completion });
  const { scores, sampling } = await options.evaluate({ trace }, signal, earlier);
  const at = options.clock.now();
  const { retention } = options;
  // First, because a stored trace is not read again: what people said of it must not be lost by a kill in between.
  await saveHumanLabels(trace, options.store);
  return options.store.saveScored({
    summary: {
      ...summarize(trace, at),
      ...(redactions && { redactions }),
      ...(sampling && { sampling }),
      ...(sampling && retention && { spansUntil: spansUntil(sampling, at, retention) }),
    },
    scores,
    rootAttributes: rootAttributes(scores, { revision }),
    payload: frame && bytes === chunks[0] ? frame : compressed(bytes),
    sinks: options.sinkNames,
  });
}

function compressed(bytes: Uint8Array): Uint8Array {
  return zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
}

async function spansOf(job: Job, buffer: TraceBuffer): Promise<SealedSpans> {
  const sealed = job.from === "buffer" ? await buffer.read(job.traceId, job.revision) : null;
  if (sealed !== null) return sealed;
  throw new TracegateError(
    "not-found",
    `Job ${jobId(job)} (${job.from}): its spans are not in the trace buffer, and no score of it is stored. Send the trace again to have it scored.`,
  );
}

function isRetryable(error: unknown): boolean {
  return error instanceof TracegateError && error.retryable;
}
