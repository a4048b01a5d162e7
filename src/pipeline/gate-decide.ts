import type { CaseCounts, CaseVerdict, Policy, Verdict } from "../core/verdict.ts";
import { isGuarding, mainFails, stateOf } from "./case-life.ts";
import { weighEvidence } from "./evidence.ts";
import { MIN_FAILURES, SUSPICION } from "./gate-policy.ts";
import { type CaseTexts, explain, titleOf } from "./gate-sentences.ts";

/**
 * The gate's decision: a pure function of counts.
 *
 * `block` when the joint evidence reaches 1 / errorRate and rests on two failed trials or more.
 * `inconclusive` when nothing was measured, when more trials went unscored than the policy allows, when
 * the joint evidence is above suspicion without reaching the limit, or when a suspected case could still
 * be tried again. Else `pass`, also while nothing guards yet: then nothing can be broken, and the title
 * says so. Cases that main fails never block.
 *
 * @param texts Names and explanations for the sentences. Default: the ids alone.
 */
export function decide(cases: readonly CaseCounts[], policy: Policy, texts: CaseTexts = {}): Verdict {
  const states = cases.map((counts) => stateOf(counts, policy));
  const evidence = weighEvidence(
    cases.map((counts, index) => ({ ...counts, guarding: states[index] === "guarding" })),
  );
  const drafts = cases.map((counts, index): CaseVerdict => {
    const odds = Math.exp(evidence.units[index] ?? 0);
    const state = states[index] ?? "open";
    const draft = { ...counts, state, evidence: odds };
    return { ...draft, outcome: outcomeOf(draft, policy) };
  });
  const joint = Math.exp(evidence.joint);
  const status = statusOf(drafts, joint, policy);
  const verdicts = status === "block" ? nameRegressed(drafts) : drafts;
  const decision = { status, evidence: joint, cases: verdicts };
  return { ...decision, title: titleOf(decision, policy, texts), reasons: explain(decision, policy, texts) };
}

/** Guarding, blocking and failing more than main's history explains. */
export function isSuspected(verdict: CaseVerdict): boolean {
  return verdict.state === "guarding" && verdict.blocking && verdict.evidence >= SUSPICION;
}

/** Share of the trials that should have counted but gave no score, 0..1. */
export function unscoredShare(cases: readonly CaseCounts[]): number {
  const counting = cases.filter((counts) => counts.accepted && counts.blocking);
  const unscored = counting.reduce((sum, counts) => sum + counts.unscored, 0);
  const scored = counting.reduce((sum, counts) => sum + counts.candidate.trials, 0);
  return unscored === 0 ? 0 : unscored / (unscored + scored);
}

function outcomeOf(counts: Omit<CaseVerdict, "outcome">, policy: Policy): CaseVerdict["outcome"] {
  const { main, candidate, state, evidence } = counts;
  if (state === "quarantined") return "new";
  if (candidate.trials === 0) return "unscored";
  if (state === "guarding") return evidence >= SUSPICION ? "undecided" : "held";
  if (!mainFails(main)) return "new";
  if (isGuarding(candidate, policy)) return "fixed";
  return candidate.passes * 2 > candidate.trials ? "undecided" : "still-failing";
}

function statusOf(cases: readonly CaseVerdict[], joint: number, policy: Policy): Verdict["status"] {
  const counting = cases.filter((verdict) => verdict.accepted && verdict.blocking);
  const guarding = counting.filter((verdict) => verdict.state === "guarding");
  const failures = guarding.reduce((sum, { candidate }) => sum + candidate.trials - candidate.passes, 0);
  if (joint >= 1 / policy.errorRate && failures >= MIN_FAILURES) return "block";
  if (!counting.some(({ candidate }) => candidate.trials > 0)) return "inconclusive";
  if (unscoredShare(cases) > policy.maxUnscored) return "inconclusive";
  if (joint >= SUSPICION) return "inconclusive";
  const open = guarding.some((one) => isSuspected(one) && one.candidate.trials < policy.maxTrials);
  return open ? "inconclusive" : "pass";
}

/** Of a block, the suspected cases that failed more than once; all suspected ones when none did. */
function nameRegressed(cases: readonly CaseVerdict[]): readonly CaseVerdict[] {
  const failedTwice = ({ candidate }: CaseVerdict) => candidate.trials - candidate.passes >= MIN_FAILURES;
  const suspected = cases.filter(isSuspected);
  const confirmed = suspected.filter(failedTwice);
  const named = new Set(confirmed.length > 0 ? confirmed : suspected);
  return cases.map((verdict) => (named.has(verdict) ? { ...verdict, outcome: "regressed" } : verdict));
}
