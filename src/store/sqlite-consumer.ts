import { setTimeout as delay } from "node:timers/promises";

import { backoffMs } from "../core/backoff.ts";
import { messageOf, TracegateError } from "../core/errors.ts";
import type { ConsumeOptions, JobHandler } from "../core/queue.ts";
import type { JobTable, LeasedJob } from "./job-table.ts";
import { newHolder } from "./lease-holder.ts";
import type { SqliteQueueOptions } from "./sqlite-queue-options.ts";
import type { StateDatabase } from "./state-database.ts";

const RETRY_CLAIM_MS = 1_000;
/** Longest wait of a job that could not be done because a service is away, ms. */
const AWAY_MS = 5_000;
/** For how long such waits are no tries of a job, ms; then what the service fails at may be the job. */
const AWAY_FOR_MS = 86_400_000;
const MAX_TIMER_MS = 2 ** 31 - 1;

/** A job in hand. */
interface InHand {
  readonly leased: LeasedJob;
  readonly abort: AbortController;
}

/** One running consumer of a {@link JobTable}: claims, runs, renews, settles. */
export class SqliteConsumer {
  readonly #database: StateDatabase;
  readonly #jobs: JobTable;
  readonly #handler: JobHandler;
  readonly #settings: Required<SqliteQueueOptions> & Required<ConsumeOptions>;
  readonly #holder = newHolder();
  readonly #inHand = new Set<InHand>();
  /** Handlers and what follows them, until settled. */
  readonly #running = new Set<Promise<void>>();
  /** Since when jobs wait for a service that is away, by `seq`, Unix ms. */
  readonly #awaySince = new Map<number, number>();
  #claims = 0;
  #claiming: Promise<void> | null = null;
  #claimAgain = false;
  #stopping = false;
  #sweepTimer: NodeJS.Timeout | undefined;
  #wakeTimer: NodeJS.Timeout | undefined;
  /** Unix ms for which the wake timer is set. */
  #plannedWake = Number.POSITIVE_INFINITY;

  constructor(
    database: StateDatabase,
    jobs: JobTable,
    handler: JobHandler,
    settings: Required<SqliteQueueOptions> & Required<ConsumeOptions>,
  ) {
    this.#database = database;
    this.#jobs = jobs;
    this.#handler = handler;
    this.#settings = settings;
  }

