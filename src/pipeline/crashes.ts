import type { CaseCounts, Counts } from "../core/verdict.ts";

/**
 * The trials of a change that speak of a case. A crash is a failed trial where more trials crashed than gave a score, and wherever main is tried beside the
 * change; else it is a trial without a score, as any fault.
 *
 * That is a suspicion and no more: main's history holds no run with a crash, so nothing is known of how often main crashes, and a provider
 * that is down looks the same. Only main, tried beside the change, may turn it into a block.
 */
export function triedOf(one: CaseCounts): Counts {
  const { candidate, crashed = 0 } = one;
  return isCrashing(one) ? { passes: candidate.passes, trials: candidate.trials + crashed } : candidate;
}

/** Whether crashes count as failed trials; see {@link triedOf}. */
export function isCrashing({ candidate, control, crashed = 0 }: CaseCounts): boolean {
  return crashed > 0 && (crashed > candidate.trials || control !== undefined);
}

/** Whether main, tried beside the change, crashed as well. */
export function mainCrashes({ control }: CaseCounts): boolean {
  return (control?.crashing?.mainCrashed ?? 0) > 0;
}

/** Whether main, tried beside the change, passed. */
export function mainAnswers({ control }: CaseCounts): boolean {
  return control !== undefined && control.main.passes > 0;
}

/** What a verdict tells of a case for which main's trials of now have spoken: crashes that count are failed trials. */
export function withCrashesCounted<T extends CaseCounts>(one: T): T {
  const { crashed = 0, unscored } = one;
  return isCrashing(one) ? { ...one, candidate: triedOf(one), unscored: unscored - crashed } : one;
}

/** The trials that gave a score. */
export function scoredOf({ candidate }: CaseCounts): Counts {
  return candidate;
}
