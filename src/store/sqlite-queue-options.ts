import type { Clock } from "../core/clock.ts";

/** Options of `SqliteQueue`. */
export interface SqliteQueueOptions {
  /** How long a consumer holds a job before others may take it; renewed while it works. Default 30,000 ms. */
  readonly leaseMs?: number;
  /** Tries of one job, crashes included. Default 8. */
  readonly maxAttempts?: number;
  /** First wait after a retryable failure, then doubling. Default 1,000 ms. */
  readonly backoffMs?: number;
  /** Longest wait. Default 300,000 ms. */
  readonly maxBackoffMs?: number;
  /** Default: the machine's. Timers always follow the machine's. */
  readonly clock?: Clock;
  /** Told of faults of the queue itself, which it survives. */
  readonly onFault?: (error: unknown) => void;
}
