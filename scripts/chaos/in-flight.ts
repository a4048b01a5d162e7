/** A time in which nothing could be written, Unix ms. */
export interface Outage {
  readonly from: number;
  readonly until: number;
}

/** Who was killed when, and when nothing could be written. */
export interface Killings {
  /** By start of a worker, Unix ms. */
  readonly killed: ReadonlyMap<string, number>;
  /** Of the store. */
  readonly outages: readonly Outage[];
}

/**
 * How long writing down what has just come may take, ms. What came to a worker earlier than this before its death must be in
 * the store, unless the store was away in between.
 */
export const WRITE_MS = 2_000;

/**
 * Whether something that was given to a start of a worker at a time (Unix ms) was in flight when it was killed: it came after
 * the death, or too shortly before it to have been written down.
 */
export function isInFlight(start: string, at: number, { killed, outages }: Killings): boolean {
  const killedAt = killed.get(start);
  if (killedAt === undefined) return false;
  let from = killedAt - WRITE_MS;
  for (const outage of outages) {
    if (outage.from <= killedAt && outage.until >= from) from = Math.min(from, outage.from - WRITE_MS);
  }
  return at >= from;
}
