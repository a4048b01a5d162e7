/** Numbers in ascending order, for finding one within a tolerance. */
export class NumberLine {
  readonly numbers: readonly number[];

  constructor(numbers: Iterable<number>) {
    this.numbers = [...new Set(numbers)].sort((a, b) => a - b);
  }

  /** True when a number lies within `tolerance` of `target`. */
  has(target: number, tolerance: number): boolean {
    let low = 0;
    let high = this.numbers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.numbers[middle] ?? 0) < target - tolerance) low = middle + 1;
      else high = middle;
    }
    const found = this.numbers[low];
    return found !== undefined && found <= target + tolerance;
  }
}

/** Quantities an amount may be multiplied by without the quantity being written as a digit. */
const QUANTITIES: readonly number[] = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

/** One side of a product is a count, a number of nights or the like. Without a bound, products support anything. */
const LARGEST_FACTOR = 100;

/**
 * True when `target` follows from the amounts in one step: a sum, difference or product of two, or a
 * percentage of one, or one more or less a percentage. Takes n·log n for n amounts.
 */
export function follows(target: number, tolerance: number, amounts: NumberLine): boolean {
  return amounts.numbers.some((one) => {
    if (one <= 0) return false;
    if (amounts.has(target - one, tolerance) || amounts.has(target + one, tolerance)) return true;
    const ratio = target / one;
    const slack = tolerance / one;
    if (QUANTITIES.some((quantity) => Math.abs(ratio - quantity) <= slack)) return true;
    const counts = ratio > 1 && (ratio <= LARGEST_FACTOR || one <= LARGEST_FACTOR);
    return counts && amounts.has(ratio, slack);
  });
}

/** True when `target` is an amount of `percentages` of `amounts`, or an amount raised or lowered by one. */
export function followsByPercentage(
  target: number,
  tolerance: number,
  amounts: NumberLine,
  percentages: readonly number[],
): boolean {
  return percentages.some((percentage) => {
    const part = percentage / 100;
    return [part, 1 - part, 1 + part].some(
      (factor) => factor > 0 && amounts.has(target / factor, tolerance / factor),
    );
  });
}

/** True when `target` is the sum of two to all of a few amounts, e.g. of those listed beside it. */
export function sums(target: number, tolerance: number, amounts: readonly number[]): boolean {
  let reached: readonly number[] = [0];
  for (const amount of amounts.slice(-12)) reached = [...reached, ...reached.map((sum) => sum + amount)];
  return reached.some((sum) => Math.abs(sum - target) <= tolerance);
}
