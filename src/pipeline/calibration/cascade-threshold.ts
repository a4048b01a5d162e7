import { binomialUpper } from "./binomial-upper.ts";

/** One labelled trace as the cheap judge answered it. */
export interface ConfidentPair {
  /** How sure the cheap judge was of its label, 0..1. */
  readonly confidence: number;
  /** Whether the reference (a person, or the strong judge) said the same. */
  readonly agrees: boolean;
}

/** Where the cheap judge's word is taken, and what was proven of it. */
export interface CascadeThreshold {
  /** Answers at least this sure are taken, 0..1. */
  readonly confidence: number;
  /** Share of traces so sure. */
  readonly coverage: number;
  /** Labelled traces so sure, and how many of them disagree. */
  readonly accepted: number;
  readonly disagreeing: number;
  /** With confidence 1 - level, no more than this share of the accepted ones disagrees. */
  readonly upperBound: number;
}

/**
 * The lowest confidence at which a cheap judge may be believed: thresholds are tested from strict to loose, each by the exact
 * binomial upper bound of the disagreement among what it accepts, and the first that fails ends the search. So the bound holds with
 * probability 1 - level without paying for the many thresholds ("Trust or Escalate", arXiv 2407.18370, fixed-sequence testing).
 *
 * The thresholds are a grid fixed beforehand, not the confidences that occurred: chosen by the data, their order would be a
 * choice of the data too.
 *
 * @param target greatest share of wrongly accepted answers, 0..1. Default 0.1.
 * @param level chance that the bound does not hold. Default 0.05.
 * @returns null when not even the strictest threshold can be shown to hold: then everything goes to the strong judge.
 */
export function cascadeThreshold(
  pairs: readonly ConfidentPair[],
  { target = 0.1, level = 0.05 }: { readonly target?: number; readonly level?: number } = {},
): CascadeThreshold | null {
  let proven: CascadeThreshold | null = null;
  for (const confidence of GRID) {
    const accepted = pairs.filter((pair) => pair.confidence >= confidence);
    // With so few accepted one chance disagreement would end the search. Sizes say nothing of agreement, so this is no peeking.
    if (binomialUpper(SPARE, accepted.length, level) > target) continue;
    const disagreeing = accepted.filter(({ agrees }) => !agrees).length;
    const upperBound = binomialUpper(disagreeing, accepted.length, level);
    if (upperBound > target) break;
    const coverage = accepted.length / pairs.length;
    proven = { confidence, coverage, accepted: accepted.length, disagreeing, upperBound };
  }
  return proven;
}

/** Disagreements that the first threshold tested must be able to bear: 76 labels at the default target. */
const SPARE = 3;

/** 0.995, 0.99, ... 0.5: finer steps buy nothing that a few hundred labels could show. */
const GRID: readonly number[] = Array.from({ length: 100 }, (_, index) => (199 - index) / 200);
