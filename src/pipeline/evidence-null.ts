import type { Counts } from "../core/verdict.ts";

/**
 * Reliabilities a case may have. The highest is 0.98: nothing is taken to be more reliable, because the
 * scorer errs too.
 */
export const GRID: readonly number[] = [
  0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.84, 0.88,
  0.91, 0.94, 0.96, 0.98,
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
 * @returns One posterior per history, in their order.
 */
export function fitReliabilities(histories: readonly Counts[]): readonly LogWeights[] {
  const groups = Map.groupBy(histories, ({ passes, trials }) => `${passes}/${trials}`);
  const distinct = [...groups].map(([name, members]) => ({
    name,
    count: members.length,
    likelihood: likelihoodOf(members[0]),
  }));
  let weights = GRID.map(() => 1 / GRID.length);
  for (let step = 0; step < STEPS; step++) {
    const sums = GRID.map(() => PSEUDO_CASES / GRID.length);
    for (const { likelihood, count } of distinct) {
      const posterior = posteriorOf(weights, likelihood);
      for (const [index, value] of posterior.entries()) sums[index] = (sums[index] ?? 0) + count * value;
    }
    weights = sums.map((sum) => sum / (histories.length + PSEUDO_CASES));
  }
  const fitted = new Map(
    distinct.map(({ name, likelihood }) => [name, posteriorOf(weights, likelihood).map(Math.log)]),
  );
  return histories.map(({ passes, trials }) => fitted.get(`${passes}/${trials}`) ?? []);
}

/** Relative to the largest, so that long histories do not underflow. */
function likelihoodOf(counts: Counts = { passes: 0, trials: 0 }): readonly number[] {
  const logs = GRID.map((p) => logLikelihood(p, counts));
  const largest = Math.max(...logs);
  return logs.map((log) => Math.exp(log - largest));
}

function posteriorOf(weights: readonly number[], likelihood: readonly number[]): readonly number[] {
  const joint = weights.map((weight, index) => weight * (likelihood[index] ?? 0));
  const total = joint.reduce((sum, value) => sum + value, 0);
  return joint.map((value) => value / total);
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