  /** Takes over what dead processes left, then begins to claim. */
  async start(): Promise<void> {
    await this.#sweep();
    this.#sweepTimer = setInterval(() => {
      this.#sweep().catch(this.#settings.onFault);
    }, this.#settings.leaseMs / 3);
  }

  /** There may be something to claim. */
  wake(): void {
    if (this.#stopping || this.#inHand.size >= this.#settings.concurrency) return;
    if (this.#claiming !== null) {
      this.#claimAgain = true;
      return;
    }
    this.#claiming = this.#claim().catch((error: unknown) => {
      this.#claiming = null;
      this.#settings.onFault(error);
      this.#wakeAt(Date.now() + RETRY_CLAIM_MS);
    });
  }

  /** See `Consumer.stop`. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#wakeTimer);
    await this.#claiming;
    const timeout = new AbortController();
    const finished = Promise.all(this.#running).then(() => timeout.abort());
    await Promise.race([finished, delay(graceMs, undefined, { signal: timeout.signal }).catch(() => {})]);
    clearInterval(this.#sweepTimer);
    await this.#giveBack([...this.#inHand]);
  }

  async #claim(): Promise<void> {
    this.#claimAgain = false;
    const { clock, leaseMs, concurrency } = this.#settings;
    const claimed = await this.#database.write(() => {
      const now = Math.floor(clock.now());
      this.#claims += 1;
      const holder = `${this.#holder}|${this.#claims}`;
      const free = concurrency - this.#inHand.size;
      const jobs = this.#jobs.claim(holder, now, now + leaseMs, free);
      return { jobs, isFull: jobs.length === free, now, nextAt: this.#jobs.nextRunAt() };
    }, "kill");
    const started = claimed.jobs.map((leased) => ({ leased, abort: new AbortController() }));
    for (const held of started) this.#inHand.add(held);
    this.#claiming = null;
    if (this.#stopping) return this.#giveBack(started);
    for (const held of started) this.#start(held);
    if (this.#claimAgain) this.wake();
    else if (!claimed.isFull && claimed.nextAt !== null)
      this.#wakeAt(Date.now() + claimed.nextAt - claimed.now);
  }

  #start(held: InHand): void {
    const run = this.#run(held)
      .catch(this.#settings.onFault)
      .finally(() => this.#running.delete(run));
    this.#running.add(run);
  }

  async #run(held: InHand): Promise<void> {
    const { leased, abort } = held;
    let settle = () => this.#jobs.finish(leased);
    let onDead = () => {};
    try {
      const { job, attempt, deaths } = leased;
      await this.#handler(job, { number: attempt, deaths, signal: abort.signal });
      this.#awaySince.delete(leased.seq);
    } catch (error) {
      if (this.#isForService(leased, error)) settle = () => this.#waitForService(leased, error);
      else {
        settle = () => this.#fail(leased, error);
        if (this.#isFinal(leased, error)) {
          this.#awaySince.delete(leased.seq);
          onDead = () => this.#settings.onDead(leased.job, asError(error), leased.attempt);
        }
      }
    }
    // Given back or lost meanwhile: the outcome belongs to whoever has the job now.
    if (!this.#inHand.delete(held)) return;
    const settled = this.#database.write(settle, "kill");
    // Before the wait, so that the next claim shares the transaction.
    this.wake();
    await settled;
    onDead();
  }

  #isForService({ seq }: LeasedJob, error: unknown): boolean {
    if (!(error instanceof TracegateError && error.away)) {
      this.#awaySince.delete(seq);
      return false;
    }
    const now = this.#settings.clock.now();
    const since = this.#awaySince.get(seq) ?? now;
    this.#awaySince.set(seq, since);
    return now - since < AWAY_FOR_MS;
  }

  /** That was no try of the job: an absence of less than a day kills none. */
  #waitForService(leased: LeasedJob, error: unknown): void {
    const now = Math.floor(this.#settings.clock.now());
    const wait = Math.min(AWAY_MS, this.#settings.maxBackoffMs);
    this.#jobs.giveBack(leased, now + wait, messageOf(error));
    this.#wakeAt(Date.now() + wait);
  }

  #fail(leased: LeasedJob, error: unknown): void {
    const now = Math.floor(this.#settings.clock.now());
    const reason = messageOf(error);
    if (this.#isFinal(leased, error)) {
      this.#jobs.bury(leased, reason, now);
      return;
    }
    const { backoffMs: baseMs, maxBackoffMs: maxMs } = this.#settings;
    const wait = backoffMs(leased.attempt, { baseMs, maxMs });
    const notBefore = error instanceof TracegateError ? (error.retryAt ?? 0) : 0;
    const runAt = Math.max(now + wait, Math.ceil(notBefore));
    this.#jobs.retry(leased, reason, runAt);
    this.#wakeAt(Date.now() + runAt - now);
  }

  #isFinal(leased: LeasedJob, error: unknown): boolean {
    const retryable = error instanceof TracegateError && error.retryable;
    return !retryable || leased.attempt >= this.#settings.maxAttempts;
  }

  /** Renews our leases, drops those lost, takes over those of the dead. */
  async #sweep(): Promise<void> {
    const { clock, leaseMs, maxAttempts } = this.#settings;
    const { lost, buried } = await this.#database.write(() => {
      const now = Math.floor(clock.now());
      return {
        lost: [...this.#inHand].filter((held) => !this.#jobs.renew(held.leased, now + leaseMs)),
        buried: this.#jobs.takeOver(now, maxAttempts),
      };
    }, "kill");
    for (const held of lost) this.#drop(held);
    for (const { job, reason, tries } of buried)
      this.#settings.onDead(job, new TracegateError("internal", reason), tries);
    this.wake();
  }

  async #giveBack(all: readonly InHand[]): Promise<void> {
    const given = all.filter((held) => this.#drop(held));
    if (given.length === 0) return;
    await this.#database.write(() => {
      const now = Math.floor(this.#settings.clock.now());
      for (const held of given) this.#jobs.giveBack(held.leased, now);
    }, "kill");
  }

  #drop(held: InHand): boolean {
    held.abort.abort();
    return this.#inHand.delete(held);
  }

  /** An earlier planned time stays; what is due later is found again by the claim it causes. */
  #wakeAt(time: number): void {
    if (this.#stopping || time >= this.#plannedWake) return;
    clearTimeout(this.#wakeTimer);
    this.#plannedWake = time;
    const wait = Math.min(Math.max(time - Date.now(), 1), MAX_TIMER_MS);
    this.#wakeTimer = setTimeout(() => {
      this.#plannedWake = Number.POSITIVE_INFINITY;
      this.wake();
    }, wait);
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
