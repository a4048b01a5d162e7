import { setTimeout as delay } from "node:timers/promises";
import {
  type Job as BullJob,
  Worker as BullWorker,
  DelayedError,
  UnrecoverableError,
  WaitingError,
} from "bullmq";

import { backoffMs } from "../core/backoff.ts";
import { messageOf, TracegateError } from "../core/errors.ts";
import { type ConsumeOptions, type Consumer, type Job, type JobHandler, jobId } from "../core/queue.ts";
import { connectRedis } from "./connect.ts";
import { parseJob, readableJob } from "./parse-job.ts";
import { redisFault } from "./redis-fault.ts";

/** Time for giving jobs back and closing, after the grace, ms. */
const END_MS = 5_000;

/** Longest wait of a job that could not be done because a service is away, ms. */
const AWAY_MS = 5_000;

/** Age of a job from which such a wait is a try like any other, ms: what the service fails at may be the job. */
const AWAY_AGE_MS = 86_400_000;

/** Characters of a dead job's spans that are kept. */
const KEPT_OTLP = 1_000;

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
  readonly maxInlineBytes: number;
  readonly keptDeadJobs: number;
  readonly onFault: (error: unknown) => void;
}

/** Starts a BullMQ worker with connections of its own. */
export async function startBullmqConsumer(
  handler: JobHandler,
  options: ConsumeOptions,
  settings: BullmqSettings,
): Promise<Consumer> {
  const { url, name, prefix } = settings;
  const redis = await connectRedis(url, { commands: "patient", onFault: settings.onFault });
  const onFault = (error: unknown) => settings.onFault(redisFault(redis, "taking jobs", error));
  const inHand = new JobsInHand(handler, settings);
  const worker = new BullWorker<Job, void>(name, (job, token) => inHand.run(job, token ?? ""), {
    connection: redis,
    prefix,
    // It would take jobs also after its start was given up.
    autorun: false,
    concurrency: options.concurrency,
    lockDuration: settings.lockMs,
    stalledInterval: settings.stalledCheckMs,
    maxStalledCount: settings.maxAttempts - 1,
    // How long a lost wake-up may go unnoticed; BullMQ itself polls nothing in between.
    drainDelay: 5,
    // For jobs of other programs, which may not say so themselves.
    removeOnComplete: { count: 0 },
    removeOnFail: { count: settings.keptDeadJobs },
    settings: { backoffStrategy: (attempt, _type, error) => waitAfter(attempt, error, settings) },
  });
  worker.on("error", onFault);
  worker.on("lockRenewalFailed", (ids) => inHand.abort(ids));
  worker.on("failed", (job, error) => {
    if (job?.finishedOn === undefined) return;
    // Taken up once more only to fail it, which BullMQ counts as an attempt.
    const tries = job.attemptsMade + job.stalledCounter - (isStall(error.message) ? 1 : 0);
    options.onDead?.(
      readableJob(job.data, job.id ?? ""),
      error instanceof PermanentFailure ? error.original : fault(error),
      tries,
    );
  });
  try {
    await worker.waitUntilReady();
  } catch (error) {
    await worker.close(true);
    redis.disconnect();
    throw redisFault(redis, "starting to take jobs", error);
  }
  worker.run().catch(onFault);
  return {
    stop: async (graceMs) => {
      const closed = worker.close().catch(onFault);
      const timeout = new AbortController();
      const grace = delay(graceMs, undefined, { signal: timeout.signal }).catch(() => {});
      await Promise.race([closed.then(() => timeout.abort()), grace]);
      // Its connection waits for a Redis that is away, for ever; the locks of what is in hand end by themselves.
      const end = delay(END_MS, undefined, { signal: timeout.signal }).catch(() => {});
      await Promise.race([inHand.giveBack(onFault).then(() => closed), end]);
      timeout.abort();
      inHand.drop();
      redis.disconnect();
    },
  };
}

/** The reason of a dead job; BullMQ's own words for one whose holders died are of no use to a person. */
export function reasonOf(failedReason: string): string {
  if (!isStall(failedReason)) return failedReason;
  return "Every process that held the job ended without a word. Look for a crash or an out-of-memory kill.";
}

