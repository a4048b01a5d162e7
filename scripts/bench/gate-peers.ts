import type { Rule } from "./gate-play.ts";
import { passesOf } from "./gate-worlds.ts";

/** The rules other tools decide by, on the same simulated agents. None of them uses more of main than it says. */
export const PEERS: { readonly [name: string]: Rule } = {
  "promptfoo: all pass": ({ here }, _history, random) => {
    const failed = here.some((chance) => random() >= chance);
    return { status: failed ? "block" : "pass", trials: here.length };
  },

  // Its --repeat 3 with repeat-min-pass 2.
  "promptfoo: 2 of 3 of each": ({ here }, _history, random) => {
    const failed = here.filter((chance) => passesOf(3, chance, random) < 2);
    return { status: failed.length > 0 ? "block" : "pass", trials: 3 * here.length };
  },

  "no newly failing case": ({ main, here }, _history, random) => {
    const failing = here.filter((chance, index) => random() < (main[index] ?? 0) && random() >= chance);
    return { status: failing.length > 0 ? "block" : "pass", trials: here.length };
  },

  "mean >= main - 2 points": ({ main, here }, _history, random) => {
    const lost =
      sum(main.map((chance) => passesOf(1, chance, random))) -
      sum(here.map((chance) => passesOf(1, chance, random)));
    return { status: lost > 0.02 * main.length ? "block" : "pass", trials: here.length };
  },

  // Two-sided paired t test of one run against one stored run, p < .05 and worse.
  "Azure, Kibana: paired t": ({ main, here }, _history, random) => {
    const differences = main.map(
      (chance, index) => passesOf(1, here[index] ?? 0, random) - passesOf(1, chance, random),
    );
    const size = differences.length;
    const mean = sum(differences) / size;
    const variance = sum(differences.map((difference) => (difference - mean) ** 2)) / (size - 1);
    const worse = mean < 0 && mean / Math.sqrt(variance / size) < -criticalT(size - 1);
    return { status: worse ? "block" : "pass", trials: size };
  },

  // Of cases that pass 0.8 or more on main (known exactly here): a failing one gets three more attempts, needs two
  // passes of the four, and is blamed unless main, tried in the same way, fails too.
  "Gemini CLI: best of 4, recheck": ({ main, here }, _history, random) => {
    let [trials, blamed] = [0, 0];
    const holds = (chance: number) => {
      trials += 1;
      if (random() < chance) return true;
      trials += 3;
      return passesOf(3, chance, random) >= 2;
    };
    for (const [index, chance] of main.entries()) {
      if (chance >= 0.8 && !holds(here[index] ?? 0) && holds(chance)) blamed += 1;
    }
    return { status: blamed > 0 ? "block" : "pass", trials };
  },
};

/** Two-sided 5 % point of Student's t, by its expansion around the normal one (Abramowitz and Stegun, 26.7.5). */
function criticalT(freedom: number): number {
  const z = 1.959964;
  return z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
