import type { CaseCounts, CaseVerdict, Counts, Policy, ScorerLoss, Verdict } from "../core/verdict.ts";
import {
  failsBesideMain,
  isBreakingDown,
  mainBreaksDown,
  scoredOf,
  triedOf,
  withBreakdownsCounted,
} from "./breakdowns.ts";
import { isGuarding, isUnmeasured, mainFails, stateOf } from "./case-life.ts";
import { settleControl } from "./control/control-verdict.ts";
import { weigh } from "./evidence.ts";
import { type EvidenceModel, modelOf } from "./evidence-model.ts";
import { MIN_FAILURES, SUSPICION } from "./gate-policy.ts";
import { mustBeFixed } from "./gate-release.ts";
import { type CaseTexts, explain, titleOf } from "./gate-sentences.ts";

/** A verdict without its words. */
export type Judgement = Pick<Verdict, "status" | "evidence" | "losses" | "cases" | "controlEvidence">;

/** A judgement in which breakdowns may count although main was not tried beside them. */
export interface Suspicion extends Judgement {
  /** What the scores alone come to. Absent: no breakdown counts. */
  readonly byScores?: Verdict["status"];
}

/**
 * The gate's decision: a pure function of counts.
 *
 * `block` when the joint evidence reaches 1 / errorRate and rests on two failed trials or more; for a release
 * also while a case that must be fixed fails. `inconclusive` when nothing was measured, when more trials went
 * unscored than the policy allows, when a guarding case gave no score at all, when the joint evidence is above suspicion without reaching the limit, when
 * a suspected case could still be tried again, or when the loss in question is not ruled out. Else `pass`; for a
 * pull request also while nothing guards yet: then nothing can be broken, and the title says so. Cases that
 * main fails never block a pull request. Breakdowns speak against a change only where main was tried beside it.
 *
 * @param texts Names and explanations for the sentences. Default: the ids alone.
 */
export function decide(cases: readonly CaseCounts[], policy: Policy, texts: CaseTexts = {}): Verdict {
  const decision = judge(modelFor(cases, policy), cases, policy);
  return { ...decision, title: titleOf(decision, policy, texts), reasons: explain(decision, policy, texts) };
}

/** What main's counts say; it stays the same while the trials of a change come in. */
export function modelFor(cases: readonly CaseCounts[], policy: Policy): EvidenceModel {
  return modelOf(
    cases.map((counts) => ({ ...counts, guarding: stateOf(counts, policy) === "guarding" })),
    { margin: policy.margin, missRate: policy.missRate, widen: policy.mode === "pull-request" },
  );
}

/** {@link decide} without words, by a model of the same cases: what simulations call many times. */
export function judge(model: EvidenceModel, cases: readonly CaseCounts[], policy: Policy): Judgement {
  const suspicion = weighTrials(model, cases, policy, triedOf);
  if (!cases.some(isBreakingDown)) return suspicion;
  if (suspicion.controlEvidence !== undefined) return withoutOutage(suspicion);
  const scored = weighTrials(model, cases, policy, scoredOf);
  const isOpen = scored.status === "pass" && suspicion.status !== "pass";
  return isOpen ? { ...scored, status: "inconclusive" } : scored;
}

/**
 * A suspicion that main's trials of now have spoken of. A case that main breaks down in as well is not stale: main did nothing else there, what both
 * need may be down.
 */
function withoutOutage(judgement: Judgement): Judgement {
  const cases = judgement.cases.map(
    (one): CaseVerdict =>
      one.outcome === "stale" && mainBreaksDown(one)
        ? { ...one, outcome: "unscored" }
        : withBreakdownsCounted(one),
  );
  const isOutage = judgement.status === "stale" && !cases.some(({ outcome }) => outcome === "stale");
  return { ...judgement, cases, ...(isOutage && cases.some(mainBreaksDown) && { status: "inconclusive" }) };
}

/**
 * The same while it is open whether main will be tried beside the change: `block` may rest on breakdowns, which are no more than a suspicion then.
 * What to try next goes by this.
 */
export function suspect(model: EvidenceModel, cases: readonly CaseCounts[], policy: Policy): Suspicion {
  const suspicion = weighTrials(model, cases, policy, triedOf);
  if (!cases.some(isBreakingDown)) return suspicion;
  return { ...suspicion, byScores: weighTrials(model, cases, policy, scoredOf).status };
}

/** @param trialsOf Those trials of a change that count. */
function weighTrials(
  model: EvidenceModel,
  cases: readonly CaseCounts[],
  policy: Policy,
  trialsOf: (one: CaseCounts) => Counts,
): Judgement {
  const tried = cases.map(trialsOf);
  const weighed = weigh(model, tried);
  const drafts = cases.map((counts, index): CaseVerdict => {
    const evidence = Math.exp(weighed.units[index] ?? 0);
    const state = stateOf(counts, policy);
    const trials = tried[index] ?? counts.candidate;
    return { ...counts, state, evidence, outcome: outcomeOf({ ...counts, state, evidence }, trials, policy) };
  });
  const losses = model.questions.map(({ scorer, margin }) => {
    return { scorer, margin, odds: Math.exp(weighed.losses.get(scorer) ?? 0) };
  });
  const evidence = Math.exp(weighed.joint);
  const decision = { cases: drafts, evidence, losses };
  const status = statusOf(decision, policy, trialsOf);
  if (status !== "block") return { status, ...decision };
  const control = isBroken(decision, policy, trialsOf) ? settleControl(model, drafts, policy) : undefined;
  if (!control) return { status: "block", ...decision, cases: nameRegressed(drafts, policy) };
  const named = drafts.map(
    (draft, index): CaseVerdict => (control.stale.has(index) ? { ...draft, outcome: "stale" } : draft),
  );
  const fixes = named.some((one) => mustBeFixed(one, policy) === "fails");
  const settled = fixes ? "block" : control.status;
  return {
    status: settled,
    ...decision,
    controlEvidence: control.evidence,
    cases: settled === "block" ? nameRegressed(named, policy) : named,
  };
}

