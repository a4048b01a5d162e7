import { setTimeout as delay } from "node:timers/promises";
import { type Job as BullJob, Worker as BullWorker, UnrecoverableError, WaitingError } from "bullmq";

import { backoffMs } from "../core/backoff.ts";
import { messageOf, TracegateError } from "../core/errors.ts";
import type { ConsumeOptions, Consumer, Job, JobHandler } from "../core/queue.ts";
import { connectRedis } from "./connect.ts";

/** What queue and consumer share; see `BullmqQueueOptions`. */
export interface BullmqSettings {
  readonly url: string;
  readonly name: string;
  readonly prefix: string;
  readonly lockMs: number;
  readonly stalledCheckMs: number;
  readonly maxAttempts: number;
  readonly backoffMs: number;
  readonly maxBackoffMs: number;
  readonly onFault: (error: unknown) => void;
}

/** Starts a BullMQ worker with connections of its own. */
export async function startBullmqConsumer(
  handler: JobHandler,
  options: ConsumeOptions,
  settings: BullmqSettings,
): Promise<Consumer> {
  const { url, name, prefix, onFault } = settings;
  const redis = await connectRedis(url, { commands: "patient", onFault });
  const inHand = new JobsInHand(handler);
  const worker = new BullWorker<Job, void>(name, (job, token) => inHand.run(job, token ?? ""), {
    connection: redis,
    prefix,
    concurrency: options.concurrency,
    lockDuration: settings.lockMs,
    stalledInterval: settings.stalledCheckMs,
    maxStalledCount: settings.maxAttempts - 1,
    // How long a lost wake-up may go unnoticed; BullMQ itself polls nothing in between.
    drainDelay: 5,
    settings: { backoffStrategy: (attempt, _type, error) => waitAfter(attempt, error, settings) },
  });
  worker.on("error", onFault);
  worker.on("lockRenewalFailed", (ids) => inHand.abort(ids));
  worker.on("failed", (job, error) => {
    if (job?.finishedOn === undefined) return;
    const tries = job.attemptsMade + job.stalledCounter;
    options.onDead?.(job.data, error instanceof PermanentFailure ? error.original : fault(error), tries);
  });
  await worker.waitUntilReady();
  return {
    stop: async (graceMs) => {
      const closed = worker.close();
      const timeout = new AbortController();
      const grace = delay(graceMs, undefined, { signal: timeout.signal }).catch(() => {});
      await Promise.race([closed.then(() => timeout.abort()), grace]);
      await inHand.giveBack(onFault);
      await closed;
      redis.disconnect();
    },
  };
}

/** The reason of a dead job; BullMQ's own words for one whose holders died are of no use to a person. */
export function reasonOf(failedReason: string): string {
  if (!failedReason.startsWith("job stalled")) return failedReason;
  return "Every process that held the job ended without a word. Look for a crash or an out-of-memory kill.";
}

function fault(error: Error): Error {
  const reason = reasonOf(error.message);
  return reason === error.message ? error : new TracegateError("internal", reason);
}

/** Tells BullMQ to try no more, and keeps what was thrown. */
class PermanentFailure extends UnrecoverableError {
  readonly original: Error;

  constructor(thrown: unknown) {
    super(messageOf(thrown));
    this.original = thrown instanceof Error ? thrown : new Error(messageOf(thrown));
  }
}

/** The jobs whose handlers run, so that they can be aborted and given back. */
class JobsInHand {
  readonly #handler: JobHandler;
  readonly #inHand = new Map<
    string,
    {
      readonly job: BullJob<Job, void>;
      readonly token: string;
      readonly abort: AbortController;
      drop(): void;
    }
  >();

  constructor(handler: JobHandler) {
    this.#handler = handler;
  }

  /** BullMQ's processor: resolves when the job is done, throws what BullMQ understands. */
  async run(job: BullJob<Job, void>, token: string): Promise<void> {
    const id = job.id ?? "";
    const abort = new AbortController();
    const { promise: dropped, resolve: drop } = Promise.withResolvers<"dropped">();
    this.#inHand.set(id, { job, token, abort, drop: () => drop("dropped") });
    const deaths = job.stalledCounter;
    const attempt = { number: job.attemptsMade + deaths + 1, deaths, signal: abort.signal };
    try {
      // A job given back no longer waits for its handler: whoever has it now decides its outcome.
      const outcome = await Promise.race([this.#handler(job.data, attempt), dropped]);
      if (outcome === "dropped") throw new WaitingError();
    } catch (error) {
      if (error instanceof WaitingError) throw error;
      if (error instanceof TracegateError && error.retryable) throw error;
      throw new PermanentFailure(error);
    } finally {
      this.#inHand.delete(id);
    }
  }

  abort(ids: readonly string[]): void {
    for (const id of ids) this.#inHand.get(id)?.abort.abort();
  }

  /** Hands the rest back to the queue, to its front; a fault leaves a job to its lock's end. */
  async giveBack(onFault: (error: unknown) => void): Promise<void> {
    await Promise.all(
      [...this.#inHand.values()].map(async ({ job, token, abort, drop }) => {
        try {
          await job.moveToWait(token);
        } catch (error) {
          onFault(error);
        }
        drop();
        abort.abort();
      }),
    );
  }
}

function waitAfter(attempt: number, error: Error | undefined, settings: BullmqSettings): number {
  const wait = backoffMs(attempt, { baseMs: settings.backoffMs, maxMs: settings.maxBackoffMs });
  const notBefore = error instanceof TracegateError ? (error.retryAt ?? 0) : 0;
  return Math.max(wait, Math.ceil(notBefore - Date.now()));
}
