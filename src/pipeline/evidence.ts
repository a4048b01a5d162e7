import type { Counts } from "../core/verdict.ts";
import { DOUBTS, type EvidenceModel, LOSSES, type UnitOdds } from "./evidence-model.ts";
import { logSum } from "./evidence-null.ts";

/** What the trials of a change say against "nothing changed". All are natural logs. */
export interface Evidence {
  /** The joint e-value; 0 is no evidence. */
  readonly joint: number;
  /** Each unit's e-value, in their order; 0 for units that do not guard. */
  readonly units: readonly number[];
  /**
   * L, how much better "every case lost the margin" explains the trials than "nothing changed", by scorer of the
   * question; none for one without a margin.
   */
  readonly losses: ReadonlyMap<string, number>;
}

/**
 * The evidence that a change broke something, as e-values: under "nothing changed" their mean is at most
 * 1, so one of 20 or more turns up in at most 5 % of unchanged pull requests (Ville), whatever the order
 * and number of trials and however often one looks.
 *
 * Per case, E_i = M_brk / M0: how much better "it broke" (Beta(1/2, 3/2) on the pass rate) explains this
 * change's trials than "it is as reliable as main's history says". Per scorer, E_agg: the mean over a few losses
 * of "every case lost this share of its reliability", multiplied over the cases, against "nothing changed, though main
 * may have been lucky". Joint: the weighted mean of the
 * E_i and of the E_agg, half each; means of e-values are e-values under any dependence, so all cases, scorers and
 * looks share one error rate.
 *
 * Turned round, L answers for a pass: a change that lost the margin gets L at or below b with a chance of
 * at most b, by the same inequality.
 *
 * @param candidates The trials of this change, by unit of the model.
 */
export function weigh(model: EvidenceModel, candidates: readonly Counts[]): Evidence {
  const odds: (UnitOdds | undefined)[] = [];
  const units = new Array<number>(model.size).fill(0);
  for (const { index, oddsOf } of model.guarding) {
    const found = oddsOf(candidates[index] ?? { passes: 0, trials: 0 });
    odds[index] = found;
    units[index] = found.broken;
  }
  const losses = new Map<string, number>();
  if (model.scorers.length === 0) return { joint: 0, units, losses };
  const votes = model.scorers.flatMap(({ members }) => members);
  const perCase = votes.map(({ weight, index }) => Math.log(weight) + (units[index] ?? 0));
  const perScorer = model.scorers.map(({ members, weight }) => {
    const lost = LOSSES.map((_, at) => total(members, ({ index }) => odds[index]?.lost[at] ?? 0));
    const doubts = DOUBTS.map((_, at) => total(members, ({ index }) => odds[index]?.doubts[at] ?? 0));
    return Math.log(weight) + logSum(lost) - Math.log(LOSSES.length) - unchanged(doubts);
  });
  for (const { scorer, members, margin } of model.questions) {
    if (margin === null) continue;
    const lost = total(members, ({ index, share }) => share * (odds[index]?.margin ?? 0));
    const doubts = DOUBTS.map((_, at) =>
      total(members, ({ index, share }) => share * (odds[index]?.doubts[at] ?? 0)),
    );
    losses.set(scorer, lost - unchanged(doubts));
  }
  const weight = total(votes, (vote) => vote.weight);
  return { joint: logSum([logSum(perCase), logSum(perScorer)]) - Math.log(2 * weight), units, losses };
}

/** ln of "nothing changed, though main may have been lucky", against "nothing changed" alone. */
function unchanged(doubts: readonly number[]): number {
  return logSum(doubts.map((doubt, at) => doubt + Math.log(DOUBTS[at]?.chance ?? 0)));
}

function total<T>(items: readonly T[], termOf: (item: T) => number): number {
  let sum = 0;
  for (const item of items) sum += termOf(item);
  return sum;
}
