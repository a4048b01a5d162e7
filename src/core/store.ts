import type { JsonObject } from "./json.ts";
import type { Answer, NoAnswer } from "./judge.ts";
import type { Label, LabelPage } from "./label.ts";
import type { LaterQuestions } from "./later-questions.ts";
import type { LedgerState } from "./ledger-state.ts";
import type { Delivery, Lease, OutboxLease, OutboxRow } from "./outbox.ts";
import type { AgentVersion, FirstOfVersion, SamplingDecision } from "./sampling.ts";
import type { Score } from "./score.ts";
import type { CompletionReason } from "./trace.ts";

/** What is kept of every scored trace, for ever. Tokens, USD, ms. */
export interface TraceSummary {
  readonly traceId: string;
  readonly revision: number;
  readonly completion: CompletionReason | null;
  readonly rootSpanId: string | null;
  readonly name: string;
  readonly service: string | null;
  readonly agent: string | null;
  readonly agentVersion: string | null;
  readonly sessionId: string | null;
  readonly userId: string | null;
  /** Unix ms. */
  readonly startTime: number;
  readonly durationMs: number;
  readonly spans: number;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly costUsd: number | null;
  readonly errors: number;
  /** Unix ms. */
  readonly scoredAt: number;
  /** Whether judges saw it. Absent: nobody drew a sample. */
  readonly sampling?: SamplingDecision;
  /** Unix ms after which its spans are let go. Absent: they stay. */
  readonly spansUntil?: number;
  /** What was replaced in its spans before they were scored and stored, by rule. Absent: they are as they came. */
  readonly redactions?: { readonly [rule: string]: number };
}

/** One decision about one trace and scorer. */
export interface LedgerRow {
  readonly subject: string;
  readonly revision: number;
  readonly scorer: string;
  readonly version: string;
  readonly state: LedgerState;
  /** An `UnscoredCode` or error code; null when scored. */
  readonly code: string | null;
  readonly reason: string | null;
  readonly attempts: number;
  /** Unix ms. */
  readonly at: number;
  /** Unix ms of the next try; null: none planned. */
  readonly retryAt: number | null;
}

/** A scored trace on its way into the store: written as a whole or not at all. */
export interface ScoredTrace {
  readonly summary: TraceSummary;
  readonly scores: readonly Score[];
  /** `tracegate.*` attributes of the root span, as the sinks write them. */
  readonly rootAttributes: JsonObject;
  /** The trace's spans: zstd of OTLP `TracesData`. Null: only the summary is kept. */
  readonly payload: Uint8Array | null;
  /** Names of the sinks it must still reach; one outbox row each. */
  readonly sinks: readonly string[];
}

/** Scores that came after their trace was stored: a judge that was away before, a backfill. */
export interface LaterScores {
  readonly traceId: string;
  /** The revision they were made from. */
  readonly revision: number;
  readonly scores: readonly Score[];
  /** The attributes of these scores; those of the others stay. */
  readonly rootAttributes: JsonObject;
  /** Sinks to be told (again); one outbox row each. */
  readonly sinks: readonly string[];
  /** Unix ms. */
  readonly at: number;
}

/** A scored trace as read back. */
export interface StoredTrace extends Omit<ScoredTrace, "sinks"> {}

/** Which traces to list. */
export interface TraceFilter {
  /** Only traces with at least one score below its `passAt`. */
  readonly failing?: boolean;
  /** Unix ms, of the trace's start. */
  readonly since?: number;
  readonly limit?: number;
}

/** Which scores to read: those of traces that began at or after `since` (Unix ms), so many after the last one read. */
export interface ScorePage {
  readonly since: number;
  readonly after: Pick<StoredScore, "traceId" | "name"> | null;
  readonly limit: number;
}

/** A score and the trace it is about. */
export interface StoredScore extends Score {
  readonly traceId: string;
}

