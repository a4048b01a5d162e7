import { describe, expect, it } from "vitest";

import { type MovingWorld, movingWorlds, tallyControl } from "../../../scripts/bench/gate-control.ts";
import { MIXES } from "../../../scripts/bench/gate-worlds.ts";

const shares = (world: MovingWorld | undefined, repetitions: number, seed: number) => {
  if (!world) throw new Error("no such world");
  const { suspected, block, stale, inconclusive, controlTrials } = tallyControl(world, {
    repetitions,
    history: 20,
    seed,
  });
  return {
    suspected: suspected / repetitions,
    block: block / repetitions,
    stale: stale / repetitions,
    inconclusive: inconclusive / repetitions,
    controlTrials,
  };
};

/** The short form of what `npm run bench:gate` prints of the control. */
describe("a block, held against main of today", () => {
  it.each(["A", "B", "C", "D"] as const)(
    "is not made in mix %s when the world broke cases for main too",
    (mix) => {
      for (const [at, name] of ["world:  1 broken", "world:  3 broken"].entries()) {
        const end = shares(movingWorlds(MIXES[mix])[name], 60, 20 + at);
        expect(end.suspected).toBeGreaterThanOrEqual(0.95);
        expect(end.block).toBe(0);
        expect(end.stale).toBeGreaterThanOrEqual(0.9);
        expect(end.controlTrials).toBeLessThan(60);
      }
    },
  );

  it.each(["A", "B", "C", "D"] as const)(
    "is hardly ever made in mix %s when main lost 5 points as well",
    (mix) => {
      const end = shares(movingWorlds(MIXES[mix])["world:  -5 points"], 40, 30);
      expect(end.block).toBeLessThanOrEqual(0.05);
      expect(end.stale).toBeGreaterThan(0.4);
    },
  );

  it.each([
    ["A", 0.97],
    ["B", 0.97],
    ["C", 0.9],
    ["D", 0.97],
  ] as const)(
    "is made in mix %s for a case that the change broke, at the price of a few trials",
    (mix, least) => {
      const end = shares(movingWorlds(MIXES[mix])["change: 1 broken"], 60, 40);
      expect(end.block).toBeGreaterThanOrEqual(least);
      expect(end.stale).toBeLessThanOrEqual(0.02);
      expect(end.controlTrials).toBeLessThan(70);
    },
  );

  it("is made for a loss of 5 points over all 200 cases of mix A, and of 10 over the 50 of mix D", () => {
    expect(shares(movingWorlds(MIXES.A)["change: -5 points"], 40, 50).block).toBeGreaterThanOrEqual(0.85);
    expect(shares(movingWorlds(MIXES.D)["change: -10 points"], 40, 51).block).toBeGreaterThanOrEqual(0.75);
  });

  it("is made for the one case that the change broke while the world broke three others", () => {
    expect(
      shares(movingWorlds(MIXES.A)["world: 3 broken, change: 1 more"], 40, 60).block,
    ).toBeGreaterThanOrEqual(0.95);
  });

  it("is not more often a false one than without: where nothing moved, it is rarer", () => {
    const end = shares(movingWorlds(MIXES.B)["change: unchanged"], 200, 70);
    expect(end.block).toBeLessThanOrEqual(end.suspected);
    expect(end.block).toBeLessThanOrEqual(0.02);
  });
});
