import { describe, expect, it } from "vitest";

import type { CaseCounts } from "../../src/core/verdict.ts";
import { planGate } from "../../src/pipeline/gate-plan.ts";
import { DEFAULT_POLICY } from "../../src/pipeline/gate-policy.ts";

function suite(size: number, passes: number, trials: number): CaseCounts[] {
  return Array.from({ length: size }, (_, index) => ({
    caseId: `case ${index}`,
    scorer: "right",
    main: { passes, trials },
    candidate: { passes: 0, trials: 0 },
    unscored: 0,
    accepted: true,
    blocking: true,
  }));
}

const plan = (cases: readonly CaseCounts[]) => planGate(cases, DEFAULT_POLICY, { repetitions: 60 });
const blocked = (size: number, change: string) =>
  plan(suite(size, 10, 10)).now.find((forecast) => forecast.change === change)?.blocked ?? Number.NaN;

describe("the plan of a gate", () => {
  const large = plan(suite(200, 20, 20));

  it("says what a suite sees now, with its error and its price", () => {
    expect(large).toMatchObject({ cases: 200, guarding: 200, mainTrials: 20, repetitions: 60 });
    expect(large.margins).toEqual([{ scorer: "right", cases: 200, margin: 0.05 }]);
    const [unchanged, broken] = large.now;
    expect(unchanged).toMatchObject({ change: "nothing changed", blocked: expect.any(Number) });
    expect(unchanged?.blocked).toBeLessThanOrEqual(0.05);
    expect(unchanged?.extraTrials).toBeLessThan(40);
    expect(broken?.change).toBe("1 case broken");
    expect(broken?.blocked).toBeGreaterThan(0.95);
    for (const { error, blocked } of large.now) {
      expect(error).toBeCloseTo(Math.sqrt((blocked * (1 - blocked)) / 60), 12);
    }
  });

  it("counts main's trials before a block, unless there is no control", () => {
    const alone = planGate(suite(200, 20, 20), DEFAULT_POLICY, { repetitions: 60, control: false });
    expect(alone.now[1]).toMatchObject({ change: "1 case broken", blocked: 1 });
    const trialsOf = ({ now }: typeof alone) => now.map(({ extraTrials }) => extraTrials);
    expect(trialsOf(alone)[1]).toBeLessThan(trialsOf(large)[1] ?? 0);
  });

  it("gives the same figures for the same seed", () => {
    expect(plan(suite(20, 20, 20))).toEqual(plan(suite(20, 20, 20)));
  });

  it("says that few cases do not see a loss of ten points, and many do", () => {
    expect(blocked(10, "all cases lose 10 points")).toBeLessThan(0.5);
    expect(blocked(200, "all cases lose 10 points")).toBeGreaterThan(0.95);
  });

  it("says what more trials, cases and passes would buy", () => {
    expect(large.more.map(({ what }) => what)).toEqual([
      "twice the trials on main",
      "twice the cases",
      "10 passes at the most",
    ]);
    for (const { forecasts } of large.more) expect(forecasts.length).toBeGreaterThan(2);
  });

  it("does not say of a small suite that more history makes it blind, because of one unlucky draw", () => {
    const small = planGate(suite(2, 3, 3), DEFAULT_POLICY);
    const broken = (forecasts: typeof small.now) =>
      forecasts.find(({ change }) => change === "1 case broken")?.blocked ?? Number.NaN;
    expect(broken(small.now)).toBeGreaterThan(0.9);
    expect(broken(small.more[0]?.forecasts ?? [])).toBeGreaterThan(0.75);
  });

  it("says that nothing is seen where nothing guards", () => {
    const nothing = plan(suite(3, 0, 0));
    expect(nothing).toMatchObject({ cases: 3, guarding: 0, mainTrials: 0, margins: [], more: [] });
    expect(nothing.now.map(({ change }) => change)).toEqual(["nothing changed"]);
    expect(nothing.now[0]).toMatchObject({ blocked: 0, extraTrials: 0 });
  });
});
