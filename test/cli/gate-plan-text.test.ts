import { describe, expect, it } from "vitest";

import { planText } from "../../src/cli/print/gate-plan-text.ts";
import type { Forecast, GatePlan } from "../../src/pipeline/gate-plan.ts";
import { planGate } from "../../src/pipeline/gate-plan.ts";

const forecast = (change: string, blocked: number, error: number): Forecast => ({
  change,
  blocked,
  error,
  inconclusive: 0,
  extraTrials: 1,
  extraTrialsP95: 2,
});

/** A plan in which one broken case is blocked in so many of the repetitions with twice the trials on main. */
const planWith = (blocked: number): GatePlan => ({
  v: 1,
  mode: "pull-request",
  cases: 1,
  guarding: 1,
  mainTrials: 3,
  margins: [],
  repetitions: 200,
  now: [forecast("nothing changed", 0, 0), forecast("1 case broken", 0.95, 0.016)],
  more: [
    {
      what: "twice the trials on main",
      forecasts: [forecast("nothing changed", 0, 0), forecast("1 case broken", blocked, 0.044)],
    },
    { what: "twice the cases", forecasts: [forecast("1 case broken", 0.5, 0.05)] },
  ],
});

describe("the text of a plan", () => {
  it("says once why twice the history sees less, where it does", () => {
    const text = planText(planWith(0.74));
    expect(text).toContain(
      "Less is seen then (1 case broken, 95 % now and 74 % then), because a short history",
    );
    expect(text.split("Less is seen")).toHaveLength(2);
  });

  it("calls what is within the error chance", () => {
    const text = planText(planWith(0.9));
    expect(text).not.toContain("Less is seen");
    expect(text).toMatch(/A difference of less than twice its ± may be chance\.$/);
  });

  it("does not say that a broken case is seen where the figures say otherwise", () => {
    const plan = { ...planWith(0.9), margins: [{ scorer: "s", cases: 1, margin: null }] };
    expect(planText(plan)).toContain("at this price; single broken cases are seen.");
    const now = [forecast("1 case broken", 0, 0)];
    expect(planText({ ...plan, now })).toContain("at this price.\n");
  });

  it("knows a longer history in a real plan by its name", () => {
    const main = { passes: 3, trials: 3 };
    const candidate = { passes: 0, trials: 0 };
    const one = { caseId: "a", scorer: "s", main, candidate, unscored: 0, accepted: true, blocking: true };
    const policy = {
      mode: "pull-request",
      margin: 0.05,
      missRate: 0.1,
      maxPasses: 5,
      errorRate: 0.05,
      minHistory: 3,
      maxTrials: 6,
      maxUnscored: 0.05,
    } as const;
    expect(planText(planGate([one], policy))).toContain("Less is seen then (1 case broken, 95 % now and");
  });
});
