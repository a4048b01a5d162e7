import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { batchLanes, laneOf } from "../../../src/pipeline/batches/batch-lanes.ts";
import { askedOf, BatchWorld, GATHER_MS, NEVER, NOON, question, traceId } from "./batch-world.ts";
import { DAY_MS, FakeProvider, HOUR_MS, noAnswer } from "./fake-provider.ts";

const MINUTE_MS = 60_000;

let world: BatchWorld;
beforeEach(() => {
  world = new BatchWorld();
});
afterEach(() => world.end());

const pass = (ms: number, step?: number) => world.pass(ms, step);
const rounds = () => world.rounds();

describe("a provider that is away", () => {
  it("has what never arrived wait for another batch, longer each time, and asks it at once when that is too late", async () => {
    world.provider.refusal = noAnswer("provider-down");
    const judge = world.asker();
    await askedOf(judge);
    world.start();
    await pass(6 * HOUR_MS, 5 * MINUTE_MS);
    expect(await askedOf(judge)).toBe("batched");
    const { length } = world.provider.submitted;
    expect(length).toBeGreaterThan(8);
    expect(length).toBeLessThan(20);
    expect(world.faults).toHaveLength(length);
    expect(world.faults[0]).toMatch(/never arrived at .*1 waiting for another batch/);

    await pass(7 * HOUR_MS, 15 * MINUTE_MS);
    expect(world.provider.live).toEqual([]);
    expect(await askedOf(judge)).toBe("yes");
    expect(await world.counts()).toEqual({ waiting: 0, sent: 0, batches: 0 });
  });

  it("is asked less and less often how far a batch is, which is given up after two of its windows", async () => {
    const judge = world.asker();
    await askedOf(judge);
    world.start();
    world.clock.time += GATHER_MS;
    await expect.poll(() => world.provider.arrived.length).toBe(1);
    world.provider.lookFault = noAnswer("provider-down");
    await pass(2 * HOUR_MS);
    const { length } = world.faults;
    expect(length).toBeGreaterThan(5);
    expect(length).toBeLessThan(15);
    world.clock.time += 46 * HOUR_MS;
    await rounds();
    await pass(35 * MINUTE_MS, 5 * MINUTE_MS);
    expect(world.faults.at(-1)).toMatch(/given up.*1 asked at once.*may be paid twice/);
    expect(await world.counts()).toEqual({ waiting: 0, sent: 0, batches: 0 });
    expect(await askedOf(judge)).toBe("yes");
  });

  it.each(["running", "thrown"] as const)(
    "asks at once what a batch held that is %s for two of its windows",
    async (what) => {
      const judge = world.asker();
      await askedOf(judge);
      world.start();
      await pass(2 * MINUTE_MS);
      if (what === "thrown") world.provider.looked = () => Promise.reject(new TypeError("no such field"));
      world.clock.time += 47 * HOUR_MS;
      await pass(MINUTE_MS);
      expect(await askedOf(judge)).toBe("batched");
      world.clock.time += HOUR_MS;
      await pass(MINUTE_MS);
      expect(world.faults.at(-1)).toMatch(
        what === "thrown" ? /no such field.*given up.*1 asked at once/ : /still works on it.*given up/,
      );
      expect(await askedOf(judge)).toBe("yes");
    },
  );

  it("has a batch that may never have arrived given up when its first answer is needed", async () => {
    world.provider.losesReplies = true;
    world.provider.lookFault = noAnswer("key-refused");
    const judge = world.asker();
    await askedOf(judge);
    world.start();
    await pass(5 * MINUTE_MS);
    world.clock.time = NOON + DAY_MS - MINUTE_MS;
    await rounds();
    expect(world.faults.at(-1)).toMatch(/It was key-refused\.$/);
    await pass(HOUR_MS, 10 * MINUTE_MS);
    expect(world.faults.at(-1)).toMatch(/given up.*1 asked at once.*may be paid twice/);
    expect(await askedOf(judge)).toBe("yes");
  });

  it("is heard again after all", async () => {
    const judge = world.asker();
    await askedOf(judge);
    world.start();
    world.clock.time += GATHER_MS;
    await expect.poll(() => world.provider.arrived.length).toBe(1);
    world.provider.lookFault = noAnswer("provider-down");
    await pass(HOUR_MS);
    world.provider.lookFault = undefined;
    await pass(31 * MINUTE_MS);
    const { length } = world.faults;
    world.provider.lookFault = noAnswer("timed-out");
    await pass(10 * MINUTE_MS);
    expect(world.faults.length).toBeGreaterThan(length + 2);
    world.provider.lookFault = undefined;
    world.provider.isRunning = false;
    await pass(31 * MINUTE_MS);
    expect(await askedOf(judge)).toBe("yes");
    expect(world.provider.arrived).toHaveLength(1);
  });
});

