import { logBeta } from "./lgamma.ts";
import type { HistoryTrial } from "./run.ts";
import type { Counts } from "./verdict.ts";

/** How far back main's history counts. */
export interface HistoryWindow {
  /** Trials per key, the newest ones. */
  readonly trials: number;
  /** Days before the newest trial of all, at the most. */
  readonly days: number;
}

/**
 * How far back main's history counts, unless the configuration says otherwise. Of 20 trials a pass rate of 0.9 is known to
 * 0.10, of 50 to 0.09, of 100 to 0.08 (root mean square, main's changes looked for): more costs space and tells hardly more.
 */
export const HISTORY_WINDOW: HistoryWindow = { trials: 50, days: 90 };

const DAY_MS = 86_400_000;

/** Trials that must have run since main changed before the older ones are set aside. */
const MIN_AFTER_CHANGE = 3;

/** How many times likelier "main changed here" must be than "main never changed". */
const CHANGE_FACTOR = 10;

/**
 * Passes and trials of one key on main: what every History adapter counts, so that they cannot differ.
 *
 * Trials come oldest first. Of those with equal evidence only the newest counts (answers out of a cache are
 * no new trials), then the newest `window`, then only those since main last changed, which is how a fixed case
 * becomes guarding and a case that main broke stops guarding.
 *
 * @param window Trials per key. Default that of {@link HISTORY_WINDOW}.
 */
export function countHistory(
  trials: readonly HistoryTrial[],
  window: number = HISTORY_WINDOW.trials,
): Counts {
  const counted = distinctTrials(trials).slice(-window);
  const current = counted.slice(lastChange(counted.map((trial) => trial.passed)));
  return { passes: current.filter((trial) => trial.passed).length, trials: current.length };
}

/**
 * The trials that are not too old, counted from the newest one: a main that rests loses nothing, for what moved
 * meanwhile is found by running main again before a change is blamed.
 *
 * @param now Unix ms. A trial from the future, of a machine whose clock is wrong, makes no other one old.
 */
export function withoutAged<T extends { readonly at: number }>(
  trials: readonly T[],
  days: number,
  now: number,
): readonly T[] {
  const newest = trials.reduce((latest, { at }) => Math.max(latest, at), 0);
  const oldest = Math.min(newest, now) - days * DAY_MS;
  return trials.filter(({ at }) => at >= oldest);
}

/** The trials without repeats of one evidence: the newest of each stays, in its place. */
export function distinctTrials<T extends { readonly evidenceHash: string | null }>(
  trials: readonly T[],
): readonly T[] {
  const seen = new Set<string>();
  return trials
    .toReversed()
    .filter(({ evidenceHash }) => {
      if (evidenceHash === null) return true;
      if (seen.has(evidenceHash)) return false;
      seen.add(evidenceHash);
      return true;
    })
    .toReversed();
}

/**
 * Where the current behaviour of main begins: the split at which two pass rates explain the trials best,
 * if they do so ten times better than one rate (Bayes factor, Jeffreys priors); else 0.
 */
function lastChange(outcomes: readonly boolean[]): number {
  const passes = outcomes.filter(Boolean).length;
  const one = logMarginal(passes, outcomes.length);
  let best = { split: 0, factor: Math.log(CHANGE_FACTOR) };
  let before = 0;
  for (let split = 1; split <= outcomes.length - MIN_AFTER_CHANGE; split++) {
    if (outcomes[split - 1]) before += 1;
    const two = logMarginal(before, split) + logMarginal(passes - before, outcomes.length - split);
    if (two - one > best.factor) best = { split, factor: two - one };
  }
  return best.split;
}

function logMarginal(passes: number, trials: number): number {
  return logBeta(passes + 0.5, trials - passes + 0.5) - Math.log(Math.PI);
}
