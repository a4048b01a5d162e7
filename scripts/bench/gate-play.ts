import type { CaseCounts, Policy } from "../../src/core/verdict.ts";
import { type Played, playGate } from "../../src/pipeline/gate-play.ts";
import { type Change, passesOf } from "./gate-worlds.ts";

/** One repetition of a rule on a change: `history` trials of every case on main, then the rule's trials. */
export type Rule = (
  change: Change,
  history: number,
  random: () => number,
) => Pick<Played, "status" | "trials">;

/** The gate with its own functions. Every case is judged by so many independent scorers. */
export function gateRule(policy: Policy, scorers = 1): Rule {
  return ({ main, here }, history, random) => {
    const names = Array.from({ length: scorers }, (_, index) => `scorer ${index}`);
    const cases = main.flatMap((chance, index) =>
      names.map(
        (scorer): CaseCounts => ({
          caseId: String(index),
          scorer,
          main: { passes: passesOf(history, chance, random), trials: history },
          candidate: { passes: 0, trials: 0 },
          unscored: 0,
          accepted: true,
          blocking: true,
        }),
      ),
    );
    const chances = here.flatMap((chance) => names.map(() => chance));
    return playGate({ cases, chances, policy, random });
  };
}