describe("a provider that refuses", () => {
  it.each(["key-refused", "quota", "no-key"] as const)(
    "a key (%s) is asked again after ten minutes, and nothing is asked at the full price",
    async (code) => {
      world.provider.refusal = noAnswer(code);
      const judge = world.asker();
      await askedOf(judge);
      world.start();
      world.clock.time += GATHER_MS;
      await expect.poll(() => world.faults.length).toBe(1);
      expect(world.faults[0]).toMatch(/took no batch for gpt-4o.*1 waiting for another batch/);
      world.provider.refusal = undefined;
      world.provider.isRunning = false;
      await pass(9 * MINUTE_MS);
      expect(world.provider.arrived).toEqual([]);
      await pass(3 * MINUTE_MS);
      expect(await askedOf(judge)).toBe("yes");
      expect(world.provider.live).toEqual([]);
    },
  );

  it("a batch after it has taken it has its questions asked at once, and says so once", async () => {
    world.provider.verdict = () => noAnswer("bad-request");
    world.provider.isRunning = false;
    const judge = world.asker();
    for (const number of [1, 2, 3]) await askedOf(judge, number);
    world.start();
    world.clock.time += GATHER_MS;
    await expect.poll(() => world.provider.arrived.length).toBe(1);
    world.clock.time += GATHER_MS;
    await expect.poll(() => world.faults).toEqual([expect.stringMatching(/takes no batch.*3 asked at once/)]);
    expect(await askedOf(judge, 2)).toBe("yes");
    // This one asked before that, and notes its waiting after it.
    await world.waits(3, NOON + DAY_MS);
    expect(await world.due()).toEqual([]);
    await pass(6 * MINUTE_MS);
    expect(await world.due()).toEqual([traceId(3)]);
    expect(await world.counts()).toEqual({ waiting: 0, sent: 0, batches: 0 });
  });

  it("a batch because too much is queued gets smaller ones after a while, and larger ones again when they bring answers", async () => {
    world.provider = new FakeProvider(1_000);
    world.provider.isRunning = false;
    world.provider.verdict = (keys) => (keys.length > 25 ? noAnswer("rate-limited") : undefined);
    const judge = world.asker();
    const content = "x".repeat(10_000);
    for (let number = 1; number <= 60; number += 1) {
      await judge.ask(question(number, { content: `${number} ${content}` }), NEVER);
    }
    world.start();
    await pass(10 * MINUTE_MS);
    expect(world.provider.submitted).toEqual([60]);
    await pass(2 * HOUR_MS);
    const [, second = 0, ...others] = world.provider.submitted;
    expect(second).toBeGreaterThan(25);
    expect(second).toBeLessThanOrEqual(30);
    expect(others.reduce((sum, size) => sum + size, 0)).toBeGreaterThanOrEqual(60);
    expect(await world.counts()).toEqual({ waiting: 0, sent: 0, batches: 0 });
    expect(world.faults).toEqual([]);
    expect(world.provider.live).toEqual([]);

    world.provider.verdict = undefined;
    for (let number = 61; number <= 90; number += 1) {
      await judge.ask(question(number, { content: `${number} ${content}` }), NEVER);
    }
    await pass(10 * MINUTE_MS);
    expect(Math.max(...world.provider.submitted.slice(-2))).toBeGreaterThan(25);
  });

  it("a batch for longer than there is time has its questions asked at once, too", async () => {
    world.provider.refusal = noAnswer("rate-limited", NOON + 13 * HOUR_MS);
    const judge = world.asker();
    await askedOf(judge);
    await world.waits(1, NOON + DAY_MS);
    world.start();
    await pass(12 * HOUR_MS + MINUTE_MS, 15 * MINUTE_MS);
    expect(await world.due()).toEqual([traceId(1)]);
    expect(await askedOf(judge)).toBe("yes");
    expect(world.provider.submitted).toEqual([1]);
    expect(world.faults).toEqual([expect.stringMatching(/No batch .* in time.*1 asked at once/)]);
  });
});

