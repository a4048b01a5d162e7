import { once } from "node:events";
import { type Job as BullJob, Queue as BullQueue, type JobType } from "bullmq";

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
import { jobId } from "../core/queue.ts";
import { type BullmqSettings, reasonOf, startBullmqConsumer } from "./bullmq-consumer.ts";
import { connectRedis, type RedisClient } from "./connect.ts";
import { DEFAULT_INLINE_BYTES, readableJob } from "./parse-job.ts";
import { keyPrefix, parseRedisAddress } from "./redis-address.ts";
import { redisFault } from "./redis-fault.ts";

/** Options of {@link openBullmqQueue}. */
export interface BullmqQueueOptions {
  /** E.g. `redis://localhost:6379`; a Redis Cluster as `redis://a:6379,redis://b:6379`. */
  readonly url: string;
  /** First part of every key, so that several can share one Redis; on a cluster in braces. Default `tracegate`. */
  readonly prefix?: string;
  /**
   * How long a worker holds a job without a sign of life, ms; renewed at half of it. Must be longer than
   * a rule scorer may block the process. Default 12,000.
   */
  readonly lockMs?: number;
  /** How often jobs of dead workers are looked for, ms: they are handed out after lockMs + 2 × this. Default 3,000. */
  readonly stalledCheckMs?: number;
  /** Tries of one job; a worker's death counts separately, up to the same number. Default 8. */
  readonly maxAttempts?: number;
  /** First wait after a retryable failure, then doubling. Default 1,000 ms. */
  readonly backoffMs?: number;
  /** Longest wait. Default 300,000 ms. */
  readonly maxBackoffMs?: number;
  /** Bytes of OTLP that a job of another program may carry, decoded. Default 16 MiB. */
  readonly maxInlineBytes?: number;
  /** Told of faults of the queue itself, which it survives. */
  readonly onFault?: (error: unknown) => void;
}

const NAME = "traces";
/** Jobs in hand are locked. */
const PURGED_STATES: JobType[] = ["waiting", "prioritized", "delayed", "failed"];
const PURGED_AT_ONCE = 200;
const KEPT_DEAD_JOBS = 10_000;
/** Time for closing, ms. */
const CLOSE_MS = 2_000;
/** Jobs among which the oldest is looked for: with more urgent ones than this before it, it looks younger than it is. */
const LOOKED_AT = 64;

/**
 * Opens {@link Queue} on BullMQ. Jobs are named `<traceId>-<revision>`, finished ones are removed, dead ones
 * are BullMQ's failed jobs, so the usual BullMQ tools can look at them.
 *
 * @throws TracegateError `unavailable`, `refused` or `config`, see `connectRedis`.
 */
export async function openBullmqQueue(options: BullmqQueueOptions): Promise<Queue> {
  const settings = {
    url: options.url,
    name: NAME,
    prefix: keyPrefix(options.prefix ?? "tracegate", parseRedisAddress(options.url)),
    lockMs: options.lockMs ?? 12_000,
    stalledCheckMs: options.stalledCheckMs ?? 3_000,
    maxAttempts: options.maxAttempts ?? 8,
    backoffMs: options.backoffMs ?? 1_000,
    maxBackoffMs: options.maxBackoffMs ?? 300_000,
    maxInlineBytes: options.maxInlineBytes ?? DEFAULT_INLINE_BYTES,
    keptDeadJobs: KEPT_DEAD_JOBS,
    onFault: options.onFault ?? (() => {}),
  };
  const redis = await connectRedis(options.url, { commands: "bounded", onFault: settings.onFault });
  return new BullmqQueue(redis, settings);
}

class BullmqQueue implements Queue {
  readonly #redis: RedisClient;
  readonly #settings: BullmqSettings;
  readonly #queue: BullQueue<Job, void>;
  readonly #consumers = new Set<Consumer>();

