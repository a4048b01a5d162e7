/** An estimate and its 95 % interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The 97.5 % quantile of the normal distribution: two-sided intervals of 95 %. */
export const Z95 = 1.959963984540054;

/**
 * Wilson's interval of a share (Wilson 1927): inside 0..1, and honest with few trials and at shares near the ends,
 * where the textbook interval is empty. `size` may be a fraction, an effective size.
 */
export function wilson(share: number, size: number): Estimate {
  if (size <= 0) return { value: share, low: 0, high: 1 };
  const z2 = Z95 * Z95;
  const centre = (share + z2 / (2 * size)) / (1 + z2 / size);
  const half = (Z95 / (1 + z2 / size)) * Math.sqrt((share * (1 - share)) / size + z2 / (4 * size * size));
  return { value: share, low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/** A share within 0..1, where a formula gives one outside. */
export function clampShare(share: number): number {
  return Math.min(1, Math.max(0, share));
}
