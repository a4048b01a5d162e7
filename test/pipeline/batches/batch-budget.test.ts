import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { TracegateError } from "../../../src/core/errors.ts";
import { batchBudget } from "../../../src/pipeline/batches/batch-budget.ts";
import { BatchWorld, codeOf, GATHER_MS, NEVER, question } from "./batch-world.ts";
import { HOUR_MS, noAnswer } from "./fake-provider.ts";

let world: BatchWorld;
beforeEach(() => {
  world = new BatchWorld();
});
afterEach(() => world.end());

describe("the budget of questions in batches", () => {
  // gpt-4o: 2.5 and 10 USD per million; a question of 11,200 characters is guessed at 0.01 USD, in a batch at 0.005.
  const long = (number: number) =>
    question(number, { instructions: "i".repeat(5_600), content: `${number}`.padEnd(5_600) });
  const budgetOf = (usd: number) => {
    const budget = { all: { usd }, perScorer: {}, perTenant: {}, ordinaryShare: 1, carryOver: false };
    return batchBudget({ budget, store: world.store, clock: world.clock, random: () => 0.5 });
  };

  it("takes half the price before, and settles what it has cost", async () => {
    const budget = budgetOf(0.0101);
    const judge = world.asker(world.provider.judge(), { budget });
    const ask = async (number: number) => codeOf(await judge.ask(long(number), NEVER));
    expect([await ask(1), await ask(2), await ask(3), await ask(1)]).toEqual([
      "batched",
      "batched",
      "over-budget",
      "batched",
    ]);
    world.provider.isRunning = false;
    world.provider.resultOf = () => world.provider.answer("yes", { cost: 0.002 });
    world.start(undefined, { budget });
    await world.inTime(() => ask(1)).toBe("yes");
    expect(await ask(3)).toBe("batched");
  });

  it("leaves taken what a question may have cost whose answer does not say", async () => {
    const budget = budgetOf(0.0101);
    const judge = world.asker(world.provider.judge(), { budget });
    const ask = async (number: number) => codeOf(await judge.ask(long(number), NEVER));
    expect([await ask(1), await ask(2)]).toEqual(["batched", "batched"]);
    world.provider.isRunning = false;
    world.provider.resultOf = () => {
      const { cost: _cost, ...answer } = world.provider.answer("yes", { usage: {} });
      return answer;
    };
    world.start(undefined, { budget });
    await world.inTime(() => ask(1)).toBe("yes");
    expect(await ask(3)).toBe("over-budget");
  });

  it("gives back what a question that is asked at once after all had taken", async () => {
    const budget = budgetOf(0.0051);
    const judge = world.asker(world.provider.judge(), { budget });
    expect(codeOf(await judge.ask(long(1), NEVER))).toBe("batched");
    world.provider.refusal = noAnswer("unknown-model");
    world.start(undefined, { budget });
    world.clock.time += GATHER_MS;
    await expect.poll(() => world.faults.length).toBe(1);
    await expect.poll(async () => codeOf(await judge.ask(long(2), NEVER))).toBe("batched");
  });

  it("leaves taken what may have been paid for where a batch is gone", async () => {
    const budget = budgetOf(0.0051);
    const judge = world.asker(world.provider.judge(), { budget });
    await judge.ask(long(1), NEVER);
    world.provider.isGone = true;
    world.start(undefined, { budget });
    await world.pass(3 * HOUR_MS);
    expect(world.faults.at(-1)).toContain("may be paid twice");
    expect(codeOf(await judge.ask(long(2), NEVER))).toBe("over-budget");
  });

  it("takes nothing more for a question that the store could not be told of at first", async () => {
    const budget = budgetOf(0.0101);
    let isAway = true;
    const away = () =>
      Promise.reject(new TracegateError("unavailable", "The store is away.", { retryable: true }));
    const store = new Proxy(world.store, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (name === "leaveForBatch" && isAway) return away;
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const judge = world.asker(world.provider.judge(), { budget, store });
    const ask = async (number: number) => codeOf(await judge.ask(long(number), NEVER));
    for (const _ of [1, 2, 3]) expect(await ask(1)).toBe("rate-limited");
    isAway = false;
    expect([await ask(1), await ask(2), await ask(3)]).toEqual(["batched", "batched", "over-budget"]);
  });
});
