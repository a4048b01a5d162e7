import { describe, expect, it } from "vitest";

import { type PlannedCall, type PlannedTrace, planCost } from "../../src/pipeline/plan-cost.ts";

/** gpt-4o: input 2.5, cached 1.25, output 10; claude-haiku-4-5: input 1, written 1.25, read 0.1, output 5; USD per million. */
function call(more: Partial<PlannedCall> = {}): PlannedCall {
  return {
    scorer: "a",
    model: "claude-haiku-4-5",
    role: "always",
    inputTokens: 10_000,
    outputTokens: 100,
    sharedKey: null,
    sharedTokens: 9_000,
    inBatch: false,
    ...more,
  };
}

const trace = (...calls: readonly PlannedCall[]): PlannedTrace => ({ weight: 1, calls });
const costOf = (plan: ReturnType<typeof planCost>, scorer: string) =>
  plan.scorers.get(scorer) ?? expect.fail(`no ${scorer}`);

describe("the price of a plan", () => {
  it("is that of 1,000 traces, whatever their number", () => {
    const { total } = planCost([trace(call()), trace(call())]);

    expect(total).toMatchObject({ calls: 1_000, inputTokens: 10_000_000, outputTokens: 100_000 });
    expect(total.aloneUsd).toBeCloseTo(10 + 0.5);
    expect(total.batchUsd).toBeCloseTo(5.25);
    expect(total.cachedUsd).toBeCloseTo(10.5);
    expect(total.configuredUsd?.low).toBeCloseTo(10.5);
  });

  it("counts a trace that is not asked about as one that costs nothing", () => {
    expect(planCost([trace(call()), trace()]).total.aloneUsd).toBeCloseTo(10.5 / 2);
  });

  it("weighs traces by the chance that judges see them", () => {
    const cheap = { weight: 0.1, calls: [] };
    expect(planCost([{ weight: 0.9, calls: [call()] }, cheap]).total.aloneUsd).toBeCloseTo(10.5 * 0.9);
  });

  it("lets the first question pay for keeping a record and the others for finding it", () => {
    const shares = { sharedKey: "record" };
    const { scorers, total } = planCost([trace(call(shares), call({ ...shares, scorer: "b" }))]);

    const first = 9 * 1.25 + 1 + 0.5;
    const second = 9 * 0.1 + 1 + 0.5;
    expect(scorers.get("a")?.cachedUsd).toBeCloseTo(first);
    expect(scorers.get("b")?.cachedUsd).toBeCloseTo(second);
    expect(total.cachedUsd).toBeCloseTo(first + second);
    expect(total.aloneUsd).toBeCloseTo(21);
  });

  it.each([
    ["alone with its record", [call({ sharedKey: "record" })]],
    ["with other records", [call({ sharedKey: "one" }), call({ sharedKey: "two", scorer: "b" })]],
    ["of another model", [call({ sharedKey: "r" }), call({ sharedKey: "r", scorer: "b", model: "gpt-4o" })]],
    ["whose provider keeps nothing", [call(), call({ scorer: "b" })]],
  ])("shares nothing with a question %s", (_, calls) => {
    const { total } = planCost([trace(...calls)]);
    expect(total.cachedUsd).toBe(total.aloneUsd);
  });

  it("shares nothing between traces", () => {
    const shares = { sharedKey: "record" };
    const { total } = planCost([trace(call(shares)), trace(call(shares))]);
    expect(total.cachedUsd).toBe(total.aloneUsd);
  });

  describe("of a cascade", () => {
    const cascade = [
      call({ role: "cheap", model: "claude-haiku-4-5" }),
      call({ role: "strong", model: "gpt-4o" }),
    ];
    const [cheap, strong] = [10.5, 26];

    it("is a range while nobody knows how often the strong judge is asked", () => {
      const { total } = planCost([trace(...cascade)]);
      expect(total.configuredUsd?.low).toBeCloseTo(cheap);
      expect(total.configuredUsd?.high).toBeCloseTo(cheap + strong);
    });

    it("adds the strong judge for its share of the questions", () => {
      const { configuredUsd } = planCost([trace(...cascade)], new Map([["a", 0.2]])).total;
      expect(configuredUsd?.low).toBeCloseTo(cheap + 0.2 * strong);
      expect(configuredUsd?.high).toBeCloseTo(cheap + 0.2 * strong);
    });

    it("is set beside the strong judge alone, asked every question", () => {
      const { total } = planCost([trace(...cascade)]);
      expect(total.aloneUsd).toBeCloseTo(strong);
      expect(total.calls).toBe(1_000);
    });

    it("is that of one judge where the scorer names its tier", () => {
      const [first, second] = cascade;
      for (const [only, usd] of [
        [first, cheap],
        [second, strong],
      ] as const) {
        const { total } = planCost([trace(only ?? call())]);
        expect(total.aloneUsd).toBeCloseTo(usd);
        expect(total.configuredUsd?.high).toBeCloseTo(usd);
      }
    });
  });

  it("adds the arbiter of a panel for the share of questions on which the panel differs", () => {
    const panel = [call(), call({ model: "gpt-4o" }), call({ role: "arbiter", model: "gpt-4o" })];
    const plan = planCost([trace(...panel)], new Map([["a", 0.5]]));
    expect(plan.total.aloneUsd).toBeCloseTo(10.5 + 26);
    expect(plan.total.configuredUsd?.low).toBeCloseTo(10.5 + 26 + 13);
  });

  it("says of a model without a price that it has none, and never that it is free", () => {
    const plan = planCost([trace(call(), call({ scorer: "b", model: "our-own-model" }))]);

    expect(costOf(plan, "a").aloneUsd).toBeCloseTo(10.5);
    const nothing = { aloneUsd: null, cachedUsd: null, batchUsd: null, configuredUsd: null };
    expect(costOf(plan, "b")).toMatchObject({ ...nothing, unpriced: ["our-own-model"] });
    expect(plan.total).toMatchObject({ ...nothing, unpriced: ["our-own-model"], inputTokens: 20_000_000 });
  });

  it("knows what the first tier of an unpriced strong one costs no better", () => {
    const plan = planCost([trace(call({ role: "cheap" }), call({ role: "strong", model: "our-own-model" }))]);
    expect(plan.total).toMatchObject({ configuredUsd: null, aloneUsd: null });
  });
});
