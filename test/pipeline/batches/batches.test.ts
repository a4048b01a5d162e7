import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { askJudge } from "../../../src/judges/ask-judge.ts";
import { answerKey } from "../../../src/pipeline/remember-answers.ts";
import { askedOf, BatchWorld, codeOf, GATHER_MS, NEVER, NOON, question, traceId } from "./batch-world.ts";
import { DAY_MS, FakeProvider, HOUR_MS, noAnswer } from "./fake-provider.ts";

let world: BatchWorld;
beforeEach(() => {
  world = new BatchWorld();
});
afterEach(() => world.end());

describe("a judge whose answers have time", () => {
  it("leaves questions to a batch, which is sent when it has gathered, and has the answers when it has ended", async () => {
    const judge = world.asker();
    const first = await judge.ask(question(1), NEVER);
    expect(first).toMatchObject({ unscored: { code: "batched", retryAt: NOON + DAY_MS }, calls: 0 });
    await world.waits(1, NOON + DAY_MS);
    await world.waits(2, NOON + DAY_MS);
    await world.waits(2, NOON + DAY_MS, "another");
    world.clock.time += GATHER_MS - 1;
    await askedOf(judge, 2);
    world.start();
    await expect.poll(async () => (await world.counts()).waiting).toBe(2);
    expect(world.provider.arrived).toEqual([]);
    world.clock.time += 1;
    await expect.poll(() => world.counts()).toEqual({ waiting: 0, sent: 2, batches: 1 });
    expect(await askedOf(judge, 1)).toBe("batched");
    expect(await world.due()).toEqual([]);

    world.provider.isRunning = false;
    world.clock.time += HOUR_MS;
    await expect.poll(() => world.due()).toEqual([traceId(1), traceId(2)]);
    expect(await judge.ask(question(1), NEVER)).toMatchObject({
      label: "yes",
      cost: 0.005,
      remembered: true,
    });
    expect(await askedOf(judge, 2)).toBe("yes");
    expect(world.provider.arrived).toMatchObject([{ keys: [expect.any(String), expect.any(String)] }]);
    expect(world.provider.live).toEqual([]);
    world.clock.time += HOUR_MS;
    await expect.poll(() => world.counts()).toEqual({ waiting: 0, sent: 0, batches: 0 });
  });

  it("wakes once more who noted the waiting while the answer came", async () => {
    const judge = world.asker();
    await askedOf(judge);
    world.provider.isRunning = false;
    world.start();
    await world.inTime(() => askedOf(judge)).toBe("yes");
    await world.waits(1, NOON + DAY_MS);
    expect(await world.due()).toEqual([]);
    world.clock.time += HOUR_MS;
    await expect.poll(() => world.due()).toEqual([traceId(1)]);
  });

  it("asks at once where there is no time for a batch, or no batch", async () => {
    expect(await askedOf(world.asker(world.provider.judge(), { withinMs: DAY_MS - 1 }))).toBe("yes");
    const hasTime = await world.asker().ask(question(2, { withinMs: 0 }), NEVER);
    expect(codeOf(hasTime)).toBe("yes");
    const { batches: _none, ...without } = world.provider.judge();
    expect(await askedOf(world.asker(without), 3)).toBe("yes");
    expect(world.provider.live).toHaveLength(3);
    expect(await world.counts()).toMatchObject({ waiting: 0 });
  });

  it("puts an equal question about two traces once, and wakes both", async () => {
    const judge = world.asker();
    for (const number of [1, 2]) {
      await judge.ask(question(1, { subject: traceId(number) }), NEVER);
      await world.waits(number, NOON + DAY_MS);
    }
    world.provider.isRunning = false;
    world.start();
    await world.inTime(() => world.due()).toEqual([traceId(1), traceId(2)]);
    expect(world.provider.arrived).toMatchObject([{ keys: [expect.any(String)] }]);
  });

  it("sends a full batch without waiting for more", async () => {
    world.provider = new FakeProvider(2);
    const judge = world.asker();
    for (const number of [1, 2, 3]) await askedOf(judge, number);
    world.start();
    await expect.poll(() => world.provider.arrived.map(({ keys }) => keys.length)).toEqual([2, 1]);
  });

  it("puts what a batch did not come to into another one while there is time, and then asks it at once", async () => {
    world.provider.isRunning = false;
    world.provider.resultOf = () => "not-asked";
    const judge = world.asker();
    await askedOf(judge);
    world.start();
    world.clock.time += GATHER_MS;
    await expect.poll(() => world.provider.arrived.length).toBe(1);
    await world.inTime(async () => world.provider.arrived.length).toBe(2);
    world.clock.time += DAY_MS;
    await expect.poll(() => askedOf(judge)).toBe("yes");
    expect(world.provider.arrived).toHaveLength(2);
    expect(world.provider.live).toHaveLength(1);
    expect(await askedOf(judge)).toBe("yes");
    expect(world.provider.live).toHaveLength(1);
  });

  it("keeps what was paid for without an answer, and asks for it again as its second try says", async () => {
    world.provider.isRunning = false;
    world.provider.resultOf = ({ secondTry }) =>
      secondTry
        ? world.provider.answer("no")
        : { ...noAnswer("cut"), secondTry: { kind: "more-output" }, cost: 1, usage: {} };
    const judge = world.asker();
    const ask = async () => codeOf(await askJudge(judge, question(), NEVER));
    expect(await ask()).toBe("batched");
    world.start();
    world.clock.time += HOUR_MS;
    await expect.poll(() => world.provider.arrived.length).toBe(1);
    world.clock.time += HOUR_MS;
    await expect.poll(async () => (await askedOf(judge)) === "cut").toBe(true);
    expect(await ask()).toBe("batched");
    world.clock.time += HOUR_MS;
    await expect.poll(() => world.provider.arrived.length).toBe(2);
    world.clock.time += HOUR_MS;
    await expect.poll(ask).toBe("no");
    expect(world.provider.live).toEqual([]);
  });

  it("asks the strong tier in a batch of its own where the cheap one was not sure", async () => {
    world.provider.isRunning = false;
    const strongProvider = new FakeProvider();
    strongProvider.isRunning = false;
    strongProvider.resultOf = () => strongProvider.answer("no");
    world.provider.resultOf = () => world.provider.answer("yes", { probabilities: { yes: 0.6, no: 0.4 } });
    const strong = strongProvider.judge({ identity: "strong" });
    const cascade = { ...world.provider.judge(), stronger: { judge: strong, acceptAbove: 0.9 } };
    const judge = world.asker(cascade);
    const ask = async () => codeOf(await askJudge(judge, question(), NEVER));
    expect(await ask()).toBe("batched");
    world.start([cascade]);
    await world.inTime(ask).toBe("no");
    expect([world.provider.arrived.length, strongProvider.arrived.length]).toEqual([1, 1]);
  });
});

