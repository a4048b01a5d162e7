import { describe, expect, it } from "vitest";
import { type BudgetOptions, budget } from "../../src/scorers/budget.ts";
import { makeTrace, type TraceSketch } from "../../src/testing/make-trace.ts";

const score = (limits: BudgetOptions, sketch: TraceSketch) =>
  budget(limits).score({ trace: makeTrace(sketch) }, { signal: new AbortController().signal });

const spent: TraceSketch = {
  toolCalls: [{ name: "search", durationMs: 8000 }],
  llmCalls: [
    { model: "m", usage: { inputTokens: 900, outputTokens: 100 }, cost: 0.02, durationMs: 3000 },
    { model: "m", usage: { inputTokens: 1900, outputTokens: 100 }, cost: 0.03, durationMs: 1000 },
  ],
};

describe("budget", () => {
  it("passes a run within its limits", async () => {
    expect(await score({}, spent)).toMatchObject({
      value: 1,
      label: "within",
      explanation: "All known figures are within the limits.",
    });
  });

  it.each<[BudgetOptions, string]>([
    [{ tokens: 2999 }, "The run took 3000 tokens (limit 2999 tokens)."],
    [{ usd: 0.04 }, "The run took 0.05 USD (limit 0.04 USD)."],
    [{ seconds: 0.2 }, "The run took 0.3 s (limit 0.2 s)."],
    [{ steps: 2 }, "The run took 3 calls (limit 2 calls)."],
    [{ stepTokens: 1999 }, "The LLM call to m took 2000 tokens (limit 1999 tokens)."],
    [{ stepUsd: 0.025 }, "The LLM call to m took 0.03 USD (limit 0.025 USD)."],
    [{ stepSeconds: 5 }, "Tool search took 8 s (limit 5 s)."],
  ])("fails over %o and says by how much", async (limits, sentence) => {
    const given = await score(limits, spent);
    expect(given).toMatchObject({ value: 0, label: "over", explanation: sentence });
    expect(given.evidence).toHaveLength(1);
  });

  it("passes at exactly the limit", async () => {
    expect((await score({ tokens: 3000, steps: 3 }, spent)).value).toBe(1);
  });

  it("says which limits it could not check", async () => {
    const given = await score({ usd: 1 }, { llmCalls: [{ usage: { inputTokens: 5 } }] });
    expect(given.value).toBe(1);
    expect(given.explanation).toContain("Not checked, because unknown: usd, stepUsd.");
  });

  it("has nothing to say when no figure is known", async () => {
    const given = await score({}, { spans: [], llmCalls: [], toolCalls: [] });
    expect(given).toMatchObject({ value: null, unscored: { code: "not-applicable" } });
    expect(given.explanation).toContain("tokens, usd, seconds, steps");
  });

  it("leaves a limit of Infinity out", async () => {
    const given = await score(
      { usd: Infinity, stepUsd: Infinity },
      { llmCalls: [{ usage: { inputTokens: 5 } }] },
    );
    expect(given.explanation).toBe("All known figures are within the limits.");
  });

  it("refuses limits that are no limits", () => {
    expect(() => budget({ seconds: 0 })).toThrow(/budget\({ seconds }\): the limit must be above 0, got 0/);
    expect(() => budget({ usd: Number.NaN })).toThrow(/got NaN/);
  });
});
