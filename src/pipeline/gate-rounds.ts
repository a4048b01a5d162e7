import type { Result } from "../core/run.ts";
import type { CaseVerdict, Policy } from "../core/verdict.ts";
import { isBreakingDown } from "./breakdowns.ts";
import { isUnmeasured } from "./case-life.ts";
import { ALL_SCORERS } from "./evidence-model.ts";
import { isSuspected, isUnproven, type Judgement, type Suspicion, unscoredShare } from "./gate-decide.ts";
import { MIN_FAILURES, SUSPICION } from "./gate-policy.ts";
import { mustBeFixed } from "./gate-release.ts";
import { inSeededOrder } from "./seeded-order.ts";

/** After a block, how many more suspected cases get the trial that tells a broken one from an unlucky one. */
const CONFIRMED = 10;

/** Trials of a further pass that are asked for before the evidence is looked at again. */
const SLICE = 25;

/** What the choice of the next trials rests on. */
export interface RoundContext {
  readonly policy: Policy;
  /** Trials made in this run, by case id, whatever became of them. */
  readonly made: ReadonlyMap<string, number>;
  /** The run will become main's history. */
  readonly record: boolean;
  /** Cases whose last repetition gave the same evidence: another one buys nothing. Default: none. */
  readonly repeating?: ReadonlySet<string>;
  /** Cases with a fault that would come again, or that must not be tried until it does not. Default: none. */
  readonly settledFaults?: ReadonlySet<string>;
  /** False in a part of a run, which cannot tell what all cases say. Default true. */
  readonly furtherPass?: boolean;
  /** Orders the further passes; the same seed gives the same order. Default "". */
  readonly seed?: string;
}

/**
 * Ids of the cases that deserve one more trial, most urgent first; empty when nothing is left to settle.
 *
 * Suspected cases first, those with the strongest evidence before the others; once the evidence suffices
 * for a block, only those that failed once so far, so that the report does not blame an unlucky one. Where it suffices by breakdowns only,
 * suspected cases with scores as before, for breakdowns are tried again beside main. With them the guarding cases that
 * gave no score, once more, when they are few. Then
 * cases that main fails and that pass here, until they have the trials a guarding case needs: these
 * become its first history at the merge. When recording, also every case with too short a history. When nothing
 * of this is left and a loss over all cases is not ruled out, a slice of a further pass, in an order that does
 * not depend on the results, so that no lucky case is chosen.
 */
export function nextTrials(verdict: Suspicion, context: RoundContext): readonly string[] {
  const { policy, made, record, repeating } = context;
  const blocked = verdict.status === "block";
  // Where more is missing, the infrastructure is down, and every further trial is money for nothing.
  // Breakdowns need main beside them, and nobody knows yet whether there will be one: the scores are to settle what they can.
  const settled = (verdict.byScores ?? verdict.status) === "block";
  const worthMeasuring = !settled && unscoredShare(verdict.cases) <= policy.maxUnscored;
  const suspected = verdict.cases.filter(isSuspected).toSorted((a, b) => b.evidence - a.evidence);
  const failing = blocked ? suspected.filter((one) => !isBreakingDown(one)) : suspected;
  const unclear = settled
    ? failing.slice(0, CONFIRMED).filter(({ candidate }) => candidate.trials < MIN_FAILURES)
    : failing;
  const wanted = verdict.cases.filter(
    (one) => isWanted(one, policy, record) || (worthMeasuring && isWorthMeasuring(one, context)),
  );
  const ids = new Set([...unclear, ...wanted].map(({ caseId }) => caseId));
  const urgent = [...ids].filter((id) => (made.get(id) ?? 0) < policy.maxTrials && !repeating?.has(id));
  return urgent.length > 0 || blocked || context.furtherPass === false
    ? urgent
    : furtherPass(verdict, context);
}

/**
 * Ids of the cases of which some trial gave the evidence of an earlier one: their answers come out of a recording or a cache, and
 * would again.
 */
export function repeatingCases(results: readonly Pick<Result, "caseId" | "evidenceHash">[]): Set<string> {
  const seen = new Set<string>();
  const repeating = new Set<string>();
  for (const { caseId, evidenceHash } of results) {
    if (evidenceHash === null) continue;
    const key = `${evidenceHash} ${caseId}`;
    if (seen.has(key)) repeating.add(caseId);
    seen.add(key);
  }
  return repeating;
}

/** A fix that needs its first history, a case that must be fixed, or a case too young to guard. */
function isWanted(one: CaseVerdict, policy: Policy, record: boolean): boolean {
  const { state, outcome, candidate, main } = one;
  if (mustBeFixed(one, policy) === "unknown") return true;
  if (state === "open" && outcome === "undecided") return candidate.trials < policy.minHistory;
  return record && candidate.trials > 0 && main.trials + candidate.trials < policy.minHistory;
}

/** A guarding case without a score is tried once more, so that one hiccup of a judge does not leave a large suite undecided. */
function isWorthMeasuring(one: CaseVerdict, { made, settledFaults }: RoundContext): boolean {
  return isUnmeasured(one) && made.get(one.caseId) === 1 && !settledFaults?.has(one.caseId);
}

function furtherPass(
  verdict: Judgement,
  { policy, made, repeating, seed = "" }: RoundContext,
): readonly string[] {
  if (verdict.status !== "inconclusive" || unscoredShare(verdict.cases) > policy.maxUnscored) return [];
  const unsettled = (verdict.losses ?? []).filter(
    (loss) => loss.margin !== null && (isUnproven(loss, policy) || verdict.evidence >= SUSPICION),
  );
  const scorers = new Set(unsettled.map(({ scorer }) => scorer));
  if (scorers.size === 0) return [];
  const members = verdict.cases.filter(
    (one) =>
      one.state === "guarding" && one.blocking && (scorers.has(one.scorer) || scorers.has(ALL_SCORERS)),
  );
  const open = [...new Set(members.map(({ caseId }) => caseId))].filter(
    (id) => (made.get(id) ?? 0) < policy.maxPasses && !repeating?.has(id),
  );
  const least = Math.min(...open.map((id) => made.get(id) ?? 0));
  const next = open.filter((id) => (made.get(id) ?? 0) === least);
  return inSeededOrder(next, `${seed}/${least}`).slice(0, SLICE);
}