  constructor(redis: RedisClient, settings: BullmqSettings) {
    this.#redis = redis;
    this.#settings = settings;
    const { name, prefix, maxAttempts } = settings;
    this.#queue = new BullQueue<Job, void>(name, {
      connection: redis,
      prefix,
      defaultJobOptions: {
        attempts: maxAttempts,
        backoff: { type: "custom" },
        removeOnComplete: true,
        removeOnFail: { count: KEPT_DEAD_JOBS },
        stackTraceLimit: 3,
      },
    });
    this.#queue.on("error", (error) => settings.onFault(redisFault(redis, "reaching the queue", error)));
  }

  async enqueue(jobs: readonly Job[], { urgent = false }: EnqueueOptions = {}): Promise<void> {
    if (jobs.length === 0) return;
    try {
      await this.#removeDead(jobs.map(jobId));
      await this.#queue.addBulk(
        // At the end that jobs are taken from: the last urgent one first. Under BullMQ's priorities every job costs a
        // sorted set more.
        jobs.map((job) => ({ name: "score", data: job, opts: { jobId: jobId(job), lifo: urgent } })),
      );
    } catch (error) {
      throw redisFault(this.#redis, `queuing ${jobs.length} trace(s)`, error);
    }
  }

  async consume(handler: JobHandler, options: ConsumeOptions): Promise<Consumer> {
    const running = await startBullmqConsumer(handler, options, this.#settings);
    const consumer: Consumer = {
      stop: async (graceMs) => {
        await running.stop(graceMs);
        this.#consumers.delete(consumer);
      },
    };
    this.#consumers.add(consumer);
    return consumer;
  }

  async counts(): Promise<QueueCounts> {
    try {
      const counts = await this.#queue.getJobCounts("waiting", "active", "delayed", "failed");
      const count = (state: string) => counts[state] ?? 0;
      return {
        waiting: count("waiting"),
        active: count("active"),
        delayed: count("delayed"),
        dead: count("failed"),
      };
    } catch (error) {
      throw redisFault(this.#redis, "counting the queue", error);
    }
  }

  async oldest(): Promise<number | null> {
    try {
      // Jobs are put in on the left and taken from the right, where urgent ones are put in too, before the oldest other.
      const ids = await this.#redis.lrange(this.#queue.toKey("wait"), -LOOKED_AT, -1);
      const times = await Promise.all(ids.map((id) => this.#redis.hget(this.#queue.toKey(id), "timestamp")));
      const known = times.flatMap((time) => (time === null ? [] : [Number(time)]));
      return known.length === 0 ? null : Math.min(...known);
    } catch (error) {
      throw redisFault(this.#redis, "looking at the queue", error);
    }
  }

  async dead(limit: number, before = Number.MAX_SAFE_INTEGER): Promise<readonly DeadJob[]> {
    if (limit < 1) return [];
    try {
      // BullMQ lists by place only; the time of death is the score of the set.
      const failed = this.#queue.toKey("failed");
      const ids = await this.#redis.zrevrangebyscore(failed, `(${before}`, "-inf", "LIMIT", 0, limit);
      const jobs = await Promise.all(ids.map((id) => this.#queue.getJob(id)));
      return jobs.flatMap((job) => (job?.id === undefined ? [] : [deadJob(job.id, job)]));
    } catch (error) {
      throw redisFault(this.#redis, "listing dead jobs", error);
    }
  }

  async redrive(ids: readonly string[]): Promise<number> {
    try {
      const redriven = await Promise.all((await this.#deadAmong(ids)).map((id) => this.#redrive(id)));
      return redriven.filter(Boolean).length;
    } catch (error) {
      throw redisFault(this.#redis, "running dead jobs again", error);
    }
  }

  async forget(ids: readonly string[]): Promise<number> {
    try {
      const removed = await Promise.all((await this.#deadAmong(ids)).map((id) => this.#queue.remove(id)));
      return removed.filter((count) => count === 1).length;
    } catch (error) {
      throw redisFault(this.#redis, "deleting dead jobs", error);
    }
  }

  async purge(matches: (job: Job) => boolean): Promise<number> {
    try {
      const ids: string[] = [];
      for (let start = 0; ; start += PURGED_AT_ONCE) {
        const jobs = await this.#queue.getJobs(PURGED_STATES, start, start + PURGED_AT_ONCE - 1);
        if (jobs.length === 0) break;
        for (const { id, data } of jobs.filter(Boolean))
          if (id !== undefined && matches(readableJob(data, id))) ids.push(id);
      }
      const removed = await Promise.all([...new Set(ids)].map((id) => this.#queue.remove(id)));
      // Every event has the name of its job, and entries that are taken out of a stream one by one stay in its memory.
      await this.#redis.xtrim(this.#queue.toKey("events"), "MAXLEN", 0);
      return removed.filter((count) => count === 1).length;
    } catch (error) {
      throw redisFault(this.#redis, "purging jobs", error);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => consumer.stop(0)));
    // Waits for ever for a Redis that is away.
    const late = AbortSignal.timeout(CLOSE_MS);
    await Promise.race([this.#queue.close(), once(late, "abort")]);
    this.#redis.disconnect();
  }

  /** BullMQ ignores a job whose id it knows, failed ones too; those are to run again. */
  async #removeDead(ids: readonly string[]): Promise<void> {
    await Promise.all((await this.#deadAmong(ids)).map((id) => this.#queue.remove(id)));
  }

  async #deadAmong(ids: readonly string[]): Promise<readonly string[]> {
    if (ids.length === 0) return [];
    const scores = await this.#redis.zmscore(this.#queue.toKey("failed"), ...ids);
    return ids.filter((_, index) => scores[index] !== null);
  }

  /** False when somebody else was faster. */
  async #redrive(id: string): Promise<boolean> {
    const job = await this.#queue.getJob(id);
    if (!job) return false;
    // BullMQ keeps the counter of stalls.
    await this.#redis.hdel(this.#queue.toKey(id), "stc");
    try {
      await job.retry("failed", { resetAttemptsMade: true, resetAttemptsStarted: true });
      return true;
    } catch (error) {
      if ((await this.#deadAmong([id])).length === 0) return false;
      throw error;
    }
  }
}

function deadJob(id: string, job: BullJob<Job, void>): DeadJob {
  const { data, failedReason, finishedOn } = job;
  return { id, job: readableJob(data, id), reason: reasonOf(failedReason ?? ""), at: finishedOn ?? 0 };
}
