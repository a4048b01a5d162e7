import type { JsonObject } from "./json.ts";
import type { Tombstone } from "./purging.ts";
import type { SamplingDecision } from "./sampling.ts";
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

/** Traces with their scores and spans. Part of the store. */
export interface ScoredTraces {
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
  /** Highest revision stored; 0 when none. */
  revision(traceId: string): Promise<number>;
  /** {@link revision} and `tombstone` in one look, for whoever is about to score the trace. `now`: Unix ms. */
  standing(
    traceId: string,
    now: number,
  ): Promise<{ readonly revision: number; readonly tombstone: Tombstone | null }>;
  trace(traceId: string): Promise<StoredTrace | null>;
  /** Ids by start time. */
  list(filter: TraceFilter): Promise<readonly TraceSummary[]>;
  /** Traces whose id starts with a prefix; for abbreviated ids on the command line. */
  find(prefix: string, limit: number): Promise<readonly string[]>;
  /** Scores of all traces, by trace id and name, a page at a time. */
  scores(page: ScorePage): Promise<readonly StoredScore[]>;
  /**
   * Lets go of spans whose `spansUntil` is before `now` (Unix ms): looks at `limit` traces at most; summaries and scores
   * stay. Spans that a sink still waits for stay an hour longer, again and again. Returns how many went.
   */
  dropPayloads(now: number, limit: number): Promise<number>;
}
