/** Words that multiply the number before them. */
const MULTIPLIERS: { readonly [word: string]: number } = {
  k: 1e3,
  mil: 1e3,
  thousand: 1e3,
  m: 1e6,
  million: 1e6,
  millones: 1e6,
  millón: 1e6,
  bn: 1e9,
  billion: 1e9,
};

/** A number with its separators, and the multiplier that may follow. */
export const NUMBER =
  /(\d+(?:[.,]\d+)*)(?:\s?(k|mil|thousand|m|million|millones|millón|bn|billion)(?![\p{L}\d]))?/giu;

/** What the digits of a number may mean, and the size of its last stated digit. */
export interface NumberReading {
  readonly values: readonly number[];
  readonly precision: number;
}

/**
 * Reads digits with separators. One separator with three digits behind it is read both ways (`1.500`);
 * what is no number at all (`1.2.3`) has no value.
 */
export function readNumber(digits: string, multiplier?: string): NumberReading {
  const factor = multiplier === undefined ? 1 : (MULTIPLIERS[multiplier.toLowerCase()] ?? 1);
  const readings = plainReadings(digits);
  const decimals = readings.length === 0 ? 0 : Math.min(...readings.map((reading) => reading.decimals));
  return {
    values: readings.map((reading) => reading.value * factor),
    precision: factor * 10 ** -decimals,
  };
}

function plainReadings(digits: string): readonly { readonly value: number; readonly decimals: number }[] {
  const groups = digits.split(/[.,]/);
  const separators = digits.match(/[.,]/g) ?? [];
  const last = separators.at(-1);
  const whole = { value: Number(groups.join("")), decimals: 0 };
  if (last === undefined) return [whole];
  const tail = groups.at(-1) ?? "";
  const decimal = { value: Number(`${groups.slice(0, -1).join("")}.${tail}`), decimals: tail.length };
  const inThrees = groups.slice(1).every((group) => group.length === 3) && (groups[0]?.length ?? 0) <= 3;
  const sameKind = separators.every((separator) => separator === last);
  if (separators.length === 1) return inThrees && groups[0] !== "0" ? [whole, decimal] : [decimal];
  if (sameKind) return inThrees ? [whole] : [];
  const headInThrees = groups.slice(1, -1).every((group) => group.length === 3);
  return headInThrees && separators.slice(0, -1).every((separator) => separator !== last) ? [decimal] : [];
}
