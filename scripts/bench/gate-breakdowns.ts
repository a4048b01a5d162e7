import type { CaseCounts } from "../../src/core/verdict.ts";
import { type Played, playGate, seededRandom } from "../../src/pipeline/gate-play.ts";
import { DEFAULT_POLICY } from "../../src/pipeline/gate-policy.ts";
import { passesOf } from "./gate-worlds.ts";

/** Chances that a trial breaks down, by case, with the change and on main of today. */
export interface BreakdownWorld {
  readonly here: (index: number) => number;
  readonly mainNow: (index: number) => number;
  /** What one agent tries at once breaks down together. */
  readonly together?: boolean;
  /** A trial that breaks down takes those beside it down. */
  readonly takesOthers?: boolean;
  /** Cases tried at once. Default 4. */
  readonly concurrency?: number;
  /** Breakdowns are time-outs, and this is the chance that main needs more than half of that time. */
  readonly nearLimit?: number;
}

/** Where an agent breaks down, by name: alike on both sides, and by the change alone. */
export const BREAKDOWN_WORLDS: { readonly [name: string]: BreakdownWorld } = {
  ...Object.fromEntries(
    [0.01, 0.05, 0.2, 0.5, 1].map((chance) => [
      `both: ${100 * chance} % of trials`,
      { here: () => chance, mainNow: () => chance },
    ]),
  ),
  ...Object.fromEntries(
    [0.2, 0.5, 0.8].map((chance) => [
      `both: down ${100 * chance} % of the time`,
      { here: () => chance, mainNow: () => chance, together: true },
    ]),
  ),
  "both: one case always": { here: (index) => Number(index < 1), mainNow: (index) => Number(index < 1) },
  ...Object.fromEntries(
    [0.05, 0.2, 0.5].map((chance) => [
      `both: ${100 * chance} % of trials take others`,
      { here: () => chance, mainNow: () => chance, takesOthers: true, concurrency: 8 },
    ]),
  ),
  "both: one case takes 7 others": {
    here: (index) => Number(index === 7),
    mainNow: (index) => Number(index === 7),
    takesOthers: true,
    concurrency: 8,
  },
  "change: one case takes 7 others": {
    here: (index) => Number(index === 7),
    mainNow: () => 0,
    takesOthers: true,
    concurrency: 8,
  },
  "change: one takes 7, both 5 %": {
    here: (index) => (index === 7 ? 1 : 0.05),
    mainNow: () => 0.05,
    takesOthers: true,
    concurrency: 8,
  },
  "change: one case always": { here: (index) => Number(index < 1), mainNow: () => 0 },
  "change: three cases always": { here: (index) => Number(index < 3), mainNow: () => 0 },
  "change: one case in 80 %": { here: (index) => (index < 1 ? 0.8 : 0), mainNow: () => 0 },
  "change: all cases always": { here: () => 1, mainNow: () => 0 },
  "both: 50 % time out": { here: () => 0.5, mainNow: () => 0.5, nearLimit: 0.3 },
  "change: one case hangs": { here: (index) => Number(index < 1), mainNow: () => 0, nearLimit: 0 },
  "change: all cases hang": { here: () => 1, mainNow: () => 0, nearLimit: 0 },
  "change: one case hangs, 1 of 5 near": {
    here: (index) => Number(index < 1),
    mainNow: () => 0,
    nearLimit: 0.2,
  },
  "change: all hang, main is near": { here: () => 1, mainNow: () => 0, nearLimit: 1 },
  "change: one case, both 5 %": { here: (index) => (index < 1 ? 1 : 0.05), mainNow: () => 0.05 },
};

/** How gates of a world ended, as shares, and what main's trials cost where it was tried. */
export interface BreakdownTally {
  readonly pass: number;
  readonly block: number;
  readonly inconclusive: number;
  readonly stale: number;
  /** Share in which main was tried. */
  readonly controlled: number;
  /** Trials of main there, mean. */
  readonly controlTrials: number;
}

/** Plays the gate on a suite whose pass rates are the same for both. */
export function tallyBreakdowns(
  suite: readonly number[],
  world: BreakdownWorld,
  { repetitions, history, seed }: { repetitions: number; history: number; seed: number },
): BreakdownTally {
  const random = seededRandom(seed);
  const breakdowns = {
    here: suite.map((_, index) => world.here(index)),
    mainNow: suite.map((_, index) => world.mainNow(index)),
    together: world.together ?? false,
    takesOthers: world.takesOthers ?? false,
    ...(world.nearLimit === undefined ? {} : { nearLimit: world.nearLimit }),
  };
  const ends = Array.from({ length: repetitions }, (): Played => {
    const cases = suite.map(
      (chance, index): CaseCounts => ({
        caseId: String(index),
        scorer: "scorer",
        main: { passes: passesOf(history, chance, random), trials: history },
        candidate: { passes: 0, trials: 0 },
        unscored: 0,
        accepted: true,
        blocking: true,
      }),
    );
    const { concurrency = 4 } = world;
    return playGate({
      cases,
      chances: suite,
      mainNow: suite,
      breakdowns,
      policy: DEFAULT_POLICY,
      random,
      concurrency,
    });
  });
  const share = (status: Played["status"]) =>
    ends.filter((end) => end.status === status).length / repetitions;
  const tried = ends.filter(({ controlTrials }) => controlTrials > 0);
  const trials = tried.reduce((sum, { controlTrials }) => sum + controlTrials, 0);
  return {
    pass: share("pass"),
    block: share("block"),
    inconclusive: share("inconclusive"),
    stale: share("stale"),
    controlled: tried.length / repetitions,
    controlTrials: trials / Math.max(1, tried.length),
  };
}
