import { describe, expect, it } from "vitest";

import { EFFECTS, MIXES, passesOf } from "../../scripts/bench/gate-worlds.ts";
import type { CaseCounts, Policy } from "../../src/core/verdict.ts";
import { playGate, seededRandom } from "../../src/pipeline/gate-play.ts";
import { DEFAULT_POLICY } from "../../src/pipeline/gate-policy.ts";
import { simulateGate } from "./gate-simulation.ts";

/** One kind of pull request: pass probabilities on main and here, and trials of each case on main. */
interface SimulatedChange {
  readonly main: readonly number[];
  readonly here: readonly number[];
  readonly history: number;
  /** Name of the scorer of each case. Default: one for all. */
  readonly scorers?: readonly string[];
}

const breakFirst = (chances: readonly number[]) => chances.with(0, 0);

function casesOf({ main, history, scorers }: SimulatedChange, random: () => number): CaseCounts[] {
  return main.map((chance, index) => ({
    caseId: String(index),
    scorer: scorers?.[index] ?? "s",
    main: { passes: passesOf(history, chance, random), trials: history },
    candidate: { passes: 0, trials: 0 },
    unscored: 0,
    accepted: true,
    blocking: true,
  }));
}

function play(change: SimulatedChange, repetitions: number, seed: number, policy: Policy = DEFAULT_POLICY) {
  const random = seededRandom(seed);
  const tally = { pass: 0, block: 0, inconclusive: 0, stale: 0 };
  let trials = 0;
  for (let repetition = 0; repetition < repetitions; repetition++) {
    const played = playGate({ cases: casesOf(change, random), chances: change.here, policy, random });
    tally[played.status] += 1;
    trials += played.trials;
  }
  const extra = trials / (repetitions * change.main.length) - 1;
  return { blocked: tally.block / repetitions, passed: tally.pass / repetitions, extra };
}

const effect = (main: readonly number[], name: string) => EFFECTS[name]?.(main) ?? [];

describe("the quick form of the gate that simulations play", () => {
  it("ends as the gate's decide and nextTrials do, with the same number of trials", () => {
    const random = seededRandom(1);
    for (let seed = 0; seed < 30; seed++) {
      const main = Array.from({ length: 6 + (seed % 12) }, () => (random() < 0.6 ? 1 : random()));
      const scorers = main.map((_, index) => (index % 3 === 0 ? "a" : "b"));
      const change = { main, here: main, history: 3 + seed, scorers };
      const cases = casesOf(change, random).map((one, index) => ({ ...one, caseId: `case ${index >> 1}` }));
      const chances = seed % 3 === 0 ? main : main.map((chance) => chance * random());
      const mode = seed % 2 === 0 ? "pull-request" : "release";
      const options = { cases, chances, policy: { ...DEFAULT_POLICY, mode, margin: 0.1 } as const };
      const quick = playGate({ ...options, random: seededRandom(seed) });
      expect(quick).toEqual(simulateGate({ ...options, random: seededRandom(seed) }));
    }
  });
});

/** The short form of `npm run bench:gate`. */
describe("the gate, played with coins", () => {
  it.each([
    ["A", 0.2],
    ["B", 0.2],
    ["C", 0.2],
    ["D", 0.5],
  ] as const)("blocks hardly any unchanged agent of mix %s, at a small price", (name, price) => {
    const main = MIXES[name];
    const { blocked, passed, extra } = play({ main, here: main, history: 20 }, 150, 1);
    expect(blocked).toBeLessThanOrEqual(0.03);
    expect(passed).toBeGreaterThanOrEqual(0.96);
    expect(extra).toBeLessThan(price);
  });

  it.each(["A", "B", "C", "D"] as const)("finds the one broken case of mix %s", (name) => {
    const change = { main: MIXES[name], here: effect(MIXES[name], "1 broken"), history: 20 };
    expect(play(change, 60, 2).blocked).toBeGreaterThanOrEqual(0.98);
  });

  it("finds a loss of five points over all cases of mix A, and of ten in the fifty of mix D", () => {
    const five = { main: MIXES.A, here: effect(MIXES.A, "-5 points"), history: 20 };
    expect(play(five, 60, 3).blocked).toBeGreaterThanOrEqual(0.9);
    const ten = { main: MIXES.D, here: effect(MIXES.D, "-10 points"), history: 20 };
    expect(play(ten, 100, 4).blocked).toBeGreaterThanOrEqual(0.9);
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

  it("keeps it where main has few trials of many flaky cases, and its mean may be luck", () => {
    const main = Array.from({ length: 200 }, (_, index) => 0.6 + index / 500);
    expect(play({ main, here: main, history: 3 }, 100, 9).blocked).toBeLessThanOrEqual(0.03);
  });

  it("keeps it where a noisy judge stands beside rules that never fail", () => {
    const main = [...Array.from({ length: 10 }, () => 1), ...Array.from({ length: 10 }, () => 0.8)];
    const scorers = main.map((chance) => (chance === 1 ? "rule" : "judge"));
    expect(play({ main, here: main, scorers, history: 5 }, 500, 10).blocked).toBeLessThanOrEqual(0.02);
    expect(
      play({ main, here: breakFirst(main), scorers, history: 5 }, 100, 11).blocked,
    ).toBeGreaterThanOrEqual(0.98);
  });
});

describe("the gate of a release", () => {
  const release: Policy = { ...DEFAULT_POLICY, mode: "release" };

  it("passes an unchanged agent of 200 cases, and hardly ever one that lost the margin", () => {
    const same = play({ main: MIXES.A, here: MIXES.A, history: 20 }, 60, 12, release);
    expect(same.passed).toBeGreaterThanOrEqual(0.95);
    const worse = { main: MIXES.A, here: effect(MIXES.A, "-5 points"), history: 20 };
    expect(play(worse, 60, 13, release).passed).toBeLessThanOrEqual(0.1);
  });

  it("passes no suite that is too small to prove anything", () => {
    const main = [1, 1, 1, 1, 1];
    expect(play({ main, here: main, history: 10 }, 50, 14, release)).toMatchObject({ blocked: 0, passed: 0 });
    expect(play({ main, here: main, history: 10 }, 50, 15, { ...release, margin: 0.4 }).passed).toBe(1);
  });
});
