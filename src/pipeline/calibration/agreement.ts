import { type Estimate, Z95 } from "../../core/interval.ts";
import type { Confusion } from "./confusion.ts";

/**
 * Cohen's kappa with its 95 % interval: agreement beyond what two who label alike often would reach by chance. Standard error after
 * Fleiss, Cohen and Everitt (1969), "Large sample standard errors of kappa and weighted kappa".
 *
 * @returns null where it is undefined: no traces, or both gave one label only.
 */
export function kappa(counts: Confusion): Estimate | null {
  const shares = sharesOf(counts);
  if (shares === null) return null;
  const { n, cells, human, judge } = shares;
  const observed = cells[0][0] + cells[1][1];
  const expected = human[0] * judge[0] + human[1] * judge[1];
  if (expected === 1) return null;
  const value = (observed - expected) / (1 - expected);
  const agreeing = [0, 1] as const;
  const a = agreeing
    .map((i) => cells[i][i] * (1 - (human[i] + judge[i]) * (1 - value)) ** 2)
    .reduce((sum, each) => sum + each, 0);
  const b =
    (1 - value) ** 2 * (cells[0][1] * (judge[0] + human[1]) ** 2 + cells[1][0] * (judge[1] + human[0]) ** 2);
  const c = (value - expected * (1 - value)) ** 2;
  const error = Math.sqrt(Math.max(0, a + b - c) / n) / (1 - expected);
  return { value, low: Math.max(-1, value - Z95 * error), high: Math.min(1, value + Z95 * error) };
}

/**
 * Matthews' correlation coefficient (phi) with its 95 % interval: unlike kappa it is high only when all four cells are good. Variance after
 * Bishop, Fienberg and Holland (1975), section 11.3; the interval on Fisher's z, so that it stays inside -1..1.
 *
 * @returns null where it is undefined: one of the two gave one label only.
 */
export function matthews(counts: Confusion): Estimate | null {
  const shares = sharesOf(counts);
  if (shares === null) return null;
  const { n, cells, human, judge } = shares;
  const product = human[0] * human[1] * judge[0] * judge[1];
  if (product === 0) return null;
  const value = (cells[0][0] * cells[1][1] - cells[0][1] * cells[1][0]) / Math.sqrt(product);
  if (Math.abs(value) > 1 - 1e-12) return { value, low: value, high: value };
  const skewHuman = (human[0] - human[1]) ** 2 / (human[0] * human[1]);
  const skewJudge = (judge[0] - judge[1]) ** 2 / (judge[0] * judge[1]);
  const skewBoth = ((human[0] - human[1]) * (judge[0] - judge[1])) / Math.sqrt(product);
  const variance =
    (1 - value ** 2 + value * (1 + value ** 2 / 2) * skewBoth - 0.75 * value ** 2 * (skewHuman + skewJudge)) /
    n;
  const half = (Z95 * Math.sqrt(Math.max(0, variance))) / (1 - value ** 2);
  const z = Math.atanh(value);
  return { value, low: Math.tanh(z - half), high: Math.tanh(z + half) };
}

/**
 * Prevalence-adjusted, bias-adjusted kappa, 2 × agreement - 1 (Byrt, Bishop and Carlin 1993). Beside kappa it tells whether a
 * low kappa comes from disagreement or from nearly all traces having one label. Null without traces.
 */
export function pabak(counts: Confusion): number | null {
  const shares = sharesOf(counts);
  return shares === null ? null : 2 * (shares.cells[0][0] + shares.cells[1][1]) - 1;
}

type Two = readonly [number, number];

/** Shares of the whole; first index: the person, second: the judge; 0 is pass. Null without traces. */
function sharesOf({ truePass, falsePass, trueFail, falseFail }: Confusion) {
  const n = truePass + falsePass + trueFail + falseFail;
  if (n === 0) return null;
  const cells: readonly [Two, Two] = [
    [truePass / n, falseFail / n],
    [falsePass / n, trueFail / n],
  ];
  const human: Two = [(truePass + falseFail) / n, (falsePass + trueFail) / n];
  const judge: Two = [(truePass + falsePass) / n, (falseFail + trueFail) / n];
  return { n, cells, human, judge };
}
