import type { CaseVerdict, Policy } from "../../core/verdict.ts";
import { isBreakingDown, mainRepeatsItself } from "../breakdowns.ts";
import type { EvidenceModel } from "../evidence-model.ts";
import { isWorthMain, type Judgement, type Suspicion } from "../gate-decide.ts";
import { MIN_FAILURES } from "../gate-policy.ts";
import { inSeededOrder } from "../seeded-order.ts";
import { breakdownsToTry, breakingCases, type TriedAlone } from "./breakdown-suspects.ts";

/** Cases that main is tried on again at the most, when single cases carry the evidence. */
const MAX_SUSPECTS = 10;

/** Pairs in which main needed too much of the time that the change had, after which further ones are not worth that time. */
const MAX_NEAR_LIMIT = 2;

/** Pairs that a case which breaks down may have, however few trials the policy allows: four bring 37 to 1, and 40 to 1 is asked for. */
const MIN_PAIRS = 6;

/** A suspect with less evidence than the strongest by this factor is not tried: it would only share the error rate. */
const WEAKER = 100;

/** Pairs that are made before the evidence is looked at again, when all cases are tried. */
const SLICE = 25;

/** On which cases main and the change are tried side by side. */
export interface ControlPlan {
  /**
   * `suspects`: single cases carry the evidence. Pairs are of new trials, because those that raised the suspicion speak
   * against the change whatever main does. `all`: only the loss over all guarding cases does. Pairs begin with the change's first
   * trials; these are no choice of the worst when all cases are taken.
   */
  readonly kind: "suspects" | "all";
  readonly caseIds: readonly string[];
}

/**
 * What to try before a block, one plan after the other, the next only when the last has not settled it: single cases, where
 * they carry half of the evidence or more, then all.
 *
 * @param alone What the change did on cases that broke down and were tried again alone. Default: none was.
 */
export function planControl(
  model: EvidenceModel,
  judgement: Suspicion,
  policy: Policy,
  alone?: TriedAlone,
): readonly ControlPlan[] {
  const named = judgement.cases
    .filter(({ outcome, state }) => outcome === "regressed" && state === "guarding")
    .toSorted((a, b) => b.evidence - a.evidence);
  const strongest = named[0]?.evidence ?? 0;
  const suspects = named.filter(({ evidence }) => evidence * WEAKER >= strongest);
  const broken = breakdownsToTry(breakingCases(judgement), alone);
  if (broken.length > 0) return planForBreakdowns(judgement, broken, suspects);
  const caseIds = idsOf(suspects).slice(0, MAX_SUSPECTS);
  const chosen = new Set(caseIds);
  const carried = carriedBy(model, judgement.cases, (one) => chosen.has(one.caseId));
  const guarding = judgement.cases.filter((one) => one.state === "guarding" && one.blocking);
  const all: ControlPlan = { kind: "all", caseIds: idsOf(guarding) };
  // Half of it may do: further trials of a broken case bring the rest.
  return 2 * carried * policy.errorRate >= 1 ? [{ kind: "suspects", caseIds }, all] : [all];
}

/** Breakdowns speak for single cases only; what the scores say of all cases is asked apart. */
function planForBreakdowns(
  judgement: Suspicion,
  broken: readonly (readonly string[])[],
  suspects: readonly CaseVerdict[],
): readonly ControlPlan[] {
  const single = (caseIds: readonly string[]): ControlPlan => ({ kind: "suspects", caseIds });
  if (judgement.byScores !== "block") return broken.map(single);
  const failing = idsOf(suspects.filter((one) => !isBreakingDown(one))).slice(0, MAX_SUSPECTS);
  const guarding = judgement.cases.filter((one) => one.state === "guarding" && one.blocking);
  return [
    single([...new Set([...(broken[0] ?? []), ...failing])]),
    { kind: "all", caseIds: idsOf(guarding.filter((one) => !isBreakingDown(one))) },
  ];
}

function idsOf(cases: readonly CaseVerdict[]): readonly string[] {
  return [...new Set(cases.map(({ caseId }) => caseId))];
}

/** What single cases bring to the joint evidence, without what all cases have in common. */
function carriedBy(
  model: EvidenceModel,
  cases: readonly CaseVerdict[],
  counts: (one: CaseVerdict) => boolean,
): number {
  const votes = model.scorers.flatMap(({ members }) => members);
  const weight = votes.reduce((sum, vote) => sum + vote.weight, 0);
  const evidence = votes.reduce((sum, vote) => {
    const one = cases[vote.index];
    return one && counts(one) ? sum + vote.weight * one.evidence : sum;
  }, 0);
  const failures = cases
    .filter(counts)
    .reduce((sum, { candidate }) => sum + candidate.trials - candidate.passes, 0);
  return failures < MIN_FAILURES ? 0 : evidence / (2 * weight);
}

/** What the choice of the next pairs rests on. */
export interface PairContext {
  readonly plan: ControlPlan;
  readonly policy: Policy;
  /** Pairs made, by case id, whatever became of them. */
  readonly made: ReadonlyMap<string, number>;
  /** Orders the slices; the same seed gives the same order. */
  readonly seed: string;
}

/** Ids of the cases that get a pair now; empty when main's trials have settled the block, or enough was spent on it. */
export function nextPairs(
  judgement: Judgement,
  { plan, policy, made, seed }: PairContext,
): readonly string[] {
  const pairsOf = (id: string) => made.get(id) ?? 0;
  const begun = judgement.controlEvidence !== undefined;
  if (!isWorthMain(judgement, policy) || (begun && judgement.status !== "inconclusive")) return [];
  const breaking = new Set(judgement.cases.filter(isBreakingDown).map(({ caseId }) => caseId));
  const most = (id: string) => {
    if (plan.kind === "all") return policy.maxPasses;
    return breaking.has(id) ? Math.max(policy.maxTrials, MIN_PAIRS) : policy.maxTrials;
  };
  const vain = new Set(
    judgement.cases
      .filter((one) => (one.control?.nearLimit?.pairs ?? 0) >= MAX_NEAR_LIMIT || mainRepeatsItself(one))
      .map(({ caseId }) => caseId),
  );
  const open = plan.caseIds.filter((id) => pairsOf(id) < most(id) && !vain.has(id));
  if (plan.kind === "suspects") return open;
  const least = Math.min(...open.map(pairsOf));
  const next = open.filter((id) => pairsOf(id) === least);
  return inSeededOrder(next, `${seed}/control/${least}`).slice(0, SLICE);
}
