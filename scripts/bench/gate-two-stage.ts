import { lgamma } from "../../src/core/lgamma.ts";
import type { Rule } from "./gate-play.ts";
import { passesOf } from "./gate-worlds.ts";

/** Fresh trials of every case that failed. */
const FRESH = 4;

/** The error rate of 5 %: half for the first stage, a quarter for each question of the second. */
const STAGE_ONE = 0.025;
const STAGE_TWO = 0.0125;

/**
 * The two-stage exact test that the e-value gate was compared with. Stage one: every case once, exact stratified
 * permutation test of the passes here against main's history (a Poisson binomial tail). Stage two: four fresh trials of
 * every failed case, which alone count; the hypergeometric tail of each case with Bonferroni's correction,
 * and of all of them together.
 */
export const twoStage: Rule = ({ main, here }, history, random) => {
  const known = main.map((chance) => passesOf(history, chance, random));
  const first = here.map((chance) => passesOf(1, chance, random));
  const chances = known.map((passes, index) => (passes + (first[index] ?? 0)) / (history + 1));
  const passed = first.filter((one) => one === 1).length;
  const failed = first.flatMap((one, index) => (one === 0 ? [index] : []));
  const trials = main.length + FRESH * failed.length;
  if (lowerTail(bernoulliSum(chances), passed) <= STAGE_ONE) return { status: "block", trials: main.length };
  if (failed.length === 0) return { status: "pass", trials };
  let pooled: readonly number[] = [1];
  let freshPasses = 0;
  let smallest = 1;
  for (const index of failed) {
    const fresh = passesOf(FRESH, here[index] ?? 0, random);
    const distribution = hypergeometric(history + FRESH, (known[index] ?? 0) + fresh, FRESH);
    smallest = Math.min(smallest, lowerTail(distribution, fresh));
    pooled = convolve(pooled, distribution);
    freshPasses += fresh;
  }
  const worse = smallest <= STAGE_TWO / failed.length || lowerTail(pooled, freshPasses) <= STAGE_TWO;
  return { status: worse ? "block" : "pass", trials };
};

function bernoulliSum(chances: readonly number[]): readonly number[] {
  const open = chances.filter((chance) => chance < 1);
  const certain = new Array<number>(chances.length - open.length).fill(0);
  return [
    ...certain,
    ...open.reduce<readonly number[]>((sum, chance) => convolve(sum, [1 - chance, chance]), [1]),
  ];
}

/** Chances of 0, 1, ... passes among `drawn` of `total` trials of which `passes` passed. */
function hypergeometric(total: number, passes: number, drawn: number): readonly number[] {
  return Array.from({ length: drawn + 1 }, (_, hits) =>
    hits > passes || drawn - hits > total - passes
      ? 0
      : Math.exp(logChoose(passes, hits) + logChoose(total - passes, drawn - hits) - logChoose(total, drawn)),
  );
}

function logChoose(n: number, k: number): number {
  return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);
}

function convolve(a: readonly number[], b: readonly number[]): readonly number[] {
  const result = new Array<number>(a.length + b.length - 1).fill(0);
  for (const [i, x] of a.entries()) {
    for (const [j, y] of b.entries()) result[i + j] = (result[i + j] ?? 0) + x * y;
  }
  return result;
}

function lowerTail(distribution: readonly number[], observed: number): number {
  return distribution.slice(0, observed + 1).reduce((sum, chance) => sum + chance, 0);
}
