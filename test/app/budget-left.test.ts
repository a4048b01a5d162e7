import { describe, expect, it } from "vitest";

import { budgetLeft } from "../../src/app/budget-left.ts";
import type { LeftTraces } from "../../src/app/paused-scorers.ts";
import { type ConfigInput, configSchema } from "../../src/config/schema.ts";
import { openDatabase } from "../../src/store/open-database.ts";
import { SqliteStore } from "../../src/store/sqlite-store.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";

const NOW = Date.parse("2026-11-20T12:00:00Z");
const left: LeftTraces = {
  scorer: "tone",
  traces: 10,
  estimate: { usd: 0.5, inputTokens: 9_000, outputTokens: 1_000, answers: 4 },
};

type Budget = NonNullable<NonNullable<ConfigInput["judging"]>["budget"]>;

/** What is left when 0.4 USD and 4,000 tokens of this day, and more of the day before, have been taken. */
async function leftAfter(budget: Budget | undefined, of = left) {
  const folder = temporaryFolder();
  const database = openDatabase(folder.path);
  const store = new SqliteStore(database);
  const purses = new Map([
    ["all", {}],
    ["scorer tone", {}],
  ]);
  await store.reserveSpend({ day: "2026-11-19", purses, usd: 9, tokens: 90_000 });
  await store.reserveSpend({ day: "2026-11-20", purses, usd: 0.4, tokens: 4_000 });
  try {
    const config = configSchema.parse({ judging: budget ? { budget } : {} });
    return await budgetLeft(of, { config, store, now: NOW });
  } finally {
    await store.close();
    database.close();
    folder.remove();
  }
}

describe("what today's budget pays of the traces that wait", () => {
  it("is nothing to speak of without a budget", async () => {
    expect(await leftAfter(undefined)).toBeNull();
  });

  it("is what is left of the share of ordinary traces", async () => {
    expect(await leftAfter({ tokensPerDay: 10_000 })).toEqual({
      usd: null,
      tokens: 4_000,
      traces: 4,
      carryOver: false,
    });
    expect(await leftAfter({ tokensPerDay: 4_000, carryOver: true })).toMatchObject({
      tokens: 0,
      traces: 0,
      carryOver: true,
    });
    expect(await leftAfter({ usdPerDay: 100 })).toMatchObject({ tokens: null, traces: 10 });
  });

  it("is the least of the purses and of their units", async () => {
    const perScorer = { tone: { usdPerDay: 0.75 } };
    const paid = await leftAfter({ usdPerDay: 100, tokensPerDay: 1_000_000, perScorer });
    expect(paid).toMatchObject({ usd: expect.closeTo(0.2), tokens: 796_000, traces: 4 });
  });

  it("is not known while nobody knows what a trace costs", async () => {
    const unknown = { usd: null, inputTokens: null, outputTokens: null, answers: 0 };
    expect(await leftAfter({ usdPerDay: 1 }, { ...left, estimate: unknown })).toMatchObject({
      usd: expect.closeTo(0.4),
      traces: null,
    });
  });
});
