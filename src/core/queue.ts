/** A reference to work: the queue never carries the trace itself, unless it came `inline`. */
export interface Job {
  readonly v: 1;
  readonly traceId: string;
  readonly revision: number;
  readonly from: "buffer" | "inline" | "backend";
  /** Base64 of an OTLP protobuf body; only with `from: "inline"`. */
  readonly otlp?: string;
}

/** Handles one job. A thrown retryable error is tried again later; any other one is dead at once. */
export type JobHandler = (
  job: Job,
  attempt: { readonly number: number; readonly signal: AbortSignal },
) => Promise<void>;

/** Options of {@link Queue.consume}. */
export interface ConsumeOptions {
  /** Jobs in hand at once. */
  readonly concurrency: number;
  /** Called for a job that will not be tried again. */
  readonly onDead?: (job: Job, error: Error) => void;
}

/** A running consumer. */
export interface Consumer {
  /** Takes no new job, waits for those in hand; those that outlast `graceMs` are given back. */
  stop(graceMs: number): Promise<void>;
}

/** How many jobs are where. */
export interface QueueCounts {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly dead: number;
}

/**
 * Durable, at least once. A job whose holder dies is handed out again. Enqueuing a job that is still
 * known (same trace id and revision, not finished) changes nothing.
 */
export interface Queue {
  /** Durable when it resolves. */
  enqueue(jobs: readonly Job[]): Promise<void>;
  consume(handler: JobHandler, options: ConsumeOptions): Promise<Consumer>;
  counts(): Promise<QueueCounts>;
  /** Jobs that failed for good, newest first. */
  dead(
    limit: number,
  ): Promise<readonly { readonly job: Job; readonly reason: string; readonly at: number }[]>;
  close(): Promise<void>;
}

/** The name of a job everywhere, BullMQ included: `<traceId>-<revision>`. */
export function jobId(job: Pick<Job, "traceId" | "revision">): string {
  return `${job.traceId}-${job.revision}`;
}