function isStall(failedReason: string): boolean {
  return failedReason.startsWith("job stalled");
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
  readonly #settings: BullmqSettings;
  readonly #inHand = new Map<
    string,
    {
      readonly job: BullJob<Job, void>;
      readonly token: string;
      readonly abort: AbortController;
      drop(): void;
    }
  >();

  constructor(handler: JobHandler, settings: BullmqSettings) {
    this.#handler = handler;
    this.#settings = settings;
  }

  /** BullMQ's processor: resolves when the job is done, throws what BullMQ understands. */
  async run(job: BullJob<Job, void>, token: string): Promise<void> {
    const { maxAttempts, maxInlineBytes } = this.#settings;
    const id = job.id ?? "";
    // Other programs need not say how often: BullMQ would try once.
    job.opts.attempts ||= maxAttempts;
    job.opts.backoff ??= { type: "custom" };
    const abort = new AbortController();
    const { promise: dropped, resolve: drop } = Promise.withResolvers<"dropped">();
    this.#inHand.set(id, { job, token, abort, drop: () => drop("dropped") });
    const deaths = job.stalledCounter;
    const attempt = { number: job.attemptsMade + deaths + 1, deaths, signal: abort.signal };
    try {
      // A job given back no longer waits for its handler: whoever has it now decides its outcome.
      const outcome = await Promise.race([this.#handler(readJob(job, maxInlineBytes), attempt), dropped]);
      if (outcome === "dropped") throw new WaitingError();
    } catch (error) {
      if (error instanceof WaitingError) throw error;
      if (error instanceof TracegateError && error.away && Date.now() - job.timestamp < AWAY_AGE_MS)
        await this.#waitForService(job, token, error);
      if (error instanceof TracegateError && error.retryable) throw error;
      await clip(job);
      throw new PermanentFailure(error);
    } finally {
      this.#inHand.delete(id);
    }
  }

  /** That was no try of the job: an absence of less than a day kills none. */
  async #waitForService(job: BullJob<Job, void>, token: string, error: TracegateError): Promise<never> {
    const until = Date.now() + Math.min(AWAY_MS, this.#settings.maxBackoffMs);
    // It may be Redis itself; then the try counts, or the lock ends.
    await job.moveToDelayed(until, token).catch(() => {
      throw error;
    });
    throw new DelayedError();
  }

  abort(ids: readonly string[]): void {
    for (const id of ids) this.#inHand.get(id)?.abort.abort();
  }

  /** Ends the handlers of what could not be given back. */
  drop(): void {
    for (const { abort, drop } of this.#inHand.values()) {
      drop();
      abort.abort();
    }
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

/** A job of another program with the name of one of ours would keep ours out of the queue. */
function readJob(job: BullJob<Job, void>, maxInlineBytes: number): Job {
  const read = parseJob(job.data, maxInlineBytes);
  if (read.from !== "inline" || job.id !== jobId({ ...read, from: "buffer" })) return read;
  const message = `A job cannot be read: jobId: ${job.id} is the name of the job that tracegate makes of the trace's spans. Leave jobId out, or choose another.`;
  throw new TracegateError("bad-input", message);
}

/** Dead jobs are kept for people to read; spans that cannot be taken would only fill Redis. */
async function clip(job: BullJob<Job, void>): Promise<void> {
  const { otlp } = job.data ?? {};
  if (typeof otlp !== "string" || otlp.length <= KEPT_OTLP) return;
  const short = `${otlp.slice(0, KEPT_OTLP)}… (${otlp.length} characters)`;
  await job.updateData(Object.assign({}, job.data, { otlp: short })).catch(() => {});
}

function waitAfter(attempt: number, error: Error | undefined, settings: BullmqSettings): number {
  const wait = backoffMs(attempt, { baseMs: settings.backoffMs, maxMs: settings.maxBackoffMs });
  const notBefore = error instanceof TracegateError ? (error.retryAt ?? 0) : 0;
  return Math.max(wait, Math.ceil(notBefore - Date.now()));
}
