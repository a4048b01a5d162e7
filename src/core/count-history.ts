import { logBeta } from "./lgamma.ts";
import type { HistoryTrial } from "./run.ts";
import type { Counts } from "./verdict.ts";

/** Trials per key that count at the most: the newest ones. */
export const HISTORY_WINDOW = 20;

/** Trials that must have run since main changed before the older ones are set aside. */
const MIN_AFTER_CHANGE = 3;

/** How many times likelier "main changed here" must be than "main never changed". */
const CHANGE_FACTOR = 10;

/**
 * Passes and trials of one key on main: what every History adapter counts, so that they cannot differ.
 *
 * Trials come oldest first. Of those with equal evidence only the newest counts (answers out of a cache are
 * no new trials), then the newest {@link HISTORY_WINDOW}, then only those since main last changed, which is
 * how a fixed case becomes guarding and a case that main broke stops guarding.
 */
export function countHistory(trials: readonly HistoryTrial[]): Counts {
  const counted = distinctTrials(trials).slice(-HISTORY_WINDOW);
  const current = counted.slice(lastChange(counted.map((trial) => trial.passed)));
  return { passes: current.filter((trial) => trial.passed).length, trials: current.length };
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