describe("several processes", () => {
  it("go on with other batches while one of them is held up", async () => {
    world.provider = new FakeProvider(1);
    const judge = world.asker();
    for (const number of [1, 2, 3]) await askedOf(judge, number);
    const sender = world.start();
    world.clock.time += GATHER_MS;
    await expect.poll(() => world.provider.arrived.length).toBe(3);
    await sender.stop();
    world.provider.isRunning = false;
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    let isHeld = false;
    world.provider.looked = () => {
      if (isHeld) return Promise.resolve();
      isHeld = true;
      return held;
    };
    world.clock.time += GATHER_MS;
    world.start();
    await expect.poll(() => isHeld).toBe(true);
    world.start(undefined, { store: world.newStore() });
    await expect.poll(async () => (await world.counts()).sent).toBe(1);
    release();
    await expect.poll(async () => (await world.counts()).sent).toBe(0);
  });

  it("tell an answer once and settle it once when two collect the same batch", async () => {
    const told: string[] = [];
    const settled: number[] = [];
    const tools = (name: string) => ({
      store: world.newStore(),
      onAnswered: () => ({
        kept: world.provider.answer("yes", { callTraceId: name }),
        tell: async () => {
          told.push(name);
        },
      }),
      budget: {
        reserve: async () => ({ day: "2026-11-20", purses: ["all"], usd: 1, tokens: 0 }),
        spent: () => {
          settled.push(1);
          return { usd: 0.25, tokens: 0 };
        },
        giveBack: async () => {},
      },
    });
    const first = tools("first");
    await world.store.reserveSpend({ day: "2026-11-20", purses: new Map([["all", {}]]), usd: 1, tokens: 0 });
    const judge = world.asker(undefined, { budget: first.budget });
    await askedOf(judge);
    const waiting: (() => void)[] = [];
    world.provider.isRunning = false;
    world.provider.looked = () => new Promise((resolve) => waiting.push(resolve));
    world.clock.time += GATHER_MS;
    world.start(undefined, first);
    await expect.poll(() => world.provider.arrived.length).toBe(1);
    world.clock.time += 2_000;
    await expect.poll(() => waiting.length).toBe(1);
    // Its lease ends while it looks.
    world.clock.time += 130_000;
    world.start(undefined, tools("second"));
    await expect.poll(() => waiting.length).toBe(2);
    for (const go of waiting) go();
    await expect.poll(async () => (await world.counts()).sent).toBe(0);
    await expect.poll(() => settled.length).toBe(2);
    await rounds();
    expect(told).toHaveLength(1);
    const kept = await judge.ask(question(), NEVER);
    expect(kept).toMatchObject({ callTraceId: told[0] });
    const none = { day: "2026-11-20", purses: new Map([["all", { usd: 0 }]]), usd: 1, tokens: 0 };
    expect(await world.store.reserveSpend(none)).toMatchObject({ spent: 0.25 });
  });
});

describe("what is left behind", () => {
  it("by a judge that is gone is said once, and let go of after a week", async () => {
    const judge = world.asker();
    await askedOf(judge, 1);
    const before = world.start();
    world.clock.time += GATHER_MS;
    await expect.poll(() => world.provider.arrived.length).toBe(1);
    await before.stop();
    await judge.ask(question(2, { withinMs: 2 * DAY_MS }), NEVER);
    world.start([]);
    await pass(HOUR_MS);
    expect(world.faults).toEqual([expect.stringContaining("not configured here")]);
    world.clock.time = NOON + 3 * DAY_MS + HOUR_MS;
    await expect.poll(world.waiting).toBe(0);
    expect((await world.counts()).batches).toBe(1);
    world.clock.time += 4 * DAY_MS;
    await world.inTime(async () => (await world.counts()).batches).toBe(0);
    expect(world.faults.slice(1)).toEqual([expect.stringMatching(/given up.*may be paid twice/)]);
    expect(await askedOf(judge, 1)).toBe("yes");
  });

  it("by a purge of all its questions is closed without being sent", async () => {
    const judge = world.asker();
    await askedOf(judge);
    const { store } = world;
    const formBatch: typeof store.formBatch = async (...batch) => {
      const formed = await store.formBatch(...batch);
      await store.purge({ traceId: traceId(1) });
      return formed;
    };
    const purging = new Proxy(store, {
      get: (target, name) => {
        const value: unknown = name === "formBatch" ? formBatch : Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    world.clock.time += GATHER_MS;
    world.start(undefined, { store: purging });
    await rounds();
    expect(await world.counts()).toEqual({ waiting: 0, sent: 0, batches: 0 });
    expect(world.provider.submitted).toEqual([]);
    expect(world.faults).toEqual([]);
  });
});

it("looks at a batch that is under way without reading its questions", async () => {
  await askedOf(world.asker());
  world.start();
  await pass(5 * MINUTE_MS);
  expect(world.provider.arrived).toHaveLength(1);
  expect(world.provider.loads).toBe(0);
});

it("puts no question into a batch that has less than half of the window left", async () => {
  const judge = world.asker();
  await askedOf(judge, 1);
  world.clock.time += 12 * HOUR_MS + 1;
  await askedOf(judge, 2);
  world.start();
  await pass(2 * MINUTE_MS);
  expect(world.provider.arrived).toMatchObject([{ keys: [expect.any(String)] }]);
  expect(await askedOf(judge, 1)).toBe("yes");
  expect(await askedOf(judge, 2)).toBe("batched");
});

it("sends questions for judges with other keys in batches of their own", () => {
  const [europe, america] = [new FakeProvider(), new FakeProvider()];
  europe.account = "KEY_EU";
  america.account = "KEY_US";
  const judges = [europe.judge({ identity: "same" }), america.judge({ identity: "same" })];
  expect([...batchLanes(judges).keys()]).toEqual(
    [europe, america].map((batches) => laneOf({ identity: "same", batches })),
  );
  expect(batchLanes(judges).size).toBe(2);
});
