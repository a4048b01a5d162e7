/** What a run of the soak is like. */
export interface SoakRun {
  readonly number: number;
  readonly cases: number;
  readonly behaviour: Behaviour;
  readonly reader: Reader;
  readonly format: "table" | "json" | "jsonl";
  readonly isolation: "thread" | "process";
  readonly concurrency: number;
}

/**
 * What the agent does. `good` passes every case, `broken` fails all of them, `crashes` throws, `noisy` passes and prints to its own
 * stdout; `misused`: the gate is called with an option that is not there.
 */
export type Behaviour = "good" | "noisy" | "broken" | "crashes" | "misused";

/**
 * Who takes what the gate prints. `pipe` reads all at once, `slow` with pauses, `leaves` closes the pipe after the first piece,
 * `head` is `| head -1` in a shell, `file` is a file, `terminal` is one made by script(1).
 */
export type Reader = "pipe" | "slow" | "leaves" | "head" | "file" | "terminal";

/** Exit code of the gate for each behaviour. */
export const EXPECTED: { readonly [behaviour in Behaviour]: number } = {
  good: 0,
  noisy: 0,
  broken: 1,
  misused: 2,
  crashes: 3,
};

const BEHAVIOURS: readonly Behaviour[] = [
  "good",
  "good",
  "good",
  "noisy",
  "broken",
  "broken",
  "crashes",
  "misused",
];
/** Most runs are small, because they are the ones that end while something is still being written or loaded. */
const SIZES = [
  { share: 0.6, from: 1, to: 20 },
  { share: 0.25, from: 21, to: 200 },
  { share: 0.12, from: 201, to: 1_000 },
  { share: 0.03, from: 1_001, to: 5_000 },
];

/**
 * Runs of every kind, the same for the same seed.
 *
 * @param readers Those that this machine has.
 */
export function planSoak(
  runs: number,
  {
    random,
    readers,
    most,
  }: { readonly random: () => number; readonly readers: readonly Reader[]; readonly most: number },
): readonly SoakRun[] {
  const pick = <T>(items: readonly [T, ...T[]] | readonly T[]): T => {
    const item = items[Math.floor(random() * items.length)];
    if (item === undefined) throw new Error("nothing to pick from");
    return item;
  };
  return Array.from({ length: runs }, (_, index): SoakRun => {
    const cases = Math.min(most, sizeOf(random(), random()));
    return {
      number: index + 1,
      cases,
      behaviour: pick(BEHAVIOURS),
      reader: pick(readers),
      format: pick(["table", "json", "jsonl"]),
      isolation: cases <= 10 && random() < 0.2 ? "process" : "thread",
      concurrency: pick([1, 4, 20, 100]),
    };
  });
}

function sizeOf(bucket: number, place: number): number {
  let left = bucket;
  for (const { share, from, to } of SIZES) {
    left -= share;
    // Steps of a tenth, so that a folder with its history serves several runs.
    if (left < 0) return from + Math.floor(place * 10) * Math.floor((to - from) / 10 || 1);
  }
  return 1;
}
