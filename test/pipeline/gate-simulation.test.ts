import { describe, expect, it } from "vitest";

import { seededRandom } from "./gate-fakes.ts";
import { type SimulatedChange, simulateGate } from "./gate-simulation.ts";

/** Cases by share and pass probability. */
function mix(size: number, parts: readonly (readonly [share: number, chance: number])[]): number[] {
  return parts.flatMap(([share, chance]) => Array.from({ length: Math.round(share * size) }, () => chance));
}

/** Mix A of the published comparisons: most cases never fail, some now and then, a few every other time. */
const A = mix(200, [
  [0.8, 1],
  [0.15, 0.9],
  [0.05, 0.5],
]);
const SMALL = mix(50, [
  [0.8, 1],
  [0.15, 0.9],
  [0.05, 0.5],
]);

const breakFirst = (chances: readonly number[]) => chances.with(0, 0);

function play(change: SimulatedChange, repetitions: number, seed: number) {
  const random = seededRandom(seed);
  const tally = { pass: 0, block: 0, inconclusive: 0, stale: 0 };
  let trials = 0;
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const outcome = simulateGate(change, random);
    tally[outcome.verdict.status] += 1;
    trials += outcome.trials;
  }
  const extra = trials / (repetitions * change.main.length) - 1;
  return { blocked: tally.block / repetitions, passed: tally.pass / repetitions, extra };
}

describe("the gate, played with coins", () => {
  it("blocks hardly any unchanged agent: 200 cases, 20 trials each on main", () => {
    const { blocked, passed, extra } = play({ main: A, here: A, history: 20 }, 120, 1);
    expect(blocked).toBeLessThanOrEqual(0.02);
    expect(passed).toBeGreaterThanOrEqual(0.97);
    expect(extra).toBeLessThan(0.2);
  });

  it("finds the one broken case of 200", () => {
    expect(play({ main: A, here: breakFirst(A), history: 20 }, 60, 2).blocked).toBeGreaterThanOrEqual(0.98);
  });

  it("does both with 50 cases and 10 trials each", () => {
    expect(play({ main: SMALL, here: SMALL, history: 10 }, 200, 3).blocked).toBeLessThanOrEqual(0.02);
    expect(
      play({ main: SMALL, here: breakFirst(SMALL), history: 10 }, 100, 4).blocked,
    ).toBeGreaterThanOrEqual(0.98);
  });

  it("does both with 5 cases and the shortest history", () => {
    const main = [1, 1, 1, 1, 1];
    expect(play({ main, here: main, history: 3 }, 500, 5)).toEqual({ blocked: 0, passed: 1, extra: 0 });
    expect(play({ main, here: breakFirst(main), history: 3 }, 200, 6).blocked).toBe(1);
  });

  it.each([3, 5, 10])(
    "does not blame, by %i trials on main, a case that passes seven times of ten there",
    (history) => {
      const main = [1, 1, 1, 1, 0.7];
      expect(play({ main, here: main, history }, 1_000, 7).blocked).toBeLessThanOrEqual(0.02);
    },
  );

  it("keeps its error rate when every case is flaky", () => {
    const main = [0.7, 0.7, 0.7, 0.7];
    expect(play({ main, here: main, history: 5 }, 1_000, 8).blocked).toBeLessThanOrEqual(0.03);
  });

  it("keeps it where a noisy judge stands beside rules that never fail", () => {
    const main = [...Array.from({ length: 10 }, () => 1), ...Array.from({ length: 10 }, () => 0.8)];
    const scorers = main.map((chance) => (chance === 1 ? "rule" : "judge"));
    expect(play({ main, here: main, scorers, history: 5 }, 500, 10).blocked).toBeLessThanOrEqual(0.02);
    expect(
      play({ main, here: breakFirst(main), scorers, history: 5 }, 100, 11).blocked,
    ).toBeGreaterThanOrEqual(0.98);
  });

  it("sees an agent that got worse everywhere", () => {
    const here = A.map((chance) => chance * 0.85);
    expect(play({ main: A, here, history: 20 }, 50, 9).blocked).toBeGreaterThanOrEqual(0.95);
  });
});
