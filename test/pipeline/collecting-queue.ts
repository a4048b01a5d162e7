import { TracegateError } from "../../src/core/errors.ts";
import { type Job, jobId, type Queue } from "../../src/core/queue.ts";

/** A queue as far as an assembler needs one: it only takes jobs. */
export class CollectingQueue implements Pick<Queue, "enqueue"> {
  readonly jobs: Job[] = [];
  away = false;

  /** The names of the jobs, repeats included. */
  get names(): string[] {
    return this.jobs.map(jobId).sort();
  }

  async enqueue(jobs: readonly Job[]): Promise<void> {
    if (this.away) throw new TracegateError("unavailable", "The queue is away.", { retryable: true });
    this.jobs.push(...jobs);
  }
}
