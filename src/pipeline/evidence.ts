import { logBeta } from "../core/lgamma.ts";
import type { Counts } from "../core/verdict.ts";
import { fitReliabilities, GRID, type LogWeights, logLikelihood, logSum } from "./evidence-null.ts";

/** One case and scorer, as the evidence sees it. */
export interface EvidenceUnit {
  readonly scorer: string;
  readonly main: Counts;
  readonly candidate: Counts;
  /** Only guarding units can speak against a change; the others help to fit what is usual. */
  readonly guarding: boolean;
  /** False: it gets an e-value of its own for the report, but no part in the joint one. */
  readonly blocking: boolean;
}

/** What the trials say against "nothing changed". */
export interface Evidence {
  /** Natural log of the joint e-value; 0 is no evidence. */
  readonly joint: number;
  /** Natural log of each unit's e-value, in their order; 0 for units that do not guard. */
  readonly units: readonly number[];
}

/** Shares of its reliability that every case might have lost at once. */
const LOSSES = [0.03, 0.06, 0.12, 0.25];

/**
 * The evidence that a change broke something, as e-values: under "nothing changed" their mean is at most
 * 1, so one of 20 or more turns up in at most 5 % of unchanged pull requests (Ville), whatever the order
 * and number of trials and however often one looks.
 *
 * Per case, E_i = M_brk / M0: how much better "it broke" (Beta(1/2, 3/2) on the pass rate) explains this
 * change's trials than "it is as reliable as main's history says" (fitted over all cases of the scorer).
 * Per scorer, E_agg: the mean over a few losses of "every case lost this share of its reliability",
 * multiplied over the cases. Joint: half of each, averaged over scorers by their number of cases; means
 * of e-values are e-values under any dependence.
 */
export function weighEvidence(units: readonly EvidenceUnit[]): Evidence {
  const perUnit = units.map(() => 0);
  const perScorer: number[] = [];
  const voting = units.filter((unit) => unit.guarding && unit.blocking).length;
  const indexed = units.map((unit, index) => ({ ...unit, index }));
  for (const members of Map.groupBy(indexed, ({ scorer }) => scorer).values()) {
    const judged = judgedOf(members);
    for (const { odds, index } of judged) perUnit[index] = odds.broken;
    const votes = judged.filter(({ blocking }) => blocking).map(({ odds }) => odds);
    if (votes.length === 0) continue;
    const cases = logSum(votes.map(({ broken }) => broken)) - Math.log(votes.length);
    const losses = LOSSES.map((_, at) => votes.reduce((sum, { lost }) => sum + (lost[at] ?? 0), 0));
    const aggregate = logSum(losses) - Math.log(LOSSES.length);
    const half = Math.log(0.5);
    perScorer.push(Math.log(votes.length / voting) + logSum([half + cases, half + aggregate]));
  }
  return { joint: perScorer.length === 0 ? 0 : logSum(perScorer), units: perUnit };
}

/** The guarding units with their odds, by what main's histories, all of this scorer, say of their reliability. */
function judgedOf(members: readonly (EvidenceUnit & { readonly index: number })[]) {
  const known = members.filter(({ main }) => main.trials > 0);
  const posteriors = fitReliabilities(known.map(({ main }) => main));
  // Most cases of a suite have the same counts as many others.
  const cache = new Map<string, CaseOdds>();
  return known.flatMap((unit, at) => {
    const posterior = posteriors[at];
    if (!unit.guarding || !posterior) return [];
    const { main, candidate } = unit;
    const key = [main.passes, main.trials, candidate.passes, candidate.trials].join("/");
    const odds = cache.get(key) ?? oddsOf(posterior, candidate);
    cache.set(key, odds);
    return [{ ...unit, odds }];
  });
}

/** Natural logs of what the trials of one case say against "nothing changed". */
interface CaseOdds {
  /** For "it broke". */
  readonly broken: number;
  /** For "it lost this share of its reliability", one per {@link LOSSES}. */
  readonly lost: readonly number[];
}

function oddsOf(posterior: LogWeights, candidate: Counts): CaseOdds {
  const unchanged = logMixture(posterior, candidate, 0);
  const lost = LOSSES.map((loss) => logMixture(posterior, candidate, loss) - unchanged);
  return { broken: logCaseEvidence(posterior, candidate), lost };
}

/** ln E_i: the odds for "this case broke", by its own trials alone. */
export function logCaseEvidence(posterior: LogWeights, candidate: Counts): number {
  if (candidate.trials === 0) return 0;
  const fails = candidate.trials - candidate.passes;
  const broken = logBeta(candidate.passes + 0.5, fails + 1.5) - logBeta(0.5, 1.5);
  return broken - logMixture(posterior, candidate, 0);
}

/** ln of the trials' probability when the case has lost a share of its reliability. */
function logMixture(posterior: LogWeights, candidate: Counts, loss: number): number {
  return logSum(GRID.map((p, index) => (posterior[index] ?? 0) + logLikelihood(p * (1 - loss), candidate)));
}