/** Scorers of one stored trace whose next try is due. */
export interface DueScorers {
  readonly traceId: string;
  readonly revision: number;
  /** Names. */
  readonly scorers: readonly string[];
}

/** Which ledger rows to read. */
export interface LedgerFilter {
  readonly state?: LedgerState;
  readonly scorer?: string;
  readonly limit: number;
}

/** Rows that still ask for something, counted. */
export interface OpenDecisions {
  readonly scorer: string;
  readonly state: LedgerState;
  /** An `UnscoredCode` or error code. */
  readonly code: string | null;
  readonly rows: number;
}

/** A scorer that is held back until somebody resumes it. */
export interface Pause {
  readonly scorer: string;
  /** Why, in a sentence. */
  readonly reason: string;
  /** Unix ms. */
  readonly at: number;
}

/** What one answer of a scorer's judge has cost on average. */
export interface MeanCost {
  /** USD; null when the model has no price. */
  readonly usd: number | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** How many answers the means are over. */
  readonly answers: number;
}

/** Who wants to put a question to a judge, and for what. */
export interface AnswerClaim extends Lease {
  /** Unix ms. */
  readonly now: number;
  readonly scorer: string;
  /** The trace (or session) the question is about, so that `purge` finds the answer; null: none. */
  readonly subject: string | null;
}

/**
 * Whether a question may be put to a judge.
 *
 * - `answered`: it was, here is what came of it; nothing is to be paid
 * - `claimed`: it is the caller's to ask. `inDoubt`: an earlier holder died or gave up in the middle of
 *   the call, so it may have been paid already
 * - `busy`: a living holder is asking it; its lease ends at `until` (Unix ms) unless it is renewed
 */
export type AnswerState =
  | { readonly state: "answered"; readonly result: Answer | NoAnswer }
  | { readonly state: "claimed"; readonly inDoubt: boolean }
  | { readonly state: "busy"; readonly until: number };

/** What one purse may pay a day; absent: any amount. */
export interface SpendLimits {
  readonly usd?: number;
  readonly tokens?: number;
}

/** Money and tokens of judge calls, taken from purses before they are spent. */
export interface SpendRequest {
  /** UTC, `YYYY-MM-DD`. */
  readonly day: string;
  /** All of them pay the whole of it, or none does. Limits by name of the purse. */
  readonly purses: ReadonlyMap<string, SpendLimits>;
  readonly usd: number;
  readonly tokens: number;
}

/** The first purse that has not enough left. */
export interface SpendRefusal {
  readonly purse: string;
  readonly unit: "usd" | "tokens";
  /** Taken from it so far today. */
  readonly spent: number;
}

/** Which sessions to look for, by when the last trace of each was scored; Unix ms. */
export interface IdleFilter {
  /** At or before this: nothing has come since. */
  readonly before: number;
  /** After this: what is older is left alone. */
  readonly after: number;
  readonly limit: number;
}

/** A session that has been idle since its traces were scored, and has not been scored itself since. */
export interface IdleSession {
  /** A hash of it where it is longer than 200 characters. */
  readonly sessionId: string;
  /** When its last trace was scored, Unix ms. */
  readonly lastAt: number;
}

/** Whose traces to delete. */
export type PurgeWhom =
  | { readonly traceId: string }
  | { readonly traceIds: readonly string[] }
  | { readonly userId: string };

/** For how long nothing of a purged trace is taken again. Kept under a hash of the trace id, so that the id itself is gone. */
export interface Tombstone {
  /** Unix ms of the purge. */
  readonly at: number;
  /** Unix ms. */
  readonly until: number;
}

/** What was deleted, and where it has gone before. */
export interface Purged {
  readonly traces: readonly {
    readonly traceId: string;
    /** Names of sinks it was delivered to. */
    readonly deliveredTo: readonly string[];
  }[];
  /** How many judge answers went with them. */
  readonly answers: number;
}

