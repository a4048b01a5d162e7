import { describe, expect, it } from "vitest";

import { CRASH_WORLDS, tallyCrashes } from "../../../scripts/bench/gate-crashes.ts";
import { MIXES } from "../../../scripts/bench/gate-worlds.ts";

function shares(mix: keyof typeof MIXES, name: string, repetitions: number) {
  const world = CRASH_WORLDS[name];
  if (!world) throw new Error(`no world ${name}`);
  return tallyCrashes(MIXES[mix], world, { repetitions, history: 20, seed: 1 });
}

const both = Object.keys(CRASH_WORLDS).filter((name) => name.startsWith("both: "));

/** The short form of what `npm run bench:gate` prints of crashes. */
describe("a gate whose agent crashes", () => {
  it.each(both)("blames no change where main crashes alike (%s)", (name) => {
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

  it("blames the change that crashes on all cases, and tries main on three", () => {
    const { block, controlTrials } = shares("A", "change: all cases always", 30);
    expect(block).toBe(1);
    expect(controlTrials).toBeLessThanOrEqual(18);
  });
});
