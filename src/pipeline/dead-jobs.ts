import type { Clock } from "../core/clock.ts";
import { messageOf, TracegateError } from "../core/errors.ts";
import type { DeadJob, Job, Queue } from "../core/queue.ts";
import type { LedgerRow, Store } from "../core/store.ts";
import type { TraceBuffer } from "../core/trace-buffer.ts";
import { deadJobRow, TRACE_ITSELF } from "./process-trace.ts";

/** Dead jobs worked on at a time. */
const AT_ONCE = 100;

/** When scorers that a redriven job names are looked for again, ms, in case the job was lost. */
const LOST_AFTER_MS = 600_000;

/**
 * Writes into the ledger that a job will not be tried again: a row of the trace itself, or, of a job that was to try
 * scorers again, one row each, which would otherwise wait for ever.
 */
export async function recordDeath(
  { job, error, attempts, at }: { job: Job; error: unknown; attempts: number; at: number },
  store: Pick<Store, "ledger" | "record">,
): Promise<void> {
  if (job.from !== "store") return store.record([deadJobRow(job, error, at, attempts)]);
  const rows = await rowsOf(job, store);
  const code = error instanceof TracegateError ? error.code : "internal";
  const failed = { state: "failed", code, reason: messageOf(error), at, retryAt: null } as const;
  await store.record(rows.filter(({ state }) => state === "waiting").map((row) => ({ ...row, ...failed })));
}

/** What {@link redriveDead} works with. */
export interface DeadJobParts {
  readonly queue: Queue;
  readonly store: Pick<Store, "ledger" | "record" | "forgetNoAnswers">;
  readonly clock: Clock;
}

/**
 * Dead jobs run again, with fresh attempts; so do the scorers of one that was to try them again, whose judges are asked
 * again also where they would not answer.
 *
 * @returns How many jobs were dead and run again.
 */
export async function redriveDead(dead: readonly DeadJob[], parts: DeadJobParts): Promise<number> {
  const { queue, store, clock } = parts;
  const rows = await Promise.all(dead.map(({ job }) => againRows(job, store, clock.now())));
  // A person asks for it, so what a judge would not answer is asked, and paid for, once more.
  for (const { subject, scorer } of rows.flat()) await store.forgetNoAnswers(subject, scorer);
  await store.record(rows.flat());
  return queue.redrive(dead.map(({ id }) => id));
}

async function againRows(job: Job, store: Pick<Store, "ledger">, at: number): Promise<readonly LedgerRow[]> {
  const reason = "It was put back into the queue by hand.";
  const failed = (await rowsOf(job, store)).filter(({ state }) => state === "failed");
  return failed.map((row) =>
    job.from === "store"
      ? { ...row, state: "waiting", code: null, reason, attempts: 0, at, retryAt: at + LOST_AFTER_MS }
      : { ...row, state: "superseded", reason, at, retryAt: null },
  );
}

/** The rows a job stands for: of the trace itself, or of the scorers it names. */
async function rowsOf(job: Job, store: Pick<Store, "ledger">): Promise<readonly LedgerRow[]> {
  const names = new Set(job.from === "store" ? job.scorers : [TRACE_ITSELF]);
  const rows = await store.ledger(job.traceId);
  return rows.filter(({ revision, scorer }) => revision === job.revision && names.has(scorer));
}

/**
 * Deletes dead jobs that died before `before` (Unix ms), and lets go of the spans that were kept for them.
 *
 * @returns How many.
 */
export async function ageOutDead(
  before: number,
  { queue, buffer }: { readonly queue: Queue; readonly buffer: Pick<TraceBuffer, "release"> },
): Promise<number> {
  let forgotten = 0;
  for (;;) {
    const dead = await queue.dead(AT_ONCE, before);
    if (dead.length === 0) return forgotten;
    // Spans first: what dies in between is found again by its job.
    for (const { job } of dead) if (job.from === "buffer") await buffer.release(job.traceId, job.revision);
    const count = await queue.forget(dead.map(({ id }) => id));
    forgotten += count;
    if (count === 0) return forgotten;
  }
}
