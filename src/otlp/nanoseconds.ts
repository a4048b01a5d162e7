/**
 * Unix nanoseconds, given as the two halves of a fixed64, in Unix ms with a fraction.
 *
 * 2^32 is 4,294 million and 967,296, so the whole and the fractional milliseconds are computed exactly
 * and rounded once; going through a double of nanoseconds would be wrong by up to 128 ns.
 */
export function millisecondsOf(low: number, high: number): number {
  const rest = high * 967_296 + low;
  const whole = high * 4_294 + Math.floor(rest / 1_000_000);
  return whole + (rest % 1_000_000) / 1_000_000;
}

/** Unix ms in Unix nanoseconds, to the nearest; below zero or not a number is 0. */
export function nanosecondsOf(milliseconds: number): bigint {
  if (!(milliseconds > 0)) return 0n;
  const whole = Math.floor(milliseconds);
  return BigInt.asUintN(
    64,
    BigInt(whole) * 1_000_000n + BigInt(Math.round((milliseconds - whole) * 1_000_000)),
  );
}
