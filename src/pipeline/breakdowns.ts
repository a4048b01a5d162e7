import type { Result, TrialFault } from "../core/run.ts";
import type { Breakdowns, CaseCounts, Counts } from "../core/verdict.ts";

const HOW: { readonly [Code in TrialFault["code"]]?: Exclude<Breakdowns["how"], "mixed"> } = {
  "agent-crashed": "crashed",
  "agent-timed-out": "timed-out",
  "no-trace": "silent",
};

/** Whether the agent began and gave nothing to score: it crashed, did not end in time, or ended with neither an answer nor spans. */
export function hasBrokenDown({ fault }: Pick<Result, "fault">): boolean {
  return fault !== null && HOW[fault.code] !== undefined;
}

/** Those of the trials in which the agent broke down; undefined where it never did. */
export function breakdownsOf(results: readonly Result[]): Breakdowns | undefined {
  const broken = results.filter(hasBrokenDown);
  const [how = "mixed", ...others] = new Set(broken.flatMap(({ fault }) => (fault && HOW[fault.code]) ?? []));
  if (broken.length === 0) return undefined;
  const limits = broken.flatMap(({ fault }) => fault?.limitMs ?? []);
  return {
    trials: broken.length,
    how: others.length > 0 ? "mixed" : how,
    ...(limits.length > 0 && { limitMs: Math.max(...limits) }),
  };
}

/**
 * The trials of a change that speak of a case. A breakdown is a failed trial where more trials broke down than gave a score, and wherever main is
 * tried beside the change; else it is a trial without a score, as any fault.
 *
 * That is a suspicion and no more: main's history holds no run with a breakdown, so nothing is known of how often main breaks down, and a provider
 * that is down looks the same. Only main, tried beside the change, may turn it into a block.
 */
export function triedOf(one: CaseCounts): Counts {
  const { candidate, breakdowns } = one;
  if (!breakdowns || !isBreakingDown(one)) return candidate;
  return { passes: candidate.passes, trials: candidate.trials + breakdowns.trials };
}

/** Whether breakdowns count as failed trials; see {@link triedOf}. */
export function isBreakingDown({ candidate, control, breakdowns }: CaseCounts): boolean {
  return breakdowns !== undefined && (breakdowns.trials > candidate.trials || control !== undefined);
}

/** Whether main, tried beside the change, broke down as well. */
export function mainBreaksDown({ control }: CaseCounts): boolean {
  return (control?.breakdowns?.ofMain ?? 0) > 0;
}

/** Whether the change failed beside a main that passed. Before that, another case may have taken it down. */
export function failsBesideMain({ control }: CaseCounts): boolean {
  return (
    control !== undefined && control.main.passes > 0 && control.candidate.passes < control.candidate.trials
  );
}

/** Whether main answered beside several breakdowns with equal evidence, which counts once: out of a recording, and it would again. */
export function mainRepeatsItself({ control }: CaseCounts): boolean {
  const { main, candidate } = control?.breakdowns ?? {};
  return main !== undefined && candidate !== undefined && main.passes > 0 && main.trials < candidate.trials;
}

/** What a verdict tells of a case for which main's trials of now have spoken: breakdowns that count are failed trials. */
export function withBreakdownsCounted<T extends CaseCounts>(one: T): T {
  const { breakdowns, unscored } = one;
  if (!breakdowns || !isBreakingDown(one)) return one;
  return { ...one, candidate: triedOf(one), unscored: unscored - breakdowns.trials };
}

/** The trials that gave a score. */
export function scoredOf({ candidate }: CaseCounts): Counts {
  return candidate;
}