/** Guarding, blocking and failing more than main's history explains. */
export function isSuspected(verdict: CaseVerdict): boolean {
  return verdict.state === "guarding" && verdict.blocking && verdict.evidence >= SUSPICION;
}

/**
 * Whether main is to be tried beside the change: the evidence suffices for a block, or a case has only broken down. The weights of other cases and
 * scorers may keep such a case below the limit, and the pairs with main bring the trials that it misses.
 */
export function isWorthMain(judgement: Pick<Judgement, "cases" | "evidence">, policy: Policy): boolean {
  if (isBroken(judgement, policy)) return true;
  return judgement.cases.some((one) => {
    const { passes, trials } = triedOf(one);
    return isSuspected(one) && isBreakingDown(one) && passes === 0 && trials >= MIN_FAILURES;
  });
}

/** Whether the trials leave it open that a scorer's cases lost the margin. A release needs a margin. */
export function isUnproven({ margin, odds }: ScorerLoss, policy: Policy): boolean {
  return margin === null ? policy.mode === "release" : odds > policy.missRate;
}

/** Share of the trials that should have counted but gave no score, 0..1. */
export function unscoredShare(cases: readonly CaseCounts[]): number {
  const counting = cases.filter((counts) => counts.accepted && counts.blocking);
  const unscored = counting.reduce((sum, counts) => sum + counts.unscored, 0);
  const scored = counting.reduce((sum, counts) => sum + counts.candidate.trials, 0);
  return unscored === 0 ? 0 : unscored / (unscored + scored);
}

function outcomeOf(
  counts: Omit<CaseVerdict, "outcome">,
  tried: Counts,
  policy: Policy,
): CaseVerdict["outcome"] {
  const { main, candidate, state, evidence } = counts;
  if (state === "quarantined") return "new";
  if (candidate.trials === 0 && (tried.trials === 0 || state !== "guarding")) return "unscored";
  if (state === "guarding") return evidence >= SUSPICION ? "undecided" : "held";
  if (!mainFails(main)) return "new";
  if (isGuarding(candidate, policy)) return "fixed";
  return candidate.passes * 2 > candidate.trials ? "undecided" : "still-failing";
}

function statusOf(
  decision: Omit<Judgement, "status">,
  policy: Policy,
  trialsOf: (one: CaseCounts) => Counts,
): Verdict["status"] {
  const { cases, evidence, losses } = decision;
  const counting = cases.filter((verdict) => verdict.accepted && verdict.blocking);
  const guarding = counting.filter((verdict) => verdict.state === "guarding");
  if (isBroken(decision, policy, trialsOf)) return "block";
  const fixes = counting.map((verdict) => mustBeFixed(verdict, policy));
  if (fixes.includes("fails")) return "block";
  if (!counting.some(({ candidate }) => candidate.trials > 0)) return "inconclusive";
  if (unscoredShare(cases) > policy.maxUnscored || cases.some(isUnmeasured)) return "inconclusive";
  if (evidence >= SUSPICION || fixes.includes("unknown")) return "inconclusive";
  if (losses?.some((loss) => isUnproven(loss, policy))) return "inconclusive";
  if (policy.mode === "release" && guarding.length === 0) return "inconclusive";
  const open = guarding.some((one) => isSuspected(one) && one.candidate.trials < policy.maxTrials);
  return open ? "inconclusive" : "pass";
}

/** Whether the evidence of a break suffices for a block, and rests on more than one failed trial. */
export function isBroken(
  { cases, evidence }: Pick<Judgement, "cases" | "evidence">,
  policy: Policy,
  trialsOf: (one: CaseCounts) => Counts = triedOf,
): boolean {
  const failures = cases
    .filter(({ accepted, blocking, state }) => accepted && blocking && state === "guarding")
    .reduce((sum, one) => sum + failuresOf(trialsOf(one)), 0);
  return evidence >= 1 / policy.errorRate && failures >= MIN_FAILURES;
}

/**
 * Of a block, the suspected cases that failed more than once (all suspected ones when none did), and those that must
 * be fixed. Where main was tried, only those that it was tried on: the others may be unlucky, or main fails them too. One that breaks down only where
 * it failed beside a main that answered.
 */
function nameRegressed(cases: readonly CaseVerdict[], policy: Policy): readonly CaseVerdict[] {
  const failedTwice = (one: CaseVerdict) => failuresOf(triedOf(one)) >= MIN_FAILURES;
  const isControlled = cases.some(({ control }) => control !== undefined);
  const suspected = cases.filter(
    (one) =>
      isSuspected(one) &&
      one.outcome !== "stale" &&
      (!isControlled || (one.control !== undefined && (!isBreakingDown(one) || failsBesideMain(one)))),
  );
  const confirmed = suspected.filter(failedTwice);
  const named = new Set(confirmed.length > 0 ? confirmed : suspected);
  return cases.map((verdict) =>
    named.has(verdict) || mustBeFixed(verdict, policy) === "fails"
      ? { ...verdict, outcome: "regressed" }
      : verdict,
  );
}

function failuresOf({ passes, trials }: Counts): number {
  return trials - passes;
}
