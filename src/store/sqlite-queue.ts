import { systemClock } from "../core/clock.ts";
import type {
  ConsumeOptions,
  Consumer,
  DeadJob,
  EnqueueOptions,
  Job,
  JobHandler,
  Queue,
  QueueCounts,
} from "../core/queue.ts";
import { JobTable } from "./job-table.ts";
import { SqliteConsumer } from "./sqlite-consumer.ts";
import type { SqliteQueueOptions } from "./sqlite-queue-options.ts";
import type { StateDatabase } from "./state-database.ts";

/**
 * {@link Queue} in the state file: urgent jobs first, then first in, first out, retried jobs by their due time. A consumer of this
 * object is woken by `enqueue` at once; jobs put in by another process are found within a third of a lease.
 */
export class SqliteQueue implements Queue {
  readonly #database: StateDatabase;
  readonly #jobs: JobTable;
  readonly #options: Required<SqliteQueueOptions>;
  readonly #consumers = new Set<SqliteConsumer>();

  constructor(database: StateDatabase, options: SqliteQueueOptions = {}) {
    this.#database = database;
    this.#jobs = new JobTable(database);
    this.#options = {
      leaseMs: options.leaseMs ?? 30_000,
      maxAttempts: options.maxAttempts ?? 8,
      backoffMs: options.backoffMs ?? 1_000,
      maxBackoffMs: options.maxBackoffMs ?? 300_000,
      clock: options.clock ?? systemClock,
      onFault: options.onFault ?? (() => {}),
    };
  }

  async enqueue(jobs: readonly Job[], { urgent = false }: EnqueueOptions = {}): Promise<void> {
    if (jobs.length === 0) return;
    await this.#database.write(() => {
      for (const job of jobs) this.#jobs.insert(job, this.#now(), urgent);
    });
    for (const consumer of this.#consumers) consumer.wake();
  }

  async consume(handler: JobHandler, options: ConsumeOptions): Promise<Consumer> {
    const { concurrency, onDead = () => {} } = options;
    const settings = { ...this.#options, concurrency, onDead };
    const consumer = new SqliteConsumer(this.#database, this.#jobs, handler, settings);
    await consumer.start();
    this.#consumers.add(consumer);
    return {
      stop: async (graceMs) => {
        await consumer.stop(graceMs);
        this.#consumers.delete(consumer);
        for (const other of this.#consumers) other.wake();
      },
    };
  }

  async counts(): Promise<QueueCounts> {
    return this.#jobs.counts(this.#now());
  }

  async oldest(): Promise<number | null> {
    const runAt = this.#jobs.nextRunAt();
    return runAt === null || runAt > this.#now() ? null : runAt;
  }

  async dead(limit: number, before?: number): Promise<readonly DeadJob[]> {
    return this.#jobs.dead(limit, before);
  }

  async redrive(ids: readonly string[]): Promise<number> {
    const redriven = await this.#database.write(() => this.#jobs.redrive(ids, this.#now()));
    for (const consumer of this.#consumers) consumer.wake();
    return redriven;
  }

  forget(ids: readonly string[]): Promise<number> {
    return this.#database.write(() => this.#jobs.forget(ids));
  }

  /** Jobs in hand too: the lease is lost, so the holder's outcome counts for nothing. */
  purge(matches: (job: Job) => boolean): Promise<number> {
    return this.#database.write(() => this.#jobs.purge(matches));
  }

  /** Stops its consumers without grace; the database belongs to whoever opened it. */
  async close(): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => consumer.stop(0)));
    this.#consumers.clear();
  }

  #now(): number {
    return Math.floor(this.#options.clock.now());
  }
}
