import { messageOf, TracegateError } from "../core/errors.ts";
import { type Job, type JobHandler, jobId, type Queue } from "../core/queue.ts";
import { AloneGate } from "./alone-gate.ts";
import type { Interruption } from "./watchdog.ts";

/** What the worker tells of its work. `retry`: a try failed and another follows, unless it was the last one. */
export type WorkerEvent =
  | { readonly kind: "done"; readonly job: Job; readonly attempt: number; readonly durationMs: number }
  | { readonly kind: "retry"; readonly job: Job; readonly attempt: number; readonly error: TracegateError }
  | { readonly kind: "dead"; readonly job: Job; readonly attempt: number; readonly error: Error };

/** Options of {@link startWorker}. */
export interface WorkerOptions {
  readonly queue: Queue;
  readonly handle: JobHandler;
  /** Jobs in hand at once. */
  readonly concurrency: number;
  /** Told of every try. Must not throw. */
  readonly log?: (event: WorkerEvent) => void;
  /** How long a job may go on after code was interrupted, ms: longer than the time limits of its scorers. Default 300,000. */
  readonly abandonMs?: number;
}

/** A running worker. */
export interface Worker {
  /** Takes no new job, gives those in hand `graceMs`, then aborts them and gives them back to the queue. */
  stop(graceMs: number): Promise<void>;
  /**
   * The watchdog interrupted code of a job in hand, nobody knows of which. Whatever awaited that code never goes on; a
   * job that is not done after `abandonMs` is laid down as dead.
   */
  interrupted(interruption: Interruption): void;
}

/** Holders a job may have lost before it is run alone. The first death may well have been another job's fault. */
const DEATHS_BEFORE_ALONE = 2;

/**
 * Runs the jobs of a queue. The one place where a fault becomes the queue's terms: a `TracegateError` with
 * `retryable` is tried again, and so is whatever a job threw after it was aborted; everything else is a bug
 * or a broken trace, and dead at once, so that one poisoned trace cannot loop.
 */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const { log = () => {}, abandonMs = 300_000 } = options;
  const gate = new AloneGate();
  const inHand = new Set<(interruption: Interruption) => void>();
  const handler: JobHandler = async (job, attempt) => {
    const startedAt = performance.now();
    const abandoned = Promise.withResolvers<never>();
    let timer: NodeJS.Timeout | undefined;
    const abandonLater = (interruption: Interruption) => {
      timer ??= setTimeout(() => abandoned.reject(abandonedJob(job, interruption)), abandonMs);
    };
    const work = async () => {
      inHand.add(abandonLater);
      await Promise.race([options.handle(job, attempt), abandoned.promise]);
    };
    try {
      if (job.v !== 1) throw unknownVersion(job);
      await gate.run(attempt.deaths >= DEATHS_BEFORE_ALONE, work);
    } catch (thrown) {
      const error = inTermsOfTheQueue(job, thrown, attempt.signal);
      if (error.retryable) log({ kind: "retry", job, attempt: attempt.number, error });
      throw error;
    } finally {
      clearTimeout(timer);
      inHand.delete(abandonLater);
    }
    log({ kind: "done", job, attempt: attempt.number, durationMs: performance.now() - startedAt });
  };
  const onDead = (job: Job, error: Error, attempt: number) => log({ kind: "dead", job, attempt, error });
  const consumer = await options.queue.consume(handler, { concurrency: options.concurrency, onDead });
  return {
    stop: (graceMs) => consumer.stop(graceMs),
    interrupted(interruption) {
      for (const abandonLater of inHand) abandonLater(interruption);
    },
  };
}

function abandonedJob(job: Job, { heldMs, place }: Interruption): TracegateError {
  const where = place === null ? "" : ` at ${place}`;
  const message = `Job ${jobId(job)} never ended after code${where} had kept the processor for ${heldMs} ms and was interrupted. Look there for an endless loop or a slow regular expression, then redrive it.`;
  return new TracegateError("scorer", message);
}

function inTermsOfTheQueue(job: Job, thrown: unknown, signal: AbortSignal): TracegateError {
  if (thrown instanceof TracegateError && thrown.retryable) return thrown;
  if (signal.aborted) {
    const message = `Job ${jobId(job)} was stopped before its end. It is handed out again.`;
    return new TracegateError("unavailable", message, { retryable: true, cause: thrown });
  }
  if (thrown instanceof TracegateError) return thrown;
  const message = `Job ${jobId(job)} failed: ${messageOf(thrown)}. This is a bug of tracegate or of a scorer; the trace is kept.`;
  return new TracegateError("internal", message, { cause: thrown });
}

function unknownVersion(job: { readonly v: unknown }): TracegateError {
  const message = `A job of version ${String(job.v)} was written by another version of tracegate. Run that version, or let it finish first.`;
  return new TracegateError("internal", message);
}
