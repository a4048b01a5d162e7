/** How long to wait between tries. */
export interface Backoff {
  /** Wait after the first failure, ms. */
  readonly baseMs: number;
  /** No wait is longer, ms. */
  readonly maxMs: number;
}

/**
 * Wait after failed try number `attempt` (1, 2, ...), ms: doubling, and between half and the whole of that
 * at random, so that what failed together does not come back together.
 */
export function backoffMs(attempt: number, backoff: Backoff, random: () => number = Math.random): number {
  const whole = Math.min(backoff.maxMs, backoff.baseMs * 2 ** Math.min(attempt - 1, 30));
  return Math.round(whole * (0.5 + 0.5 * random()));
}
