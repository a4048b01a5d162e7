import type { Answers } from "./answers.ts";
import type { BatchQuestions } from "./batch-questions.ts";
import type { Labels } from "./label.ts";
import type { Ledger } from "./ledger.ts";
import type { Outbox } from "./outbox.ts";
import type { Purging } from "./purging.ts";
import type { VersionCounts } from "./sampling.ts";
import type { ScoredTraces } from "./scored-traces.ts";
import type { Sessions } from "./sessions.ts";
import type { Spending } from "./spending.ts";

export type { AnswerClaim, AnswerState, MeanCost } from "./answers.ts";
export type { DueScorers, LedgerFilter, LedgerRow, OpenDecisions, Pause } from "./ledger.ts";
export type { Purged, PurgeWhom, Tombstone } from "./purging.ts";
export type {
  LaterScores,
  ScoredTrace,
  ScorePage,
  StoredScore,
  StoredTrace,
  TraceFilter,
  TraceSummary,
} from "./scored-traces.ts";
export type { IdleFilter, IdleSession } from "./sessions.ts";
export type { SpendLimits, SpendRefusal, SpendRequest } from "./spending.ts";

/**
 * Scores, ledger, outbox and judge answers. Every write that has resolved survives SIGKILL.
 *
 * Any number of processes may work on one store. What may be done by one only (a delivery, a retry, a paid
 * question) is leased; times are those of the callers' clocks, so these must agree within a few seconds.
 */
export interface Store
  extends ScoredTraces,
    Sessions,
    Ledger,
    Labels,
    Outbox,
    Answers,
    Spending,
    BatchQuestions,
    VersionCounts,
    Purging {
  /** How many traces and scores are stored, and deliveries waiting. Reads whole tables. */
  counts(): Promise<{ readonly traces: number; readonly scores: number; readonly outbox: number }>;
  /** What still has to be done: deliveries, and scorers that wait for another try. Cheap. */
  waiting(): Promise<{ readonly deliveries: number; readonly retries: number }>;
  close(): Promise<void>;
}
