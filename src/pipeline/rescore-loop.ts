import { type Backoff, backoffMs } from "../core/backoff.ts";
import type { Clock } from "../core/clock.ts";
import type { Job, Queue } from "../core/queue.ts";
import type { DueScorers, Store } from "../core/store.ts";

/** Options of {@link startRescoring}. Times in ms. */
export interface RescoringOptions {
  readonly store: Pick<Store, "claimDue" | "pauses" | "ledgerRows" | "resumePaused">;
  readonly queue: Pick<Queue, "enqueue" | "counts">;
  readonly clock: Clock;
  /** Scorers whose traces may have been left `paused` by a process that did not know yet that they were resumed. */
  readonly scorers: readonly string[];
  /**
   * How long a claimed trace belongs to its job; then it is queued again, which changes nothing while the job is
   * still there. Default 60,000.
   */
  readonly leaseMs?: number;
  /** Longest time between two looks, for what other processes planned. Default 5,000. */
  readonly sweepMs?: number;
  /** Jobs in the queue above which nothing is added: new traces come first. Default 1,000. */
  readonly maxQueued?: number;
  /** Told of a fault of store or queue; the loop goes on later. Must not throw. */
  readonly onFault?: (error: unknown) => void;
}

/** The running loop. */
export interface RescoringLoop {
  /** A try is planned for this time (Unix ms). Cheap. */
  planned(retryAt: number): void;
  stop(): Promise<void>;
}

const AT_ONCE = 100;
const RETRY: Backoff = { baseMs: 1_000, maxMs: 60_000 };

/**
 * Queues a job for every trace of which a scorer's next try is due. The wait is in the ledger, not in a job: it survives
 * restarts, holds no slot of a worker, and any worker may end it.
 */
export function startRescoring(options: RescoringOptions): RescoringLoop {
  const loop = new RescoreLoop(options);
  loop.planned(0);
  return loop;
}

class RescoreLoop implements RescoringLoop {
  readonly #options: RescoringOptions;
  #timer: NodeJS.Timeout | undefined;
  /** Unix ms for which the timer is set. */
  #plannedFor = Number.POSITIVE_INFINITY;
  #round: Promise<void> | null = null;
  /** The earliest time told while a round ran. */
  #toldMeanwhile = Number.POSITIVE_INFINITY;
  #failures = 0;
  #stopped = false;

  constructor(options: RescoringOptions) {
    this.#options = options;
  }

  planned(retryAt: number): void {
    if (this.#stopped) return;
    if (this.#round !== null) {
      this.#toldMeanwhile = Math.min(this.#toldMeanwhile, retryAt);
      return;
    }
    const { clock, sweepMs = 5_000 } = this.#options;
    const dueAt = Math.min(retryAt, clock.now() + sweepMs);
    if (dueAt >= this.#plannedFor) return;
    clearTimeout(this.#timer);
    this.#plannedFor = dueAt;
    this.#timer = setTimeout(() => this.#start(), Math.max(0, dueAt - clock.now()));
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#round;
  }

  #start(): void {
    const { clock, sweepMs = 5_000, onFault = () => {} } = this.#options;
    this.#plannedFor = Number.POSITIVE_INFINITY;
    this.#round = this.#queueDue()
      .then(
        () => {
          this.#failures = 0;
          return sweepMs;
        },
        (error: unknown) => {
          onFault(error);
          return backoffMs(++this.#failures, RETRY);
        },
      )
      .then((wait) => {
        this.#round = null;
        const next = this.#failures > 0 ? Number.POSITIVE_INFINITY : this.#toldMeanwhile;
        this.#toldMeanwhile = Number.POSITIVE_INFINITY;
        this.planned(Math.min(next, clock.now() + wait));
      });
  }

  async #queueDue(): Promise<void> {
    const { store, queue, clock, leaseMs = 60_000, maxQueued = 1_000 } = this.#options;
    await this.#resumeStragglers();
    for (;;) {
      const { waiting } = await queue.counts();
      if (this.#stopped || waiting >= maxQueued) return;
      const due = await store.claimDue(clock.now(), { limit: AT_ONCE, leaseMs });
      if (due.length === 0) return;
      await queue.enqueue(due.map(jobOf));
    }
  }

  /** A worker that began a trace before its scorer was resumed has left it paused. Nobody would come back for it. */
  async #resumeStragglers(): Promise<void> {
    const { store, clock, scorers } = this.#options;
    const paused = new Set((await store.pauses()).map(({ scorer }) => scorer));
    for (const scorer of scorers) {
      if (paused.has(scorer)) continue;
      const rows = await store.ledgerRows({ state: "paused", scorer, limit: 1 });
      if (rows.length > 0) await store.resumePaused(scorer, clock.now());
    }
  }
}

function jobOf({ traceId, revision, scorers }: DueScorers): Job {
  return { v: 1, traceId, revision, from: "store", scorers };
}
