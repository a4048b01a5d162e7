import type { LedgerState } from "./ledger-state.ts";

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

/** Scorers of one stored trace whose next try is due. */
export interface DueScorers {
  readonly traceId: string;
  readonly revision: number;
  /** Names. */
  readonly scorers: readonly string[];
}

/** A scorer that is held back until somebody resumes it. */
export interface Pause {
  readonly scorer: string;
  /** Why, in a sentence. */
  readonly reason: string;
  /** Unix ms. */
  readonly at: number;
}

/** Every decision about every trace, and which scorers are held back. Part of the store. */
export interface Ledger {
  /** Records decisions that brought no score (yet). */
  record(rows: readonly LedgerRow[]): Promise<void>;
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
}
