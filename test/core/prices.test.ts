import { describe, expect, it } from "vitest";

import { PRICES } from "../../src/core/price-table.ts";
import { costOf, PRICES_AS_OF, priceOf } from "../../src/core/prices.ts";

describe("priceOf", () => {
  it.each([
    ["gpt-4o", 2.5],
    ["gpt-4o-2024-11-20", 2.5],
    ["azure/gpt-4o-2024-11-20", 2.5],
    ["gpt-4o-mini-2024-07-18", 0.15],
    ["openai/gpt-4.1-mini", 0.4],
    ["gpt-5.2-chat-latest", 1.75],
    ["gpt-4-0613", 30],
    ["claude-3-7-sonnet-20250219", 3],
    ["claude-3-5-haiku-latest", 0.8],
    ["us.anthropic.claude-3-7-sonnet-20250219-v1:0", 3],
    ["anthropic.claude-sonnet-4-20250514-v1:0", 3],
    ["openrouter/anthropic/claude-sonnet-4.5", 3],
    ["claude-opus-4-5@20251101", 5],
    ["claude-opus-4-20250514", 15],
    ["claude-4-opus-20250514", 15],
    ["claude-sonnet-4-0", 3],
    ["models/gemini-2.5-pro", 1.25],
    ["gemini-3-pro-preview", 2],
    ["gemini-2.0-flash-001", 0.1],
    ["deepseek/deepseek-chat", 0.28],
  ])("knows %s at %d USD per million input tokens", (model, input) => {
    expect(priceOf(model)?.input).toBe(input);
  });

  it("prefers the price of a snapshot over that of its family", () => {
    expect(priceOf("gpt-4o-2024-05-13")?.input).toBe(5);
    expect(priceOf("openai/gpt-4o-2024-05-13")?.input).toBe(5);
    expect(priceOf("gpt-4-1106-preview")?.input).toBe(10);
  });

  it.each([
    ["gpt-4.1-2025-04-14-sft"],
    ["ft:gpt-4o-mini-2024-07-18:acme::abc"],
    ["toolorchestra-mix"],
    ["gpt-4o-realtime-preview"],
    ["qwen2.5:7b"],
    ["constructor"],
    ["__proto__"],
    [""],
  ])("has no price for %j", (model) => {
    expect(priceOf(model)).toBeUndefined();
    expect(costOf(model, { inputTokens: 1, outputTokens: 1 })).toBeUndefined();
  });

  it("lists only sensible prices: output above input, cache reads below, cache writes not below", () => {
    for (const [model, price] of PRICES) {
      expect(price.input, model).toBeGreaterThan(0);
      expect(price.output, model).toBeGreaterThan(price.input);
      expect(price.cacheRead ?? 0, model).toBeLessThan(price.input);
      expect(price.cacheWrite ?? price.input, model).toBeGreaterThanOrEqual(price.input);
    }
    expect(PRICES_AS_OF).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });
});

describe("costOf", () => {
  it("charges uncached input, cache reads, cache writes and output at their own prices", () => {
    const usage = {
      inputTokens: 1_000_000,
      cacheReadTokens: 600_000,
      cacheWriteTokens: 200_000,
      outputTokens: 100_000,
    };
    // Opus 4.5: 0.2 M x 5 + 0.6 M x 0.5 + 0.2 M x 6.25 + 0.1 M x 25
    expect(costOf("claude-opus-4-5", usage)).toBeCloseTo(1 + 0.3 + 1.25 + 2.5, 10);
  });

  it("charges the long-context rate for the whole request, from one token above the limit", () => {
    expect(costOf("gpt-5.4", { inputTokens: 272_000, outputTokens: 0 })).toBeCloseTo(0.68, 10);
    expect(costOf("gpt-5.4", { inputTokens: 272_001, outputTokens: 1_000 })).toBeCloseTo(
      0.272001 * 5 + 0.001 * 22.5,
      10,
    );
  });

  it("says nothing when a token count is unknown", () => {
    expect(costOf("gpt-4o", { inputTokens: 10 })).toBeUndefined();
    expect(costOf("gpt-4o", { outputTokens: 10 })).toBeUndefined();
    expect(costOf("gpt-4o", { inputTokens: 0, outputTokens: 0 })).toBe(0);
  });
});
