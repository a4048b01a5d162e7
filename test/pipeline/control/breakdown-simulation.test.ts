import { describe, expect, it } from "vitest";

import { BREAKDOWN_WORLDS, tallyBreakdowns } from "../../../scripts/bench/gate-breakdowns.ts";
import { MIXES } from "../../../scripts/bench/gate-worlds.ts";

function shares(mix: keyof typeof MIXES, name: string, repetitions: number) {
  const world = BREAKDOWN_WORLDS[name];
  if (!world) throw new Error(`no world ${name}`);
  return tallyBreakdowns(MIXES[mix], world, { repetitions, history: 20, seed: 1 });
}

const both = Object.keys(BREAKDOWN_WORLDS).filter((name) => name.startsWith("both: "));

/** The short form of what `npm run bench:gate` prints of breakdowns. */
describe("a gate whose agent breaks down", () => {
  it.each(both)("blames no change where main breaks down alike (%s)", (name) => {
    expect(shares("D", name, 60).block).toBe(0);
    expect(shares("B", name, 20).block).toBe(0);
  });

  it("passes as often as ever where a trial of a hundred crashes", () => {
    expect(shares("B", "both: 1 % of trials", 60).pass).toBeGreaterThanOrEqual(0.95);
  });

  it.each(["A", "B", "C", "D"] as const)("blames the change that crashes on one case of mix %s", (mix) => {
    const { block, controlTrials } = shares(mix, "change: one case always", 30);
    expect(block).toBeGreaterThanOrEqual(0.95);
    expect(controlTrials).toBeLessThan(8);
  });

  it.each(["A", "D"] as const)(
    "blames the change of which one case takes seven others of mix %s down",
    (mix) => {
      const { block, controlTrials } = shares(mix, "change: one case takes 7 others", 30);
      expect(block).toBeGreaterThanOrEqual(0.95);
      expect(controlTrials).toBeLessThan(12);
      expect(shares(mix, "change: one takes 7, both 5 %", 30).block).toBeGreaterThanOrEqual(0.5);
    },
  );

  it.each(["A", "C"] as const)(
    "blames the change that hangs on one case of mix %s, also beside a slow trial of main",
    (mix) => {
      const { block, controlTrials } = shares(mix, "change: one case hangs", 30);
      expect(block).toBeGreaterThanOrEqual(0.85);
      expect(controlTrials).toBeLessThan(8);
      expect(shares(mix, "change: one case hangs, 1 of 5 near", 30).block).toBeGreaterThanOrEqual(0.5);
    },
  );

  it("blames the change that hangs on all cases, and tries main on one", () => {
    const { block, controlTrials } = shares("A", "change: all cases hang", 30);
    expect(block).toBe(1);
    expect(controlTrials).toBeLessThanOrEqual(7);
  });

  it("blames no change that hangs where main is near the limit, and soon stops trying", () => {
    const { block, inconclusive, controlTrials } = shares("A", "change: all hang, main is near", 30);
    expect({ block, inconclusive }).toEqual({ block: 0, inconclusive: 1 });
    expect(controlTrials).toBeLessThanOrEqual(4);
  });

  it("blames the change that crashes on all cases, and tries main on three", () => {
    const { block, controlTrials } = shares("A", "change: all cases always", 30);
    expect(block).toBe(1);
    expect(controlTrials).toBeLessThanOrEqual(18);
  });
});
