import { Queue as BullQueue } from "bullmq";
import type { Redis } from "ioredis";

import type { ConsumeOptions, Consumer, Job, JobHandler, Queue, QueueCounts } from "../core/queue.ts";
import { jobId } from "../core/queue.ts";
import { type BullmqSettings, startBullmqConsumer } from "./bullmq-consumer.ts";
import { connectRedis, redisFault } from "./connect.ts";

/** Options of {@link openBullmqQueue}. */
export interface BullmqQueueOptions {
  /** E.g. `redis://localhost:6379`. */
  readonly url: string;
  /** First part of every key, so that several can share one Redis. Default `tracegate`. */
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
  /** Told of faults of the queue itself, which it survives. */
  readonly onFault?: (error: unknown) => void;
}

const NAME = "traces";
const KEPT_DEAD_JOBS = 10_000;

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
    prefix: options.prefix ?? "tracegate",
    lockMs: options.lockMs ?? 12_000,
    stalledCheckMs: options.stalledCheckMs ?? 3_000,
    maxAttempts: options.maxAttempts ?? 8,
    backoffMs: options.backoffMs ?? 1_000,
    maxBackoffMs: options.maxBackoffMs ?? 300_000,
    onFault: options.onFault ?? (() => {}),
  };
  const redis = await connectRedis(options.url, { commands: "bounded", onFault: settings.onFault });
  return new BullmqQueue(redis, settings);
}

class BullmqQueue implements Queue {
  readonly #redis: Redis;
  readonly #settings: BullmqSettings;
  readonly #queue: BullQueue<Job, void>;
  readonly #consumers = new Set<Consumer>();

  constructor(redis: Redis, settings: BullmqSettings) {
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
    this.#queue.on("error", settings.onFault);
  }

  async enqueue(jobs: readonly Job[]): Promise<void> {
    if (jobs.length === 0) return;
    try {
      await this.#removeDead(jobs.map(jobId));
      await this.#queue.addBulk(
        jobs.map((job) => ({ name: "score", data: job, opts: { jobId: jobId(job) } })),
      );
    } catch (error) {
      throw redisFault(`queuing ${jobs.length} trace(s)`, error);
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
      throw redisFault("counting the queue", error);
    }
  }

  async dead(
    limit: number,
  ): Promise<readonly { readonly job: Job; readonly reason: string; readonly at: number }[]> {
    if (limit < 1) return [];
    try {
      const failed = await this.#queue.getFailed(0, limit - 1);
      return failed.map(({ data, failedReason, finishedOn }) => ({
        job: data,
        reason: failedReason ?? "",
        at: finishedOn ?? 0,
      }));
    } catch (error) {
      throw redisFault("listing dead jobs", error);
    }
  }

  async close(): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => consumer.stop(0)));
    await this.#queue.close();
    this.#redis.disconnect();
  }

  /** BullMQ ignores a job whose id it knows, failed ones too; those are to run again. */
  async #removeDead(ids: readonly string[]): Promise<void> {
    const scores = await this.#redis.zmscore(this.#queue.toKey("failed"), ...ids);
    await Promise.all(ids.filter((_, index) => scores[index] !== null).map((id) => this.#queue.remove(id)));
  }
}
