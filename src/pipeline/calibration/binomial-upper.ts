import { lgamma } from "../../core/lgamma.ts";

/**
 * The exact upper confidence bound of a share after `hits` of `trials` (Clopper and Pearson 1934), one-sided: the share at which so few hits
 * would be seen with a chance of `level`. 1 without trials.
 */
export function binomialUpper(hits: number, trials: number, level: number): number {
  if (trials === 0 || hits >= trials) return 1;
  const ways = logWays(hits, trials);
  let low = hits / trials;
  let high = 1;
  // The tail falls as the share rises; 60 halvings are beyond the precision of a double.
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (tail(ways, trials, middle) > level) low = middle;
    else high = middle;
  }
  return high;
}

/** Logarithms of the ways in which 0, 1, ... `hits` of the trials can be the ones. */
function logWays(hits: number, trials: number): readonly number[] {
  const all = lgamma(trials + 1);
  return Array.from({ length: hits + 1 }, (_, k) => all - lgamma(k + 1) - lgamma(trials - k + 1));
}

/** P(X < ways.length) for X ~ Binomial(trials, share), summed in logarithms. */
function tail(ways: readonly number[], trials: number, share: number): number {
  if (share <= 0) return 1;
  if (share >= 1) return 0;
  const [hit, miss] = [Math.log(share), Math.log1p(-share)];
  return ways.reduce((sum, way, k) => sum + Math.exp(way + k * hit + (trials - k) * miss), 0);
}
