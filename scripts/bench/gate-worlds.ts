import { existsSync, readFileSync } from "node:fs";

/** Pass probabilities of every case: on main, and with the change. */
export interface Change {
  readonly main: readonly number[];
  readonly here: readonly number[];
}

/** Passes of some trials. */
export function passesOf(trials: number, chance: number, random: () => number): number {
  if (chance >= 1) return trials;
  let passes = 0;
  for (let trial = 0; trial < trials; trial++) if (random() < chance) passes += 1;
  return passes;
}

function mix(size: number, parts: readonly (readonly [share: number, chance: number])[]): number[] {
  return parts.flatMap(([share, chance]) => Array.from({ length: Math.round(share * size) }, () => chance));
}

const USUAL = [
  [0.8, 1],
  [0.15, 0.9],
  [0.05, 0.5],
] as const;

/** Suites by the pass probability of their cases; the most reliable ones come first. */
export const MIXES = {
  A: mix(200, USUAL),
  B: mix(200, [
    [0.95, 1],
    [0.05, 0.9],
  ]),
  C: mix(200, [
    [0.6, 0.99],
    [0.3, 0.9],
    [0.1, 0.5],
  ]),
  D: mix(50, USUAL).slice(0, 50),
} as const;

/** What a change does to a suite. */
export const EFFECTS: { readonly [name: string]: (main: readonly number[]) => readonly number[] } = {
  unchanged: (main) => main,
  "1 broken": (main) => main.map((chance, index) => (index < 1 ? 0 : chance)),
  "3 broken": (main) => main.map((chance, index) => (index < 3 ? 0 : chance)),
  "-5 points": (main) => lowered(main, 0.05),
  "-10 points": (main) => lowered(main, 0.1),
  "10 % fall to 0.7": (main) => main.map((chance, index) => (index < main.length / 10 ? 0.7 : chance)),
};

/** Every case loses the same share, so that the mean falls by so much. */
function lowered(main: readonly number[], points: number): readonly number[] {
  const mean = main.reduce((sum, chance) => sum + chance, 0) / main.length;
  return main.map((chance) => chance * (1 - points / mean));
}

/** A published model on a published benchmark, as the Beta distribution of its task pass rates. */
export interface ModelRow {
  readonly name: string;
  readonly size: number;
  readonly a: number;
  readonly b: number;
}

/** Tasks of the benchmark's domains. */
const SIZES: { readonly [domain: string]: number } = { airline: 50, retail: 114, telecom: 114 };

/**
 * The published rows with the Beta parameters that were fitted to their pass^k; null where the file, which is no part
 * of the repository, is not there.
 */
export function readModelRows(path: URL): readonly ModelRow[] | null {
  if (!existsSync(path)) return null;
  const { leaderboard }: { leaderboard: Record<string, string | number>[] } = JSON.parse(
    readFileSync(path, "utf8"),
  );
  return leaderboard.map((row) => ({
    name: `${row.model}, ${row.domain}`,
    size: SIZES[String(row.domain)] ?? 100,
    a: Number(row.beta_a),
    b: Number(row.beta_b),
  }));
}

/** Pass probabilities of a row's tasks. */
export function drawTasks({ size, a, b }: ModelRow, random: () => number): readonly number[] {
  return Array.from({ length: size }, () => {
    const [x, y] = [logGamma(a, random), logGamma(b, random)];
    return 1 / (1 + Math.exp(y - x));
  });
}

/** ln of a Gamma(shape) variate (Marsaglia and Tsang 2000; for shapes below 1 boosted, in logs against underflow). */
function logGamma(shape: number, random: () => number): number {
  if (shape < 1) return logGamma(shape + 1, random) + Math.log(1 - random()) / shape;
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < (x * x) / 2 + d - d * v + d * Math.log(v)) {
      return Math.log(d * v);
    }
  }
}
