import type { Clock } from "../core/clock.ts";
import type { Store } from "../core/store.ts";

/**
 * Works on a trace unless it was purged. One that is purged in the middle of it may have been written again, so whatever is
 * there of it goes then; a fault of such work is none, for its spans are gone.
 *
 * @returns `purged` when nothing of the trace is kept.
 */
export async function unlessPurged<Result>(
  traceId: string,
  { store, clock }: { readonly store: Pick<Store, "tombstone" | "purge">; readonly clock: Clock },
  work: () => Promise<Result>,
): Promise<Result | "purged"> {
  const isPurged = async () => {
    if ((await store.tombstone(traceId, clock.now())) === null) return false;
    await store.purge({ traceId });
    return true;
  };
  if (await isPurged()) return "purged";
  try {
    const result = await work();
    return (await isPurged()) ? "purged" : result;
  } catch (error) {
    if (await isPurged()) return "purged";
    throw error;
  }
}
