import { zstdDecompressSync } from "node:zlib";

import type { Clock } from "../core/clock.ts";
import { isTry, type LedgerState, ledgerStateOf } from "../core/ledger-state.ts";
import type { Job } from "../core/queue.ts";
import type { SamplingDecision } from "../core/sampling.ts";
import type { Score } from "../core/score.ts";
import type { Scorer, Subject } from "../core/scorer.ts";
import type { Span } from "../core/span.ts";
import type { LedgerRow, Store, StoredTrace } from "../core/store.ts";
import type { CompletionReason, Trace } from "../core/trace.ts";
import { readSpans } from "../otlp/read-spans.ts";
import { planRetry, type RetryPolicy } from "./plan-retry.ts";
import { rootAttributes } from "./root-attributes.ts";

/** What {@link rescoreTrace} works with. */
export interface RescoreOptions {
  readonly store: Pick<Store, "trace" | "ledger" | "record" | "addScores">;
  /** `conventions/read-trace.ts`. */
  readonly readTrace: (
    spans: readonly Span[],
    options: { readonly revision: number; readonly completion?: CompletionReason },
  ) => Trace;
  /** All scorers of the configuration. */
  readonly scorers: readonly Scorer[];
  /** Some of them on one trace. Throws only when the signal fires. */
  readonly evaluate: (
    subject: Subject,
    scorers: readonly Scorer[],
    signal: AbortSignal,
    sampling?: SamplingDecision,
  ) => Promise<readonly Score[]>;
  readonly retries: RetryPolicy;
  /** Told of the new scores. */
  readonly sinkNames: readonly string[];
  readonly clock: Clock;
  /** Source of the jitter, [0, 1). Default `Math.random`. */
  readonly random?: () => number;
}

/** Scores that came of it now; none when there was nothing left to do. */
export interface Rescored {
  readonly trace: Trace;
  readonly scores: readonly Score[];
}

/**
 * Handles a job `from: "store"`: runs the scorers it names, of those that still wait, on the spans that are stored.
 * Scores are added to the others and told to the sinks; who has to wait again is only noted in the ledger. May be run any
 * number of times: a scorer that no longer waits is left alone.
 *
 * @returns null when there was nothing to do.
 */
export async function rescoreTrace(
  job: Job,
  options: RescoreOptions,
  signal: AbortSignal,
): Promise<Rescored | null> {
  const { store, clock } = options;
  const { traceId, revision } = job;
  const wanted = new Set(job.scorers);
  const ledger = await store.ledger(traceId);
  const rows = ledger.filter(
    (row) => row.revision === revision && row.state === "waiting" && wanted.has(row.scorer),
  );
  if (rows.length === 0) return null;
  const stored = await store.trace(traceId);
  if (stored === null || stored.summary.revision !== revision) return null;
  const scorers = options.scorers.filter((scorer) => rows.some(({ scorer: name }) => name === scorer.name));
  const lost = rows.flatMap((row) => whyNotAgain(row, stored, scorers) ?? []);
  if (lost.length > 0) await store.record(lost.map((row) => ({ ...row, at: clock.now() })));
  if (stored.payload === null || scorers.length === 0) return null;

  const spans = readSpans(zstdDecompressSync(stored.payload)).filter((span) => span.traceId === traceId);
  const { completion } = stored.summary;
  const trace = options.readTrace(spans, { revision, ...(completion && { completion }) });
  const given = await options.evaluate({ trace }, scorers, signal, stored.summary.sampling);
  const scores = given.map((score) => {
    const tries = 1 + (rows.find(({ scorer }) => scorer === score.name)?.attempts ?? 0);
    return planRetry(asBefore(score, stored), tries, options.retries, clock.now(), options.random);
  });
  await keep(scores, rows, { stored, options });
  return { trace, scores };
}

/** What belongs to the trace's being picked, not to the answer. */
function asBefore(score: Score, stored: StoredTrace): Score {
  const before = stored.scores.find(({ name }) => name === score.name)?.inclusionProbability;
  return before === undefined ? score : { ...score, inclusionProbability: before };
}

/** The row of a scorer that cannot be tried any more. */
function whyNotAgain(row: LedgerRow, stored: StoredTrace, scorers: readonly Scorer[]): LedgerRow | undefined {
  const failed = (code: string, reason: string): LedgerRow => ({
    ...row,
    state: "failed",
    code,
    reason,
    retryAt: null,
  });
  if (!scorers.some(({ name }) => name === row.scorer)) {
    return failed("config", `No scorer named "${row.scorer}" is configured any more.`);
  }
  if (stored.payload === null) {
    return failed("not-found", "The spans of this trace are no longer kept, so it cannot be judged now.");
  }
  return undefined;
}

/** Settled ones are scores and go to the sinks; those that wait or are paused again change only the ledger. */
async function keep(
  scores: readonly Score[],
  rows: readonly LedgerRow[],
  { stored, options }: { readonly stored: StoredTrace; readonly options: RescoreOptions },
): Promise<void> {
  const { store, clock, sinkNames } = options;
  const { traceId, revision } = stored.summary;
  const at = clock.now();
  const isOpen = (score: Score) => OPEN.has(ledgerStateOf(score.unscored));
  const open = scores.filter(isOpen).flatMap((score): LedgerRow[] => {
    const row = rows.find(({ scorer }) => scorer === score.name);
    if (row === undefined || score.unscored === null) return [];
    const { code, retryAt = null } = score.unscored;
    const state = ledgerStateOf(score.unscored);
    const attempts = row.attempts + (isTry(score.unscored) ? 1 : 0);
    return [
      { ...row, version: score.version, state, code, reason: score.explanation, attempts, at, retryAt },
    ];
  });
  // The scorer has a newer version now, which has a row of its own.
  const older = rows.filter((row) =>
    scores.some(({ name, version }) => name === row.scorer && version !== row.version),
  );
  const closed = older.map((row): LedgerRow => ({ ...row, state: "superseded", retryAt: null, at }));
  if (open.length + closed.length > 0) await store.record([...open, ...closed]);
  const settled = scores.filter((score) => !isOpen(score));
  if (settled.length === 0) return;
  const attributes = rootAttributes(settled, { revision });
  await store.addScores({
    traceId,
    revision,
    scores: settled,
    rootAttributes: attributes,
    sinks: sinkNames,
    at,
  });
}

/** States that another try or another decision will end. */
const OPEN: ReadonlySet<LedgerState> = new Set<LedgerState>(["waiting", "paused", "over-budget"]);
