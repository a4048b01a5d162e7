import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { BatchTools } from "../../../src/pipeline/batches/batch-tools.ts";
import { askedOf, BatchWorld } from "./batch-world.ts";
import { HOUR_MS, noAnswer } from "./fake-provider.ts";

const MINUTE_MS = 60_000;

let world: BatchWorld;
beforeEach(() => {
  world = new BatchWorld();
});
afterEach(() => world.end());

const pass = (ms: number) => world.pass(ms);

describe("a question that a batch has no answer to", () => {
  it("is not sent at once again what it answered with a limit, which is said", async () => {
    world.provider.isRunning = false;
    world.provider.resultOf = () => noAnswer("rate-limited");
    const judge = world.asker();
    await askedOf(judge);
    world.start();
    await pass(3 * HOUR_MS);
    expect(world.provider.arrived.length).toBeGreaterThan(4);
    expect(world.provider.arrived.length).toBeLessThan(14);
    expect(world.faults[0]).toMatch(/no answer to 1 of 1.*It was rate-limited.*1 waiting for another batch/);
    world.provider.resultOf = () => world.provider.answer("yes");
    await pass(HOUR_MS);
    expect(await askedOf(judge)).toBe("yes");
    expect(world.provider.live).toEqual([]);
  });

  it("is sent twice what it made something unreadable of, and asked at once then, and what that cost is counted", async () => {
    const usage = { inputTokens: 1_000, outputTokens: 100 };
    world.provider.isRunning = false;
    world.provider.resultOf = ({ content }) =>
      content === "record 1"
        ? { ...noAnswer("provider-down"), usage, cost: 0.25 }
        : world.provider.answer("yes", { cost: 0.25 });
    const told: (number | undefined)[] = [];
    const budget = {
      reserve: async () => ({ day: "2026-11-20", purses: ["all"], usd: 1, tokens: 0 }),
      spent: (_judge: unknown, _question: unknown, { cost = 0 }: { cost?: number }) => ({
        usd: cost,
        tokens: 0,
      }),
      giveBack: async () => {},
    };
    const one = { day: "2026-11-20", purses: new Map([["all", {}]]), usd: 1, tokens: 0 };
    for (const _ of [1, 2]) await world.store.reserveSpend(one);
    const judge = world.asker(undefined, { budget });
    for (const number of [1, 2]) await askedOf(judge, number);
    const onAnswered: NonNullable<BatchTools["onAnswered"]> = ({ result }) => ({
      kept: result,
      tell: async () => {
        told.push(result.cost);
      },
    });
    world.start(undefined, { budget, onAnswered });
    await pass(3 * HOUR_MS);
    expect(world.provider.arrived.map(({ keys }) => keys.length)).toEqual([2, 1]);
    expect(told.toSorted()).toEqual([0.25, 0.25, 0.25]);
    expect(world.faults).toEqual([
      expect.stringMatching(/no answer to 1 of 2.*It was provider-down.*1 waiting for another batch/),
      expect.stringMatching(/no answer to 1 of 1.*It was provider-down.*1 asked at once/),
    ]);
    expect(await askedOf(judge, 1)).toBe("yes");
    expect(world.provider.live).toHaveLength(1);
    const none = { ...one, purses: new Map([["all", { usd: 0 }]]) };
    expect(await world.store.reserveSpend(none)).toMatchObject({ spent: 0.75 });
  });

  it.each(["key-refused", "quota"] as const)(
    "waits for another batch where that was the fault of the key (%s), for ten minutes at least",
    async (code) => {
      world.provider.isRunning = false;
      world.provider.resultOf = () => noAnswer(code);
      const judge = world.asker();
      await askedOf(judge);
      world.start();
      await pass(9 * MINUTE_MS);
      expect(world.provider.arrived).toHaveLength(1);
      expect(world.faults).toEqual([expect.stringMatching(/It was .*1 waiting for another batch/)]);
      await pass(50 * MINUTE_MS);
      expect(world.provider.arrived.length).toBeGreaterThan(2);
      world.provider.resultOf = () => world.provider.answer("yes");
      await pass(30 * MINUTE_MS);
      expect(await askedOf(judge)).toBe("yes");
      expect(world.provider.live).toEqual([]);
    },
  );

  it("is asked at once, and that is said, where the provider would refuse it again", async () => {
    world.provider.isRunning = false;
    world.provider.resultOf = () => noAnswer("bad-request");
    const judge = world.asker();
    for (const number of [1, 2]) await askedOf(judge, number);
    world.start();
    await pass(5 * MINUTE_MS);
    expect(world.faults).toEqual([
      expect.stringMatching(/no answer to 2 of 2 questions: It was bad-request.*2 asked at once/),
    ]);
    expect(await askedOf(judge)).toBe("yes");
  });

  it("is not sent more at once because other questions of a batch were answered", async () => {
    world.provider.isRunning = false;
    world.provider.resultOf = ({ content }) =>
      content === "record 1" ? noAnswer("rate-limited") : world.provider.answer("yes");
    const judge = world.asker();
    await askedOf(judge);
    world.start();
    for (let number = 2; number < 14; number += 1) {
      await askedOf(judge, number);
      await pass(HOUR_MS / 6);
    }
    expect(world.provider.arrived.length).toBeLessThan(14);
  });
});
