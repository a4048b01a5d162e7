import type { Clock } from "../core/clock.ts";
import type { Store } from "../core/store.ts";

/** What looks for a purge that came before or meanwhile. */
export interface PurgeLook {
  readonly store: Pick<Store, "tombstone" | "purge">;
  readonly clock: Clock;
}

/** False, and nothing done, when the trace was not purged; what has been written of it since goes now. */
export async function purgeAgain(traceId: string, { store, clock }: PurgeLook): Promise<boolean> {
  if ((await store.tombstone(traceId, clock.now())) === null) return false;
  await store.purge({ traceId });
  return true;
}

/**
 * Works on a trace unless it was purged. One that is purged in the middle of it may have been written again, so whatever is
 * there of it goes then; a fault of such work is none, for its spans are gone.
 *
 * Scoring a trace for the first time needs fewer looks; see `processTrace`.
 *
 * @returns `purged` when nothing of the trace is kept.
 */
export async function unlessPurged<Result>(
  traceId: string,
  look: PurgeLook,
  work: () => Promise<Result>,
): Promise<Result | "purged"> {
  const isPurged = () => purgeAgain(traceId, look);
  if (await isPurged()) return "purged";
  try {
    const result = await work();
    return (await isPurged()) ? "purged" : result;
  } catch (error) {
    if (await isPurged()) return "purged";
    throw error;
  }
}
