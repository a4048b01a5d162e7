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
 * change's trials than "it is as reliable as main's history says", fitted over all cases, so that a
 * scorer with two cases borrows from the rest. Per scorer, E_agg: the mean over a few losses of "every case
 * lost this share of its reliability", multiplied over the cases; here each scorer is fitted alone, since a
 * product does not forgive what a mean forgives. Joint: the mean of the E_i and of the E_agg, half each;
 * means of e-values are e-values under any dependence.
 */
export function weighEvidence(units: readonly EvidenceUnit[]): Evidence {
  const judged = judge(units);
  const perUnit = units.map(() => 0);
  for (const { index, broken } of judged) perUnit[index] = broken;
  const votes = judged.filter(({ blocking }) => blocking);
  if (votes.length === 0) return { joint: 0, units: perUnit };
  const cases = logMean(votes.map(({ broken }) => broken));
  const perScorer = [...Map.groupBy(votes, ({ scorer }) => scorer).values()].map((members) => {
    const losses = LOSSES.map((_, at) => members.reduce((sum, { lost }) => sum + (lost[at] ?? 0), 0));
    return Math.log(members.length) + logMean(losses);
  });
  const aggregate = logSum(perScorer) - Math.log(votes.length);
  return { joint: logMean([cases, aggregate]), units: perUnit };
}

interface JudgedUnit extends EvidenceUnit {
  readonly index: number;
  /** ln E_i. */
  readonly broken: number;
  /** ln of "lost this share of its reliability" against "unchanged", one per {@link LOSSES}. */
  readonly lost: readonly number[];
}

/** The guarding units and their odds. */
function judge(units: readonly EvidenceUnit[]): readonly JudgedUnit[] {
  const known = units.flatMap((unit, index) => (unit.main.trials > 0 ? [{ ...unit, index }] : []));
  const ofAll = fitReliabilities(known.map(({ main }) => main));
  const ofScorer = fitPerScorer(known);
  // Most cases of a suite have the same counts as many others.
  const cache = new Map<string, Pick<JudgedUnit, "broken" | "lost">>();
  return known.flatMap((unit, at) => {
    const [all, own] = [ofAll[at], ofScorer.get(unit.index)];
    if (!unit.guarding || !all || !own) return [];
    const { scorer, main, candidate } = unit;
    const key = JSON.stringify([scorer, main, candidate]);
    const odds = cache.get(key) ?? {
      broken: logCaseEvidence(all, candidate),
      lost: logLosses(own, candidate),
    };
    cache.set(key, odds);
    return [{ ...unit, ...odds }];
  });
}

/** Posteriors by index, fitted to each scorer's histories alone. */
function fitPerScorer(
  known: readonly (EvidenceUnit & { readonly index: number })[],
): Map<number, LogWeights> {
  const fitted = new Map<number, LogWeights>();
  for (const members of Map.groupBy(known, ({ scorer }) => scorer).values()) {
    const posteriors = fitReliabilities(members.map(({ main }) => main));
    for (const [at, { index }] of members.entries()) fitted.set(index, posteriors[at] ?? []);
  }
  return fitted;
}

function logLosses(posterior: LogWeights, candidate: Counts): readonly number[] {
  const unchanged = logMixture(posterior, candidate, 0);
  return LOSSES.map((loss) => logMixture(posterior, candidate, loss) - unchanged);
}

/** ln E_i: the odds for "this case broke", by its own trials alone. */
export function logCaseEvidence(posterior: LogWeights, candidate: Counts): number {
  if (candidate.trials === 0) return 0;
  const fails = candidate.trials - candidate.passes;
  const broken = logBeta(candidate.passes + 0.5, fails + 1.5) - logBeta(0.5, 1.5);
  return broken - logMixture(posterior, candidate, 0);
}

function logMean(logs: readonly number[]): number {
  return logSum(logs) - Math.log(logs.length);
}

/** ln of the trials' probability when the case has lost a share of its reliability. */
function logMixture(posterior: LogWeights, candidate: Counts, loss: number): number {
  return logSum(GRID.map((p, index) => (posterior[index] ?? 0) + logLikelihood(p * (1 - loss), candidate)));
}
