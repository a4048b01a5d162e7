import { messageOf, TracegateError } from "../core/errors.ts";
import { type Job, type JobHandler, jobId, type Queue } from "../core/queue.ts";

/** What the worker tells of its work. `retry`: a try failed and another follows, unless it was the last one. */
export type WorkerEvent =
  | { readonly kind: "done"; readonly job: Job; readonly attempt: number; readonly durationMs: number }
  | { readonly kind: "retry"; readonly job: Job; readonly attempt: number; readonly error: TracegateError }
  | { readonly kind: "dead"; readonly job: Job; readonly error: Error };

/** Options of {@link startWorker}. */
export interface WorkerOptions {
  readonly queue: Queue;
  readonly handle: JobHandler;
  /** Jobs in hand at once. */
  readonly concurrency: number;
  /** Told of every try. Must not throw. */
  readonly log?: (event: WorkerEvent) => void;
}

/** A running worker. */
export interface Worker {
  /** Takes no new job, gives those in hand `graceMs`, then aborts them and gives them back to the queue. */
  stop(graceMs: number): Promise<void>;
}

/**
 * Runs the jobs of a queue. The one place where a fault becomes the queue's terms: a `TracegateError` with
 * `retryable` is tried again, and so is whatever a job threw after it was aborted; everything else is a bug
 * or a broken trace, and dead at once, so that one poisoned trace cannot loop.
 */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  const log = options.log ?? (() => {});
  const handler: JobHandler = async (job, attempt) => {
    const startedAt = performance.now();
    try {
      if (job.v !== 1) throw unknownVersion(job);
      await options.handle(job, attempt);
    } catch (thrown) {
      const error = inTermsOfTheQueue(job, thrown, attempt.signal);
      if (error.retryable) log({ kind: "retry", job, attempt: attempt.number, error });
      throw error;
    }
    log({ kind: "done", job, attempt: attempt.number, durationMs: performance.now() - startedAt });
  };
  const onDead = (job: Job, error: Error) => log({ kind: "dead", job, error });
  return options.queue.consume(handler, { concurrency: options.concurrency, onDead });
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
