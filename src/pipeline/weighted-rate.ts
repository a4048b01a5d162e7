import { wilson } from "../core/interval.ts";

/** One trace of a sample: did it pass, and with what chance was it in the sample, (0, 1]. */
export interface WeightedOutcome {
  readonly passed: boolean;
  readonly probability: number;
}

/** A rate over all traces, as the sampled ones tell it. All 0..1. */
export interface WeightedRate {
  readonly rate: number;
  /** 95 % interval. */
  readonly low: number;
  readonly high: number;
  /** Traces the sample stands for. */
  readonly population: number;
  /** Equally likely traces that would say as much. */
  readonly effectiveSize: number;
}

/**
 * The pass rate of all traces from a sample in which failing ones are over-represented: each counts for the
 * 1 / probability traces it stands for (Hájek 1971, the ratio form of Horvitz and Thompson 1952). The interval is Wilson's
 * at Kish's effective size (Σw)² / Σw², so that it stays inside 0..1 with few traces and at rates near the ends.
 *
 * @returns null without outcomes.
 */
export function weightedRate(outcomes: Iterable<WeightedOutcome>): WeightedRate | null {
  let sum = 0;
  let squares = 0;
  let passing = 0;
  for (const { passed, probability } of outcomes) {
    const weight = 1 / probability;
    sum += weight;
    squares += weight * weight;
    if (passed) passing += weight;
  }
  if (sum === 0) return null;
  const size = (sum * sum) / squares;
  const { value, low, high } = wilson(passing / sum, size);
  return { rate: value, low, high, population: sum, effectiveSize: size };
}