function bound(target: object, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name);
  return typeof value === "function" ? value.bind(target) : value;
}

describe("batches and what goes wrong", () => {
  it("finds a batch again whose sender never heard that it arrived, and does not send it twice", async () => {
    world.provider.losesReplies = true;
    world.provider.isRunning = false;
    const judge = world.asker();
    await askedOf(judge);
    world.start();
    world.clock.time += GATHER_MS;
    await expect.poll(() => world.provider.arrived.length).toBe(1);
    world.provider.losesReplies = false;
    world.clock.time += HOUR_MS;
    await expect.poll(() => askedOf(judge)).toBe("yes");
    expect(world.provider.arrived).toHaveLength(1);
  });

  it("sends a batch again that never arrived", async () => {
    world.provider.refusal = noAnswer("provider-down", NOON + HOUR_MS);
    const judge = world.asker();
    await askedOf(judge);
    world.start();
    world.clock.time += GATHER_MS;
    await expect.poll(() => world.counts()).toMatchObject({ waiting: 0, sent: 1 });
    world.provider.refusal = undefined;
    world.provider.isRunning = false;
    world.clock.time += HOUR_MS;
    await expect.poll(() => world.provider.arrived.length).toBe(1);
    world.clock.time += HOUR_MS;
    await expect.poll(() => askedOf(judge)).toBe("yes");
    expect(world.provider.arrived).toHaveLength(1);
  });

  it("is taken over from a process that died while it sent, after its lease", async () => {
    const judge = world.asker();
    await askedOf(judge);
    world.clock.time += GATHER_MS;
    // Dead between the provider's reply and the note of it.
    const dying = new Proxy(world.store, {
      get: (target, name) => (name === "batchSent" ? () => new Promise(() => {}) : bound(target, name)),
    });
    world.startDying(undefined, { store: dying });
    await expect.poll(() => world.provider.arrived.length).toBe(1);
    world.start();
    world.provider.isRunning = false;
    world.clock.time += 599_000;
    await expect.poll(() => askedOf(judge)).toBe("batched");
    world.clock.time += HOUR_MS;
    await expect.poll(() => askedOf(judge)).toBe("yes");
    expect(world.provider.arrived).toHaveLength(1);
  });

  it("waits as long as the provider says when it takes no more for now", async () => {
    world.provider.refusal = noAnswer("rate-limited", NOON + HOUR_MS);
    const judge = world.asker();
    await askedOf(judge);
    world.start();
    world.clock.time += GATHER_MS;
    await expect.poll(() => world.counts()).toEqual({ waiting: 1, sent: 0, batches: 0 });
    world.provider.refusal = undefined;
    expect(await askedOf(judge)).toBe("batched");
    expect(world.provider.arrived).toEqual([]);
    world.clock.time = NOON + HOUR_MS;
    await expect.poll(() => world.provider.arrived.length).toBe(1);
  });

  it("holds the lane back when a batch that was taken is refused as a whole for now", async () => {
    world.provider.isRunning = false;
    world.provider.resultOf = () => noAnswer("rate-limited");
    const judge = world.asker();
    await askedOf(judge);
    world.start();
    world.clock.time += GATHER_MS;
    await expect.poll(() => world.provider.arrived.length).toBe(1);
    world.clock.time += GATHER_MS;
    await expect.poll(async () => (await world.counts()).waiting).toBe(1);
    world.provider.resultOf = () => world.provider.answer("yes");
    world.clock.time += 500_000;
    expect(await askedOf(judge)).toBe("batched");
    expect(world.provider.arrived).toHaveLength(1);
    await world.inTime(() => askedOf(judge)).toBe("yes");
    expect(world.provider.arrived).toHaveLength(2);
    expect(world.provider.live).toEqual([]);
  });

  it("asks at once what is overdue and was never sent", async () => {
    const judge = world.asker();
    await askedOf(judge);
    world.clock.time += DAY_MS;
    expect(await askedOf(judge)).toBe("yes");
    expect(world.provider.live).toHaveLength(1);
    world.start();
    await expect.poll(() => world.counts()).toEqual({ waiting: 0, sent: 0, batches: 0 });
    expect(world.provider.arrived).toEqual([]);
  });

  it("asks what is overdue at once also when the first call brings a fault that passes", async () => {
    const calls = [noAnswer("rate-limited"), world.provider.answer("yes")];
    const ask = async () => calls.shift() ?? noAnswer("bad-request");
    const judge = world.asker({ ...world.provider.judge(), ask });
    await askedOf(judge);
    world.clock.time += DAY_MS;
    expect(await askedOf(judge)).toBe("rate-limited");
    world.clock.time += GATHER_MS;
    expect(await askedOf(judge)).toBe("yes");
    expect(await world.store.isLeft(answerKey(judge, question()))).toBe(false);
  });

  it("asks at once, and says so, where the provider takes no batches", async () => {
    world.provider.refusal = noAnswer("unknown-model");
    const judge = world.asker();
    await askedOf(judge);
    await world.waits(1, NOON + DAY_MS);
    world.start();
    world.clock.time += GATHER_MS;
    await expect.poll(() => world.due()).toEqual([traceId(1)]);
    expect(world.faults).toEqual([
      expect.stringMatching(/takes no batch for gpt-4o.*asked at once, at the full price/),
    ]);
    expect(await askedOf(judge)).toBe("yes");
    expect(world.provider.live).toHaveLength(1);
  });

  it("asks at once what a provider no longer knows, and says that it may be paid twice", async () => {
    const judge = world.asker();
    await askedOf(judge);
    world.provider.isGone = true;
    world.start();
    await world.pass(HOUR_MS);
    expect(await askedOf(judge)).toBe("batched");
    await world.pass(HOUR_MS);
    expect(world.faults).toEqual([
      expect.stringContaining("seems to be gone"),
      expect.stringContaining("may be paid twice"),
    ]);
    expect(await askedOf(judge)).toBe("yes");
  });

  it("waits for a batch that a provider does not know for a while", async () => {
    const judge = world.asker();
    await askedOf(judge);
    world.start();
    for (let time = 0; time < 3; time += 1) {
      world.provider.isGone = true;
      await world.pass(HOUR_MS / 2);
      world.provider.isGone = false;
      await world.pass(HOUR_MS / 2);
    }
    world.provider.isRunning = false;
    await world.pass(HOUR_MS);
    expect(await askedOf(judge)).toBe("yes");
    expect(world.provider.live).toEqual([]);
    expect(world.faults).toEqual(Array(3).fill(expect.stringContaining("seems to be gone")));
  });

  it("asks at once where a batch brought something that is no answer and would not be paid for", async () => {
    world.provider.isRunning = false;
    world.provider.resultOf = () => noAnswer("bad-request");
    const judge = world.asker();
    await askedOf(judge);
    world.start();
    world.clock.time += GATHER_MS;
    await expect.poll(() => world.counts()).toMatchObject({ sent: 1 });
    world.clock.time += HOUR_MS;
    await expect.poll(() => askedOf(judge)).toBe("yes");
    expect(world.provider.live).toHaveLength(1);
  });

  it("sends every question once from several processes", async () => {
    world.provider = new FakeProvider(7);
    const judge = world.asker();
    for (let number = 1; number <= 60; number += 1) await askedOf(judge, number);
    world.clock.time += GATHER_MS;
    world.provider.isRunning = false;
    for (let process = 0; process < 3; process += 1) world.start(undefined, { store: world.newStore() });
    await expect.poll(() => world.provider.arrived.flatMap(({ keys }) => keys).length).toBe(60);
    expect(new Set(world.provider.arrived.flatMap(({ keys }) => keys)).size).toBe(60);
    world.clock.time += HOUR_MS;
    await expect.poll(async () => (await world.counts()).sent).toBe(0);
    for (let number = 1; number <= 60; number += 1) expect(await askedOf(judge, number)).toBe("yes");
    expect(world.provider.live).toEqual([]);
  });

  it("forgets questions about a trace that was purged, also those in a batch", async () => {
    const judge = world.asker();
    await askedOf(judge, 1);
    world.start();
    world.clock.time += GATHER_MS;
    await expect.poll(() => world.counts()).toMatchObject({ sent: 1 });
    await world.store.purge(
      { traceId: traceId(1) },
      { at: world.clock.time, until: world.clock.time + DAY_MS },
    );
    world.provider.isRunning = false;
    await world.inTime(async () => (await world.counts()).batches).toBe(0);
    expect(await world.store.meanCost("resolved")).toBeNull();
  });
});
