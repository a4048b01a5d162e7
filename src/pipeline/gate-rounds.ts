import type { Policy, Verdict } from "../core/verdict.ts";
import { isSuspected } from "./gate-decide.ts";
import { MIN_FAILURES } from "./gate-policy.ts";

/** After a block, how many more suspected cases get the trial that tells a broken one from an unlucky one. */
const CONFIRMED = 10;

/** What the choice of the next trials rests on. */
export interface RoundContext {
  readonly policy: Policy;
  /** Trials made in this run, by case id, whatever became of them. */
  readonly made: ReadonlyMap<string, number>;
  /** The run will become main's history. */
  readonly record: boolean;
}

/**
 * Ids of the cases that deserve one more trial, most urgent first; empty when nothing is left to settle.
 *
 * Suspected cases first, those with the strongest evidence before the others; once the evidence suffices
 * for a block, only those that failed once so far, so that the report does not blame an unlucky one. Then
 * cases that main fails and that pass here, until they have the trials a guarding case needs: these
 * become its first history at the merge. When recording, also every case with too short a history.
 */
export function nextTrials(verdict: Verdict, context: RoundContext): readonly string[] {
  const { policy, made, record } = context;
  const blocked = verdict.status === "block";
  const suspected = verdict.cases.filter(isSuspected).toSorted((a, b) => b.evidence - a.evidence);
  const unclear = blocked
    ? suspected.slice(0, CONFIRMED).filter(({ candidate }) => candidate.trials < MIN_FAILURES)
    : suspected;
  const fixes = verdict.cases.filter(
    ({ state, outcome, candidate }) =>
      state === "open" && outcome === "undecided" && candidate.trials < policy.minHistory,
  );
  const young = verdict.cases.filter(
    ({ main, candidate }) =>
      record && candidate.trials > 0 && main.trials + candidate.trials < policy.minHistory,
  );
  const ids = [...unclear, ...fixes, ...young].map(({ caseId }) => caseId);
  return [...new Set(ids)].filter((id) => (made.get(id) ?? 0) < policy.maxTrials);
}
