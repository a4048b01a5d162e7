import { type Backoff, backoffMs } from "../core/backoff.ts";
import { faultClassOf, isTry } from "../core/ledger-state.ts";
import type { Score } from "../core/score.ts";

/** How often a judge is tried on one trace, and with what waits between. */
export interface RetryPolicy extends Backoff {
  /** Tries in all, the first one included. */
  readonly attempts: number;
}

/**
 * The score with its next try planned, when a judge met a fault that may pass: after a wait that doubles, and not
 * before the time the provider named. A share of the wait is random, so that what a rate limit refused together does not
 * come back together. Once the tries are spent there is no next one, and the ledger has it as failed.
 *
 * A rate limit uses up no try: it says nothing about the trace, and how often it is met depends on how much waits.
 *
 * Rules are never tried again: on the same spans they would say the same.
 *
 * @param tries Made so far, this one included.
 */
export function planRetry(
  score: Score,
  tries: number,
  policy: RetryPolicy,
  now: number,
  random: () => number = Math.random,
): Score {
  const { unscored, kind } = score;
  if (unscored === null || faultClassOf(unscored.code) !== "passing") return score;
  const { code } = unscored;
  if (kind !== "judge") return { ...score, unscored: { code } };
  if (isTry(unscored) && tries >= policy.attempts) {
    const explanation = `${score.explanation ?? ""} Given up after ${tries} tries.`.trim();
    return { ...score, explanation, unscored: { code } };
  }
  const backoff = backoffMs(tries, policy, random);
  const named = Math.max(0, (unscored.retryAt ?? 0) - now);
  // A provider's time is the earliest one; the jitter comes on top of it.
  const wait = named > backoff ? named + 0.1 * random() * Math.min(named, policy.maxMs) : backoff;
  return { ...score, unscored: { code, retryAt: Math.ceil(now + wait) } };
}
