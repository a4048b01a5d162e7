import type { CaseCounts, Policy } from "../../src/core/verdict.ts";
import { type Played, playGate } from "../../src/pipeline/gate-play.ts";
import { type Change, passesOf } from "./gate-worlds.ts";

/** One repetition of a rule on a change: `history` trials of every case on main, then the rule's trials. */
export type Rule = (change: Change, history: number, random: () => number) => Played;

/** The gate with its own functions. */
export function gateRule(policy: Policy): Rule {
  return ({ main, here }, history, random) => {
    const cases = main.map(
      (chance, index): CaseCounts => ({
        caseId: String(index),
        scorer: "s",
        main: { passes: passesOf(history, chance, random), trials: history },
        candidate: { passes: 0, trials: 0 },
        unscored: 0,
        accepted: true,
        blocking: true,
      }),
    );
    return playGate({ cases, chances: here, policy, random });
  };
}
