import { clampShare, type Estimate, wilson } from "../../core/interval.ts";
import type { JudgedRate } from "./corrected-rate.ts";

/** One labelled trace out of the traffic itself. */
export interface SampledPair {
  readonly human: boolean;
  readonly judge: boolean;
  /** Chance with which the trace was picked to be labelled, up to a common factor, (0, 1]. Default 1: all alike. */
  readonly probability?: number;
}

/**
 * The pass rate that people would have found, where the labelled traces are a random sample of the traffic: the judge's rate over everything,
 * weighted by how much it is worth, plus what people corrected on the sample (PPI++, Angelopoulos et al., arXiv 2311.01453). It needs no judge
 * that is better than a coin: a useless one gets weight 0. Where traces were picked with unequal chances each counts for 1 / probability.
 *
 * The 95 % interval is Wilson's at the size of a plain sample that would have this variance, because the textbook one covers the truth in
 * only 87 to 90 % of the worlds with 50 to 100 labels and a rate of 0.9 (see the simulation in the tests).
 *
 * @param judged what the judge said of all traffic, the labelled traces included or not.
 * @returns null without labels or without judged traces.
 */
export function predictionPowered(judged: JudgedRate, pairs: readonly SampledPair[]): Estimate | null {
  if (pairs.length < 2 || judged.trials === 0) return null;
  const { size, human, judge, humanVariance, judgeVariance, covariance } = moments(pairs);
  const rate = judged.passes / judged.trials;
  const spread = rate * (1 - rate);
  const trust = spread === 0 ? 0 : clampShare(covariance / ((1 + size / judged.trials) * spread));
  const value = clampShare(trust * rate + human - trust * judge);
  const residual = humanVariance + trust ** 2 * judgeVariance - 2 * trust * covariance;
  const variance = (trust ** 2 * spread) / judged.trials + residual / size;
  // At the very ends both vanish; then the sample alone says how sure one may be.
  const inside = Math.min(1 - 1e-9, Math.max(1e-9, value));
  const effective = variance > 0 ? (inside * (1 - inside)) / variance : size;
  const within = Math.max(size, Math.min(effective, size + judged.trials));
  return wilson(value, value === 0 || value === 1 ? size : within);
}

function moments(pairs: readonly SampledPair[]) {
  const weights = pairs.map(({ probability = 1 }) => 1 / probability);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const squares = weights.reduce((total, weight) => total + weight ** 2, 0);
  // Kish's effective size; equal weights give the number of pairs.
  const size = sum ** 2 / squares;
  const mean = (value: (pair: SampledPair) => number) =>
    pairs.reduce((total, pair, index) => total + (weights[index] ?? 0) * value(pair), 0) / sum;
  const human = mean((pair) => Number(pair.human));
  const judge = mean((pair) => Number(pair.judge));
  const unbiased = size > 1 ? size / (size - 1) : 1;
  return {
    size,
    human,
    judge,
    humanVariance: human * (1 - human) * unbiased,
    judgeVariance: judge * (1 - judge) * unbiased,
    covariance: (mean((pair) => Number(pair.human && pair.judge)) - human * judge) * unbiased,
  };
}
