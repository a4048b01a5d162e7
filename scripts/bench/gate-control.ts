import type { CaseCounts } from "../../src/core/verdict.ts";
import { type Played, playGate, seededRandom } from "../../src/pipeline/gate-play.ts";
import { DEFAULT_POLICY } from "../../src/pipeline/gate-policy.ts";
import { EFFECTS, passesOf } from "./gate-worlds.ts";

/** Pass probabilities when main's history was made, of main today, and of the change. */
export interface MovingWorld {
  readonly then: readonly number[];
  readonly mainNow: readonly number[];
  readonly here: readonly number[];
}

/** What a control has to tell apart, by name. */
export function movingWorlds(then: readonly number[]): { readonly [name: string]: MovingWorld } {
  const effects = Object.entries(EFFECTS);
  const changes = effects.map(([name, effect]) => [
    `change: ${name}`,
    { then, mainNow: then, here: effect(then) },
  ]);
  const worlds = effects
    .filter(([name]) => name !== "unchanged")
    .map(([name, effect]) => [`world:  ${name}`, { then, mainNow: effect(then), here: effect(then) }]);
  const broken = (count: number) => then.map((chance, index) => (index < count ? 0 : chance));
  const both = ["world: 3 broken, change: 1 more", { then, mainNow: broken(3), here: broken(4) }];
  return Object.fromEntries([...changes, ...worlds, both]);
}

/** How many gates of a world ended how. */
export interface ControlTally {
  readonly repetitions: number;
  /** Would have been blocked by main's history alone. */
  readonly suspected: number;
  readonly block: number;
  readonly stale: number;
  readonly inconclusive: number;
  /** Trials of main where it was tried again, mean. */
  readonly controlTrials: number;
  /** Trials that the control added to the change's, mean over the same. */
  readonly addedTrials: number;
}

/** Plays the gate with its control. */
export function tallyControl(
  { then, mainNow, here }: MovingWorld,
  { repetitions, history, seed }: { repetitions: number; history: number; seed: number },
): ControlTally {
  const random = seededRandom(seed);
  const ends: Played[] = [];
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const cases = then.map(
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
    ends.push(playGate({ cases, chances: here, mainNow, policy: DEFAULT_POLICY, random }));
  }
  const tried = ends.filter(({ controlTrials }) => controlTrials > 0);
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const share = (status: Played["status"]) => ends.filter((end) => end.status === status).length;
  return {
    repetitions,
    suspected: tried.length,
    block: share("block"),
    stale: share("stale"),
    inconclusive: share("inconclusive"),
    controlTrials: mean(tried.map(({ controlTrials }) => controlTrials)),
    addedTrials: mean(tried.map(({ addedTrials }) => addedTrials)),
  };
}
