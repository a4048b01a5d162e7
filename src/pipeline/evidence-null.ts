import type { Counts } from "../core/verdict.ts";

/**
 * Reliabilities a case may have. Nothing is taken to be more reliable than the highest, because the scorer errs
 * too; a lower cap (0.98) hides small losses of suites whose cases hardly ever fail.
 */
export const GRID: readonly number[] = [
  0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.84, 0.88,
  0.91, 0.94, 0.96, 0.98, 0.99, 0.995,
];

const STEPS = 60;
/** Weight of the flat prior over the grid, in cases. */
const PSEUDO_CASES = 2;

/** Natural logs of the probabilities of {@link GRID}, one per point. */
export type LogWeights = readonly number[];

/**
 * What main's histories say about the reliability of each case: a mixture over {@link GRID} is fitted to
 * all of them by expectation maximisation, then each case gets its posterior. So a case with three
 * trials borrows from the others how far three passes can be trusted.
 *
 * @returns One posterior per history, in their order; the same object for equal histories.
 */
export function fitReliabilities(histories: readonly Counts[]): readonly LogWeights[] {
  const groups = Map.groupBy(histories, ({ passes, trials }) => `${passes}/${trials}`);
  const distinct = [...groups].map(([name, members]) => ({
    name,
    count: members.length,
    likelihood: likelihoodOf(members[0]),
  }));
  const size = GRID.length;
  let weights = new Float64Array(size).fill(1 / size);
  for (let step = 0; step < STEPS; step++) {
    const sums = new Float64Array(size).fill(PSEUDO_CASES / size);
    for (const { likelihood, count } of distinct) {
      const share = count / evidenceOf(weights, likelihood);
      for (let at = 0; at < size; at++) {
        sums[at] = (sums[at] ?? 0) + (weights[at] ?? 0) * (likelihood[at] ?? 0) * share;
      }
    }
    weights = sums.map((sum) => sum / (histories.length + PSEUDO_CASES));
  }
  const fitted = new Map(distinct.map(({ name, likelihood }) => [name, posteriorOf(weights, likelihood)]));
  return histories.map(({ passes, trials }) => fitted.get(`${passes}/${trials}`) ?? []);
}

/** Relative to the largest, so that long histories do not underflow. */
function likelihoodOf(counts: Counts = { passes: 0, trials: 0 }): Float64Array {
  const logs = GRID.map((p) => logLikelihood(p, counts));
  const largest = Math.max(...logs);
  return Float64Array.from(logs, (log) => Math.exp(log - largest));
}

function evidenceOf(weights: Float64Array, likelihood: Float64Array): number {
  let total = 0;
  for (let at = 0; at < weights.length; at++) total += (weights[at] ?? 0) * (likelihood[at] ?? 0);
  return total;
}

function posteriorOf(weights: Float64Array, likelihood: Float64Array): LogWeights {
  const total = evidenceOf(weights, likelihood);
  return Array.from(weights, (weight, at) => Math.log((weight * (likelihood[at] ?? 0)) / total));
}

/** Mean reliability of a posterior, 0..1. */
export function meanReliability(posterior: LogWeights): number {
  return posterior.reduce((sum, log, at) => sum + Math.exp(log) * (GRID[at] ?? 0), 0);
}

/** ln of the trials' probability when the case has lost a share of its reliability; 0: when it is unchanged. */
export function logMixture(posterior: LogWeights, counts: Counts, loss: number): number {
  return logSum(GRID.map((p, at) => (posterior[at] ?? 0) + logLikelihood(p * (1 - loss), counts)));
}

/** ln p^passes (1 - p)^fails */
export function logLikelihood(p: number, { passes, trials }: Counts): number {
  return passes * Math.log(p) + (trials - passes) * Math.log1p(-p);
}

/** ln of a sum of numbers given by their logs. */
export function logSum(logs: readonly number[]): number {
  const largest = Math.max(...logs);
  if (!Number.isFinite(largest)) return largest;
  return largest + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - largest), 0));
}
