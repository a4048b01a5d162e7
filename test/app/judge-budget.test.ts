import { describe, expect, it } from "vitest";

import { billingOf, checkBudget, judgeBudget } from "../../src/app/judge-budget.ts";
import { defaultConfig } from "../../src/config/parse-config.ts";
import type { SamplingReason } from "../../src/core/sampling.ts";
import { cascade } from "../../src/judges/cascade.ts";
import { openai } from "../../src/judges/openai.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";

const configOf = (budget: object) => defaultConfig({ judging: { budget } });
const priced = openai({ model: "gpt-4o" });
const unpriced = openai({ model: "our-own", baseURL: "http://127.0.0.1:1" });

describe("the budget of judges in a configuration", () => {
  it("is any amount unless it is set, and ordinary traces may then use 80 % of it", () => {
    expect(judgeBudget(defaultConfig())).toBeNull();
    expect(judgeBudget(configOf({ usdPerDay: 5, perScorer: { tone: { tokensPerDay: 9 } } }))).toEqual({
      all: { usd: 5 },
      perScorer: { tone: { tokens: 9 } },
      perTenant: {},
      ordinaryShare: 0.8,
      carryOver: false,
    });
  });

  it("is refused in USD alone for a model without a price, with the key to set", () => {
    expect(() => checkBudget(configOf({ usdPerDay: 5 }), priced)).not.toThrow();
    expect(() => checkBudget(configOf({ usdPerDay: 5 }), unpriced)).toThrow(
      "judging.budget.usdPerDay: the model our-own of the judge has no price, so it would cost nothing here. Set judging.budget.tokensPerDay as well.",
    );
    expect(() => checkBudget(configOf({ usdPerDay: 5, tokensPerDay: 1_000 }), unpriced)).not.toThrow();
    expect(() => checkBudget(configOf({ perScorer: { tone: { usdPerDay: 5 } } }), unpriced)).toThrow(
      "judging.budget.perScorer.tone.tokensPerDay",
    );
    expect(() =>
      checkBudget(configOf({ usdPerDay: 5 }), cascade({ cheap: priced, strong: unpriced })),
    ).toThrow("our-own");
  });

  it("names key and value of what is wrong", () => {
    expect(() => configOf({ usdPerDay: 0 })).toThrow("judging.budget.usdPerDay: must be more than 0");
    expect(() => configOf({ usd: 1 })).toThrow("judging.budget.usd: there is no such key");
  });

  it("puts errors, failed rules and new versions first", () => {
    const trace = makeTrace({});
    const isUrgent = (reason: SamplingReason) =>
      billingOf(trace, { sampled: true, probability: 1, reason }, configOf({})).isUrgent;
    expect((["error", "failed-rule", "new-version"] as const).map(isUrgent)).toEqual([true, true, true]);
    expect((["slow", "rate"] as const).map(isUrgent)).toEqual([false, false]);
    expect(billingOf(trace, undefined, configOf({})).isUrgent).toBe(false);
  });

  it("knows the tenant by a field, or by an attribute of the root span", () => {
    const trace = { ...makeTrace({}), organisationId: "acme", service: { name: "shop" } };
    const tenant = (by?: string) =>
      billingOf(trace, undefined, configOf({ perTenant: { tokensPerDay: 1, ...(by && { by }) } })).tenant;
    expect(tenant()).toBe("acme");
    expect(tenant("service")).toBe("shop");
    expect(tenant("userId")).toBeUndefined();
    const spans = trace.spans.map((span) => ({ ...span, attributes: { plan: 7 } }));
    const config = configOf({ perTenant: { tokensPerDay: 1, by: "plan" } });
    expect(billingOf({ ...trace, spans }, undefined, config).tenant).toBe("7");
    expect(billingOf(trace, undefined, configOf({})).tenant).toBeUndefined();
  });
});
