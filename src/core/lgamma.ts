/** Stirling's series, B(2k) / (2k (2k - 1)) for k = 1..7. */
const STIRLING = [1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360_360, 1 / 156];

/** ln(sqrt(2 pi)) */
const LOG_ROOT_TWO_PI = 0.918_938_533_204_672_8;

/**
 * ln Γ(x) for x > 0; NaN for anything else.
 *
 * Shifts the argument to 12 or more by Γ(x + 1) = x Γ(x), then takes Stirling's series (Abramowitz and
 * Stegun, 6.1.41). Relative error below 1e-13; near the zeros at 1 and 2 below 1e-14 absolute.
 */
export function lgamma(x: number): number {
  if (!(x > 0)) return Number.NaN;
  if (x === Number.POSITIVE_INFINITY) return x;
  let shifted = x;
  let product = 1;
  while (shifted < 12) {
    product *= shifted;
    shifted += 1;
  }
  const inverse = 1 / shifted;
  let power = inverse;
  let series = 0;
  for (const coefficient of STIRLING) {
    series += coefficient * power;
    power *= inverse * inverse;
  }
  return (shifted - 0.5) * Math.log(shifted) - shifted + LOG_ROOT_TWO_PI + series - Math.log(product);
}

/** ln B(a, b), the Beta function, for a, b > 0. */
export function logBeta(a: number, b: number): number {
  return lgamma(a) + lgamma(b) - lgamma(a + b);
}
