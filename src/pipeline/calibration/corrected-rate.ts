import { clampShare, type Estimate, Z95 } from "../../core/interval.ts";
import type { Confusion } from "./confusion.ts";

/** What a judge said of all traces that it looked at, in traces. */
export interface JudgedRate {
  readonly passes: number;
  readonly trials: number;
}

/**
 * The pass rate that people would have found, from a judge's pass rate and its errors on labelled traces:
 * (p + q0 - 1) / (q0 + q1 - 1), with p the judge's rate, q1 the share of passes and q0 the share of fails that it recognises
 * (Rogan and Gladen 1978). For a calibration set that need not look like the traffic.
 *
 * The 95 % interval is the delta method's, with two traces added to each side and Agresti and Coull's to the rate, because
 * the plain one covers the truth in 89 % of the worlds with 30 labels a side (see the simulation in the tests; variance as in
 * Lee et al., arXiv 2511.21140).
 *
 * @returns null where nothing can be said: no labels on one side, or a judge no better than a coin (q0 + q1 <= 1).
 */
export function roganGladen(judged: JudgedRate, labelled: Confusion): Estimate | null {
  const passes = labelled.truePass + labelled.falseFail;
  const fails = labelled.trueFail + labelled.falsePass;
  if (passes === 0 || fails === 0 || judged.trials === 0) return null;
  const rate = judged.passes / judged.trials;
  const plain = correct(rate, labelled.truePass / passes, labelled.trueFail / fails);
  if (plain === null) return null;
  const value = clampShare(plain);
  const n = judged.trials + Z95 ** 2;
  const p = (judged.passes + Z95 ** 2 / 2) / n;
  const q1 = (labelled.truePass + 1) / (passes + 2);
  const q0 = (labelled.trueFail + 1) / (fails + 2);
  const centre = correct(p, q1, q0);
  if (centre === null) return { value, low: 0, high: 1 };
  const variance =
    ((p * (1 - p)) / n +
      ((1 - centre) ** 2 * q0 * (1 - q0)) / (fails + 2) +
      (centre ** 2 * q1 * (1 - q1)) / (passes + 2)) /
    (q0 + q1 - 1) ** 2;
  const half = Z95 * Math.sqrt(variance);
  return {
    value,
    low: Math.min(value, clampShare(centre - half)),
    high: Math.max(value, clampShare(centre + half)),
  };
}

function correct(rate: number, q1: number, q0: number): number | null {
  const informedness = q0 + q1 - 1;
  return informedness <= 0 ? null : (rate + q0 - 1) / informedness;
}
