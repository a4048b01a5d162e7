import { zstdDecompressSync } from "node:zlib";

import type { Clock } from "../core/clock.ts";
import { isTry, ledgerStateOf } from "../core/ledger-state.ts";
import type { SamplingDecision } from "../core/sampling.ts";
import type { Score } from "../core/score.ts";
import type { Scorer, Subject } from "../core/scorer.ts";
import type { Session, SessionScorer } from "../core/session-scorer.ts";
import type { Span } from "../core/span.ts";
import type { IdleSession, Store, StoredTrace } from "../core/store.ts";
import type { CompletionReason, Trace } from "../core/trace.ts";
import { readSpans } from "../otlp/read-spans.ts";
import { planRetry, type RetryPolicy } from "./plan-retry.ts";
import { rootAttributes } from "./root-attributes.ts";

/** What {@link scoreSession} works with. */
export interface ScoreSessionOptions {
  readonly store: Pick<Store, "session" | "trace" | "addScores" | "sessionScored">;
  /** `conventions/read-trace.ts`. */
  readonly readTrace: (
    spans: readonly Span[],
    options: { readonly revision: number; readonly completion?: CompletionReason },
  ) => Trace;
  readonly scorers: readonly SessionScorer[];
  /** Runs scorers on a trace. Throws only when the signal fires. */
  readonly evaluate: (
    subject: Subject,
    scorers: readonly Scorer[],
    signal: AbortSignal,
    sampling?: SamplingDecision,
  ) => Promise<readonly Score[]>;
  /** Told of the scores. */
  readonly sinkNames: readonly string[];
  readonly clock: Clock;
  /** How often a judge is tried on one session. */
  readonly retries: RetryPolicy;
  /** Tries so far, this one included. Default 1. */
  readonly tries?: number;
  /** Of a longer session the newest traces are looked at. Default 200. */
  readonly maxTraces?: number;
}

/** What became of a session. */
export interface ScoredSession {
  readonly scores: readonly Score[];
  /** Unix ms at which it should be tried again; null: it is done. */
  readonly retryAt: number | null;
  /** A judge was tried in vain, which counts; one that met a rate limit or waits for a batch was not. */
  readonly wasTry: boolean;
}

/** How long to wait where a missing score does not say, ms. */
const RETRY_MS = 300_000;

/**
 * Scores a session that has been idle. Its scores are added to its last trace, say how many traces they are over, and go the way of all
 * others from there: ledger, sinks, purge. Judges see the session when the last trace is in the sample, with its chance.
 *
 * May be run any number of times, also by several workers at once: answers are paid once, and equal scores change nothing.
 */
export async function scoreSession(
  idle: IdleSession,
  options: ScoreSessionOptions,
  signal: AbortSignal,
): Promise<ScoredSession> {
  const { store, clock, retries, tries = 1, maxTraces = 200 } = options;
  const stored = await storedTraces(await store.session(idle.sessionId, maxTraces), options);
  const [first, ...more] = stored;
  const last = stored.at(-1);
  if (first === undefined || last === undefined) {
    await store.sessionScored(idle);
    return { scores: [], retryAt: null, wasTry: false };
  }
  const { summary } = last.stored;
  const session: Session = {
    sessionId: summary.sessionId ?? idle.sessionId,
    traces: [first.trace, ...more.map(({ trace }) => trace)],
  };
  const wanted = options.scorers.filter(({ kind }) => kind === "rule" || summary.sampling?.sampled !== false);
  const scorers = wanted.map((scorer) => onSession(scorer, session));
  const given = await options.evaluate({ trace: last.trace }, scorers, signal, summary.sampling);
  const scores = given.map((score) => {
    const planned = planRetry(score, tries, retries, clock.now());
    return withSession(planned, session, summary.sampling);
  });
  const open = scores.filter(isOpen);
  const settled = scores.filter((score) => !isOpen(score));
  if (settled.length > 0) {
    await store.addScores({
      traceId: summary.traceId,
      revision: summary.revision,
      scores: settled,
      rootAttributes: rootAttributes(settled, { revision: summary.revision }),
      sinks: options.sinkNames,
      at: clock.now(),
    });
  }
  if (open.length === 0) {
    await store.sessionScored(idle);
    return { scores, retryAt: null, wasTry: false };
  }
  const times = open.map(({ unscored }) => unscored?.retryAt ?? clock.now() + RETRY_MS);
  return { scores, retryAt: Math.min(...times), wasTry: open.some(({ unscored }) => isTry(unscored)) };
}

/** Traces of which the spans are still kept, oldest first. */
async function storedTraces(
  traceIds: readonly string[],
  { store, readTrace }: ScoreSessionOptions,
): Promise<readonly { readonly stored: StoredTrace; readonly trace: Trace }[]> {
  const found: { readonly stored: StoredTrace; readonly trace: Trace }[] = [];
  for (const traceId of traceIds) {
    const stored = await store.trace(traceId);
    if (stored?.payload == null) continue;
    const spans = readSpans(zstdDecompressSync(stored.payload)).filter((span) => span.traceId === traceId);
    const { revision, completion } = stored.summary;
    found.push({ stored, trace: readTrace(spans, { revision, ...(completion && { completion }) }) });
  }
  return found;
}

/** The scorer of sessions as one of traces, for what runs, guards and bills scorers. */
function onSession({ scoreSession: score, ...identity }: SessionScorer, session: Session): Scorer {
  return { ...identity, score: (_subject, context) => score(session, context) };
}

function withSession(score: Score, session: Session, sampling: SamplingDecision | undefined): Score {
  const probability = score.kind === "judge" ? sampling?.probability : undefined;
  return {
    ...score,
    ...(probability !== undefined && { inclusionProbability: probability }),
    metadata: {
      ...score.metadata,
      sessionId: session.sessionId,
      sessionTraces: session.traces.length,
    },
  };
}

/** Another try, or another decision, will end it. */
function isOpen({ unscored }: Score): boolean {
  const state = unscored === null ? null : ledgerStateOf(unscored);
  return state === "waiting" || state === "paused" || state === "over-budget";
}