/**
 * Scores, ledger, outbox and judge answers. Every write that has resolved survives SIGKILL.
 *
 * Any number of processes may work on one store. What may be done by one only (a delivery, a retry, a paid
 * question) is leased; times are those of the callers' clocks, so these must agree within a few seconds.
 */
export interface Store extends LaterQuestions {
  /**
   * Idempotent by (trace, revision, scorer). An older revision never overwrites a newer one, and within a
   * revision a score without a value never one with a value. A null payload leaves that of the same
   * revision in place.
   *
   * False, and nothing written, when the trace has a tombstone: this and a purge wait for each other, so that what was saved before the
   * purge goes with it.
   */
  saveScored(scored: ScoredTrace): Promise<boolean>;
  /** Adds scores to a stored revision. False, and nothing done, when another revision is stored, or none. */
  addScores(later: LaterScores): Promise<boolean>;
  /** Records decisions that brought no score (yet). */
  record(rows: readonly LedgerRow[]): Promise<void>;
  /** Highest revision stored; 0 when none. */
  revision(traceId: string): Promise<number>;
  /** {@link revision} and {@link tombstone} in one look, for whoever is about to score the trace. `now`: Unix ms. */
  standing(
    traceId: string,
    now: number,
  ): Promise<{ readonly revision: number; readonly tombstone: Tombstone | null }>;
  trace(traceId: string): Promise<StoredTrace | null>;
  /** Ids by start time. */
  list(filter: TraceFilter): Promise<readonly TraceSummary[]>;
  /** Traces whose id starts with a prefix; for abbreviated ids on the command line. */
  find(prefix: string, limit: number): Promise<readonly string[]>;
  /** Sessions that wait to be scored as a whole, the longest idle first. Cheap. */
  idleSessions(filter: IdleFilter): Promise<readonly IdleSession[]>;
  /** Ids of a session's traces, by start time; of more than `limit` the newest. */
  session(sessionId: string, limit: number): Promise<readonly string[]>;
  /** It has been scored; it waits again when a trace comes, or a newer revision of one, that was not scored by then. */
  sessionScored(session: IdleSession): Promise<void>;
  /** Scores of all traces, by trace id and name, a page at a time. */
  scores(page: ScorePage): Promise<readonly StoredScore[]>;
  /** Keeps what people said. Of one person about one trace and question the last word counts, by `at`. */
  saveLabels(labels: readonly Label[]): Promise<void>;
  /** Labels by trace, scorer and reviewer, a page at a time. */
  labels(page: LabelPage): Promise<readonly Label[]>;
  ledger(traceId: string): Promise<readonly LedgerRow[]>;
  /** Rows of all traces, oldest decision first. Cheap for states that somebody still has to do something about. */
  ledgerRows(filter: LedgerFilter): Promise<readonly LedgerRow[]>;
  /** All rows that are not scored, filtered, sampled out or superseded, counted by scorer, state and code. Cheap. */
  openDecisions(): Promise<readonly OpenDecisions[]>;
  /**
   * Takes up to `limit` ledger rows that wait and are due. They are due again after `leaseMs`, so that a
   * holder that dies loses nothing; `addScores` and `record` settle them.
   */
  claimDue(
    now: number,
    options: { readonly limit: number; readonly leaseMs: number },
  ): Promise<readonly DueScorers[]>;
  /** Holds a scorer back in all processes and over restarts. The first reason stays. */
  pause(pause: Pause): Promise<void>;
  unpause(scorer: string): Promise<void>;
  pauses(): Promise<readonly Pause[]>;
  /** Rows of a scorer that are `paused` wait, and are due at once. Returns how many. */
  resumePaused(scorer: string, at: number): Promise<number>;
  /** Over the scorer's last 1,000 answers; null when there is none. */
  meanCost(scorer: string): Promise<MeanCost | null>;
  deliveries(traceId: string): Promise<readonly Delivery[]>;
  /**
   * Leases deliveries that are due at `now`, oldest first. Of one trace and sink never two are leased at the
   * same time.
   */
  outbox(now: number, limit: number, lease: OutboxLease): Promise<readonly OutboxRow[]>;
  /**
   * What is to be told of a leased row now, and the row as of this content: it may have become more since the row was leased, and
   * acknowledged under the edition of then it would be told once more.
   */
  contentOf(row: OutboxRow): Promise<{ readonly row: OutboxRow; readonly trace: StoredTrace | null }>;
  /** Acknowledges. A row whose content has changed since it was read stays due; one whose lease is lost stays as it is. */
  delivered(rows: readonly OutboxRow[], at: number): Promise<void>;
  /** `retryAt` null: given up. Nothing happens when the lease is lost. */
  deliveryFailed(row: OutboxRow, reason: string, at: number, retryAt: number | null): Promise<void>;
  /** Gives back, untried, all deliveries a holder has leased. */
  releaseDeliveries(holder: string): Promise<void>;
  /** Asked before every call that costs money; atomic over all processes. A claim is written before it is given. */
  beginAnswer(key: string, claim: AnswerClaim): Promise<AnswerState>;
  /** What came of a question that was asked for this subject; null: ask `beginAnswer`. Claims nothing. */
  knownAnswer(key: string, subject: string | null): Promise<Answer | NoAnswer | null>;
  /** Keeps the claims of a living holder alive. `until`: Unix ms. */
  renewAnswers(holder: string, until: number): Promise<void>;
  /**
   * Ends a claim: with an answer, or with a missing one that was paid for and would be the same again, both of
   * which are remembered; null: nothing was paid, so the claim is forgotten; `in-doubt`: nobody knows, so the
   * next one to claim it is told. Of two results of one question the first stays.
   */
  settle(
    key: string,
    result: Answer | NoAnswer | "in-doubt" | null,
    by: { readonly holder: string; readonly at: number },
  ): Promise<void>;
  /** Takes from purses what a call may cost, if none of them goes over its limit; atomic over all processes. Null: it is taken. */
  reserveSpend(request: SpendRequest): Promise<SpendRefusal | null>;
  /** Takes the difference to what it has cost: less than nothing gives back. */
  settleSpend(
    day: string,
    purses: readonly string[],
    more: { readonly usd: number; readonly tokens: number },
  ): Promise<void>;
  /** Forgets missing answers about a subject, so that asking again pays again. Returns how many. */
  forgetNoAnswers(subject: string, scorer: string): Promise<number>;
  /** How many traces and scores are stored, and deliveries waiting. Reads whole tables. */
  counts(): Promise<{ readonly traces: number; readonly scores: number; readonly outbox: number }>;
  /** What still has to be done: deliveries, and scorers that wait for another try. Cheap. */
  waiting(): Promise<{ readonly deliveries: number; readonly retries: number }>;
  /**
   * Lets go of spans whose `spansUntil` is before `now` (Unix ms): looks at `limit` traces at most; summaries and scores
   * stay. Spans that a sink still waits for stay an hour longer, again and again. Returns how many went.
   */
  dropPayloads(now: number, limit: number): Promise<number>;
  /**
   * Takes one of the first places of an agent's version and gives how many were taken before; `limit` when there is none
   * left. Atomic over all processes.
   */
  countVersion(version: AgentVersion, first: FirstOfVersion): Promise<number>;
  /** What {@link purge} would delete. */
  toPurge(whom: PurgeWhom): Promise<Purged>;
  /**
   * Deletes everything of some traces: scores, ledger, spans, deliveries, labels, judge answers. With a tombstone, they are not
   * saved again until it ends, nor are decisions and labels about them; who has judges asked looks at {@link tombstone} before and after.
   */
  purge(whom: PurgeWhom, tombstone?: Tombstone): Promise<Purged>;
  /** Of a trace that was purged; null when it was not, or when that ended before `now` (Unix ms). */
  tombstone(traceId: string, now: number): Promise<Tombstone | null>;
  close(): Promise<void>;
}
