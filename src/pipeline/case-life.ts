import type { Case, CaseState } from "../core/case.ts";
import type { CaseCounts, CaseVerdict, Counts, Policy } from "../core/verdict.ts";

/**
 * Whether a person stands behind a case: accepted in a review, or written by hand and never reviewed,
 * for then its author is the reviewer.
 */
export function isAccepted(one: Case): boolean {
  return one.review ? one.review.decision === "accepted" : one.source.kind === "written";
}

/** Whether a case is out of use. */
export function isRetired(one: Case): boolean {
  return one.review?.decision === "rejected" || one.review?.decision === "retired";
}

/** The state of a case before any history is known: `open` stands for "to be tried". */
export function reviewState(one: Case): Exclude<CaseState, "guarding"> {
  if (isRetired(one)) return "retired";
  return isAccepted(one) ? "open" : "quarantined";
}

/** The state of one case and scorer: what review and main's history say. */
export function stateOf(
  counts: Pick<CaseCounts, "accepted" | "main">,
  policy: Pick<Policy, "minHistory">,
): CaseState {
  if (!counts.accepted) return "quarantined";
  return isGuarding(counts.main, policy) ? "guarding" : "open";
}

/**
 * Main passes it by its history: enough trials, and more of them passed than failed. How reliable a
 * guarding case is does not matter here; the evidence weighs that.
 */
export function isGuarding(main: Counts, policy: Pick<Policy, "minHistory">): boolean {
  return main.trials >= policy.minHistory && main.passes * 2 > main.trials;
}

/** Main fails it by its history: tried, and not passed more often than failed. */
export function mainFails(main: Counts): boolean {
  return main.trials > 0 && main.passes * 2 <= main.trials;
}

/**
 * Guarding, blocking, and tried without any score: nobody knows whether it still passes. However small a share it is, a pass would say
 * that it held; the change may be what breaks its agent.
 */
export function isUnmeasured({ state, blocking, candidate, unscored }: CaseVerdict): boolean {
  return state === "guarding" && blocking && candidate.trials === 0 && unscored > 0;
}
