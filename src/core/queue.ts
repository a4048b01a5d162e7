/** A reference to work: the queue never carries the trace itself, unless it came `inline`. */
export interface Job {
  readonly v: 1;
  readonly traceId: string;
  readonly revision: number;
  /** Where the spans are. `store`: a trace that is stored already, of which some scorers are tried again. */
  readonly from: "buffer" | "inline" | "backend" | "store";
  /** Base64 of an OTLP protobuf body; only with `from: "inline"`. */
  readonly otlp?: string;
  /** Names of the scorers to run; only with `from: "store"`. */
  readonly scorers?: readonly string[];
}

/** One try of a job. */
export interface JobAttempt {
  /** 1 for the first. */
  readonly number: number;
  /** Holders of this job that died with it in hand. Such a job may be what killed them. */
  readonly deaths: number;
  /** Fires when the job is taken away. */
  readonly signal: AbortSignal;
}

/** Handles one job. A thrown retryable error is tried again later; any other one is dead at once. */
export type JobHandler = (job: Job, attempt: JobAttempt) => Promise<void>;

/** Options of {@link Queue.consume}. */
export interface ConsumeOptions {
  /** Jobs in hand at once. */
  readonly concurrency: number;
  /** Called for a job that will not be tried again. `tries`: those made, deaths of holders included. */
  readonly onDead?: (job: Job, error: Error, tries: number) => void;
}

/** A running consumer. */
export interface Consumer {
  /** Takes no new job, waits for those in hand; those that outlast `graceMs` are given back. */
  stop(graceMs: number): Promise<void>;
}

/** Options of {@link Queue.enqueue}. */
export interface EnqueueOptions {
  /** Handed out before all that are not; among urgent ones no order is promised. Default false. */
  readonly urgent?: boolean;
}

/** How many jobs are where. */
export interface QueueCounts {
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly dead: number;
}

/** A job that will not be tried again unless somebody says so. */
export interface DeadJob {
  /** See {@link jobId}. */
  readonly id: string;
  readonly job: Job;
  readonly reason: string;
  /** Unix ms of its death. */
  readonly at: number;
}

/**
 * Durable, at least once. A job whose holder dies is handed out again. Enqueuing a job that is still
 * known (same trace id and revision, not finished) changes nothing.
 */
export interface Queue {
  /** Durable when it resolves. */
  enqueue(jobs: readonly Job[], options?: EnqueueOptions): Promise<void>;
  consume(handler: JobHandler, options: ConsumeOptions): Promise<Consumer>;
  counts(): Promise<QueueCounts>;
  /** Unix ms since when the job waits that has waited longest, those left out whose next try is not due; null: none. */
  oldest(): Promise<number | null>;
  /** Jobs that failed for good, newest first; only those that died before `before` (Unix ms), if given. */
  dead(limit: number, before?: number): Promise<readonly DeadJob[]>;
  /** Dead jobs wait again, as if never tried. Returns how many of these ids were dead. */
  redrive(ids: readonly string[]): Promise<number>;
  /** Dead jobs are deleted. Returns how many of these ids were dead. */
  forget(ids: readonly string[]): Promise<number>;
  /**
   * Deletes jobs that wait, now or later, or are dead, and all traces of them. One in hand ends by itself, for whoever
   * handles it finds that its trace was purged. Looks at every job. Returns how many were deleted.
   */
  purge(matches: (job: Job) => boolean): Promise<number>;
  close(): Promise<void>;
}

/**
 * The name of a job everywhere, BullMQ included: `<traceId>-<revision>`, with `-again` of one that works on what is
 * stored and `-inline` of one that brings spans, so that none keeps another out.
 */
export function jobId(job: Pick<Job, "traceId" | "revision" | "from">): string {
  const suffix = job.from === "store" ? "-again" : job.from === "inline" ? "-inline" : "";
  return `${job.traceId}-${job.revision}${suffix}`;
}
