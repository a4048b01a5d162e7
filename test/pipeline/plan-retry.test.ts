import { describe, expect, it } from "vitest";

import type { Unscored } from "../../src/core/score.ts";
import { planRetry } from "../../src/pipeline/plan-retry.ts";
import { scoreOf } from "../contracts/store.ts";

const NOW = 1_000_000;
const policy = { attempts: 4, baseMs: 1_000, maxMs: 60_000 };
const judged = (unscored: Unscored) =>
  scoreOf("judged", null, { kind: "judge", unscored, explanation: "Away." });
const planned = (unscored: Unscored, tries: number, random = 0) =>
  planRetry(judged(unscored), tries, policy, NOW, () => random);

describe("the next try of a judge", () => {
  it.each([
    [1, 0, 500],
    [1, 0.999_999, 1_000],
    [2, 0, 1_000],
    [3, 0.999_999, 4_000],
  ])("comes after a wait that doubles, half of it random: try %d, random %d", (tries, random, wait) => {
    expect(planned({ code: "provider-down" }, tries, random).unscored).toEqual({
      code: "provider-down",
      retryAt: NOW + wait,
    });
  });

  it("is not before the time the provider names, and spread after it", () => {
    const at = (random: number) =>
      planned({ code: "rate-limited", retryAt: NOW + 30_000 }, 1, random).unscored?.retryAt;
    expect(at(0)).toBe(NOW + 30_000);
    expect(at(0.5)).toBe(NOW + 31_500);
  });

  it("keeps to the back-off when the provider names an earlier time, or one that has passed", () => {
    expect(planned({ code: "rate-limited", retryAt: NOW + 10 }, 3).unscored?.retryAt).toBe(NOW + 2_000);
    expect(planned({ code: "timed-out", retryAt: NOW - 10 }, 1).unscored?.retryAt).toBe(NOW + 500);
  });

  it("does not come when the tries are spent, which the explanation says", () => {
    expect(planned({ code: "provider-down", retryAt: NOW + 10 }, 4)).toMatchObject({
      unscored: { code: "provider-down" },
      explanation: "Away. Given up after 4 tries.",
    });
    expect(planned({ code: "provider-down", retryAt: NOW + 10 }, 4).unscored).not.toHaveProperty("retryAt");
  });

  it("always comes after a rate limit, which is no try of the judge", () => {
    const { unscored } = planned({ code: "rate-limited", retryAt: NOW + 90_000 }, 400);
    expect(unscored).toEqual({ code: "rate-limited", retryAt: NOW + 90_000 });
  });

  it("does not come for a rule, for a value, for what will not pass, or for a decision of ours", () => {
    const rule = scoreOf("rule", null, { unscored: { code: "timed-out", retryAt: NOW } });
    expect(planRetry(rule, 1, policy, NOW).unscored).toEqual({ code: "timed-out" });
    const value = scoreOf("judged", 1, { kind: "judge" });
    expect(planRetry(value, 1, policy, NOW)).toBe(value);
    for (const code of ["refused", "quota", "bad-request", "paused", "sampled-out", "no-key"] as const) {
      const score = judged({ code });
      expect(planRetry(score, 1, policy, NOW)).toBe(score);
    }
  });
});
