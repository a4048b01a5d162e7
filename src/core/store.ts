import type { JsonObject } from "./json.ts";
import type { Answer } from "./judge.ts";
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
}

/** One decision about one trace and scorer. */
export interface LedgerRow {
  readonly subject: string;
  readonly revision: number;
  readonly scorer: string;
  readonly version: string;
  readonly state: "scored" | "unscored" | "waiting" | "failed" | "superseded";
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
  /** The trace's spans: zstd of OTLP `TracesData`. */
  readonly payload: Uint8Array;
  /** Names of the sinks it must still reach; one outbox row each. */
  readonly sinks: readonly string[];
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

/** One delivery still to be made. */
export interface OutboxRow {
  readonly id: number;
  readonly sink: string;
  readonly traceId: string;
  readonly revision: number;
  readonly attempts: number;
}

/** Where a delivery stands, for `tracegate why`. */
export interface Delivery {
  readonly sink: string;
  readonly revision: number;
  readonly state: "waiting" | "delivered" | "failed";
  readonly attempts: number;
  readonly reason: string | null;
  /** Unix ms. */
  readonly at: number;
}

/** Scores, ledger, outbox and judge answers. Every write that has resolved survives SIGKILL. */
export interface Store {
  /** Idempotent by (trace, revision, scorer). An older revision never overwrites a newer one. */
  saveScored(scored: ScoredTrace): Promise<void>;
  /** Records decisions that brought no score (yet). */
  record(rows: readonly LedgerRow[]): Promise<void>;
  /** Highest revision stored; 0 when none. */
  revision(traceId: string): Promise<number>;
  trace(traceId: string): Promise<StoredTrace | null>;
  /** Ids by start time. */
  list(filter: TraceFilter): Promise<readonly TraceSummary[]>;
  /** Traces whose id starts with a prefix; for abbreviated ids on the command line. */
  find(prefix: string, limit: number): Promise<readonly string[]>;
  ledger(traceId: string): Promise<readonly LedgerRow[]>;
  deliveries(traceId: string): Promise<readonly Delivery[]>;
  /** Deliveries due at `now`, oldest first. */
  outbox(now: number, limit: number): Promise<readonly OutboxRow[]>;
  delivered(rows: readonly OutboxRow[], at: number): Promise<void>;
  /** `retryAt` null: given up. */
  deliveryFailed(row: OutboxRow, reason: string, at: number, retryAt: number | null): Promise<void>;
  /** The answer given to a question with this key, if any; `in-doubt` when a call began and never ended. */
  answer(key: string): Promise<Answer | "in-doubt" | null>;
  /** Written before a call that costs money. */
  intend(key: string, at: number): Promise<void>;
  /** Written after it; a null answer takes the intent back. */
  settle(key: string, answer: Answer | null): Promise<void>;
  /** How many traces are stored, and deliveries waiting. */
  counts(): Promise<{ readonly traces: number; readonly scores: number; readonly outbox: number }>;
  close(): Promise<void>;
}
