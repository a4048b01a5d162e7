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

/** One meaning of the digits of a number. Never negative. */
export interface NumberReading {
  readonly value: number;
  /** Size of the last stated digit, e.g. 0.01 for `12.50`, 100000 for `1.2 million`. */
  readonly precision: number;
}

/**
 * Reads digits with separators. One separator with three digits behind it is read both ways, the thousands
 * first (`1.500`); what is no number at all (`1.2.3`) has no reading.
 */
export function readNumber(digits: string, multiplier?: string): readonly NumberReading[] {
  const factor = multiplier === undefined ? 1 : (MULTIPLIERS[multiplier.toLowerCase()] ?? 1);
  return plainReadings(digits).map(({ value, precision }) => ({
    value: value * factor,
    precision: precision * factor,
  }));
}

function plainReadings(digits: string): readonly NumberReading[] {
  const groups = digits.split(/[.,]/);
  const separators = digits.match(/[.,]/g) ?? [];
  const last = separators.at(-1);
  const whole = { value: Number(groups.join("")), precision: 1 };
  if (last === undefined) return [whole];
  const tail = groups.at(-1) ?? "";
  const decimal = {
    value: Number(`${groups.slice(0, -1).join("")}.${tail}`),
    precision: 10 ** -tail.length,
  };
  const inThrees = groups.slice(1).every((group) => group.length === 3) && (groups[0]?.length ?? 0) <= 3;
  const sameKind = separators.every((separator) => separator === last);
  if (separators.length === 1) return inThrees && groups[0] !== "0" ? [whole, decimal] : [decimal];
  if (sameKind) return inThrees ? [whole] : [];
  const headInThrees = groups.slice(1, -1).every((group) => group.length === 3);
  return headInThrees && separators.slice(0, -1).every((separator) => separator !== last) ? [decimal] : [];
}
