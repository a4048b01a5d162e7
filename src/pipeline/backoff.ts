/** How long to wait before trying again. */
export interface Backoff {
  /** Wait after the first failure, ms. Default 1,000. */
  readonly baseMs: number;
  /** Longest wait, ms. Default 300,000. */
  readonly maxMs: number;
}

/** One second, doubling, five minutes at most. */
export const DEFAULT_BACKOFF: Backoff = { baseMs: 1_000, maxMs: 300_000 };

/**
 * The wait before the next try, ms: `baseMs` doubled for each failure before this one, at most `maxMs`,
 * of which a random half is taken off, so that many failures of one moment do not come back in one moment.
 *
 * @param failures failures before this one: 0, 1, ...
 * @param random a number in [0, 1)
 */
export function backoffMs(failures: number, random: number, backoff: Backoff = DEFAULT_BACKOFF): number {
  const whole = Math.min(backoff.maxMs, backoff.baseMs * 2 ** Math.min(failures, 30));
  return Math.round(whole * (0.5 + random / 2));
}
