import { lgamma } from "../../core/lgamma.ts";

/**
 * The exact upper confidence bound of a share after `hits` of `trials` (Clopper and Pearson 1934), one-sided: the share at which so few hits
 * would be seen with a chance of `level`. 1 without trials.
 */
export function binomialUpper(hits: number, trials: number, level: number): number {
  if (trials === 0 || hits >= trials) return 1;
  let low = hits / trials;
  let high = 1;
  // The tail falls as the share rises; 60 halvings are beyond the precision of a double.
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (tail(hits, trials, middle) > level) low = middle;
    else high = middle;
  }
  return high;
}

/** P(X <= hits) for X ~ Binomial(trials, share), summed in logarithms. */
function tail(hits: number, trials: number, share: number): number {
  if (share <= 0) return 1;
  if (share >= 1) return 0;
  const all = lgamma(trials + 1);
  let sum = 0;
  for (let k = 0; k <= hits; k++) {
    const ways = all - lgamma(k + 1) - lgamma(trials - k + 1);
    sum += Math.exp(ways + k * Math.log(share) + (trials - k) * Math.log1p(-share));
  }
  return sum;
}
