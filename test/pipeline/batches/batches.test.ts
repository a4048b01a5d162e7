import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { type Answer, isAnswer, type Judge, type NoAnswer, type Question } from "../../../src/core/judge.ts";
import { askJudge } from "../../../src/judges/ask-judge.ts";
import { type AskLaterOptions, askLater } from "../../../src/pipeline/batches/ask-later.ts";
import { batchLanes } from "../../../src/pipeline/batches/batch-lanes.ts";
import { type BatchLoop, startBatches } from "../../../src/pipeline/batches/batch-loop.ts";
import { laterBudget } from "../../../src/pipeline/batches/later-budget.ts";
import type { BatchTools } from "../../../src/pipeline/batches/send-batch.ts";
import { rememberAnswers } from "../../../src/pipeline/remember-answers.ts";
import { openDatabase } from "../../../src/store/open-database.ts";
import { SqliteStore } from "../../../src/store/sqlite-store.ts";
import type { StateDatabase } from "../../../src/store/state-database.ts";
import { temporaryFolder } from "../../store/temporary-folder.ts";
import { DAY_MS, FakeProvider, HOUR_MS, noAnswer } from "./fake-provider.ts";

const NOON = Date.parse("2026-11-20T12:00:00Z");
const GATHER_MS = 60_000;
const NEVER = new AbortController().signal;

let folder: ReturnType<typeof temporaryFolder>;
let databases: StateDatabase[];
let store: SqliteStore;
let provider: FakeProvider;
let loops: BatchLoop[];
let faults: string[];
const clock = { time: NOON, now: () => clock.time };

beforeEach(() => {
  clock.time = NOON;
  folder = temporaryFolder();
  databases = [];
  loops = [];
  faults = [];
  store = newStore();
  provider = new FakeProvider();
});
afterEach(async () => {
  await Promise.all(loops.map((loop) => loop.stop()));
  for (const database of databases) database.close();
  folder.remove();
});

function newStore(): SqliteStore {
  const database = openDatabase(folder.path);
  databases.push(database);
  return new SqliteStore(database);
}

function asker(judge: Judge = provider.judge(), more: Partial<AskLaterOptions> = {}): Judge {
  return askLater(rememberAnswers(judge, store, clock), { store, clock, withinMs: DAY_MS, ...more });
}

function start(judges: readonly Judge[] = [provider.judge()], more: Partial<BatchTools> = {}): BatchLoop {
  const loop = startBatches({
    store,
    clock,
    lanes: batchLanes(judges),
    gatherMs: GATHER_MS,
    lookMs: 1_000,
    everyMs: 1,
    onFault: (error) => faults.push(String(error)),
    ...more,
  });
  loops.push(loop);
  return loop;
}

const traceId = (number: number) => number.toString(16).padStart(32, "0");
function question(number = 1, more: Partial<Question> = {}): Question {
  return {
    scorer: "resolved",
    version: "1",
    instructions: "Was it done?",
    content: `record ${number}`,
    labels: ["yes", "no", "cannot_judge"],
    subject: traceId(number),
    ...more,
  };
}

/** Looks again and again while time passes. */
const inTime = <Seen>(look: () => Promise<Seen>) =>
  expect.poll(() => {
    clock.time += GATHER_MS;
    return look();
  });
const codeOf = (result: Answer | NoAnswer) => (isAnswer(result) ? result.label : result.unscored.code);
const askedOf = async (judge: Judge, number = 1) => codeOf(await judge.ask(question(number), NEVER));
/** The ledger has a scorer that waits for the answer about a trace. */
async function waits(number: number, retryAt: number, scorer = "resolved") {
  const row = { revision: 1, scorer, version: "1", state: "waiting", code: "batched" } as const;
  await store.record([
    { subject: traceId(number), ...row, reason: null, attempts: 0, at: clock.time, retryAt },
  ]);
}
const due = async () =>
  (await store.claimDue(clock.time, { limit: 10, leaseMs: 1 })).map((one) => one.traceId).toSorted();
const counts = () => store.laterCounts();

describe("a judge whose answers have time", () => {
  it("leaves questions to a batch, which is sent when it has gathered, and has the answers when it has ended", async () => {
    const judge = asker();
    const first = await judge.ask(question(1), NEVER);
    expect(first).toMatchObject({ unscored: { code: "batched", retryAt: NOON + DAY_MS }, calls: 0 });
    await waits(1, NOON + DAY_MS);
    await waits(2, NOON + DAY_MS);
    await waits(2, NOON + DAY_MS, "another");
    clock.time += GATHER_MS - 1;
    await askedOf(judge, 2);
    start();
    await expect.poll(async () => (await counts()).waiting).toBe(2);
    expect(provider.arrived).toEqual([]);
    clock.time += 1;
    await expect.poll(counts).toEqual({ waiting: 0, sent: 2, batches: 1 });
    expect(await askedOf(judge, 1)).toBe("batched");
    expect(await due()).toEqual([]);

    provider.isRunning = false;
    clock.time += HOUR_MS;
    await expect.poll(due).toEqual([traceId(1), traceId(2)]);
    expect(await judge.ask(question(1), NEVER)).toMatchObject({
      label: "yes",
      cost: 0.005,
      remembered: true,
    });
    expect(await askedOf(judge, 2)).toBe("yes");
    expect(provider.arrived).toMatchObject([{ keys: [expect.any(String), expect.any(String)] }]);
    expect(provider.live).toEqual([]);
    clock.time += HOUR_MS;
    await expect.poll(counts).toEqual({ waiting: 0, sent: 0, batches: 0 });
  });

  it("wakes once more who noted the waiting while the answer came", async () => {
    const judge = asker();
    await askedOf(judge);
    provider.isRunning = false;
    start();
    await inTime(() => askedOf(judge)).toBe("yes");
    await waits(1, NOON + DAY_MS);
    expect(await due()).toEqual([]);
    clock.time += HOUR_MS;
    await expect.poll(due).toEqual([traceId(1)]);
  });

  it("asks at once where there is no time for a batch, or no batch", async () => {
    expect(await askedOf(asker(provider.judge(), { withinMs: DAY_MS - 1 }))).toBe("yes");
    const hasTime = await asker().ask(question(2, { withinMs: 0 }), NEVER);
    expect(codeOf(hasTime)).toBe("yes");
    const { batches: _none, ...without } = provider.judge();
    expect(await askedOf(asker(without), 3)).toBe("yes");
    expect(provider.live).toHaveLength(3);
    expect(await counts()).toMatchObject({ waiting: 0 });
  });

  it("puts an equal question about two traces once, and wakes both", async () => {
    const judge = asker();
    for (const number of [1, 2]) {
      await judge.ask(question(1, { subject: traceId(number) }), NEVER);
      await waits(number, NOON + DAY_MS);
    }
    provider.isRunning = false;
    start();
    await inTime(due).toEqual([traceId(1), traceId(2)]);
    expect(provider.arrived).toMatchObject([{ keys: [expect.any(String)] }]);
  });

  it("sends a full batch without waiting for more", async () => {
    provider = new FakeProvider(2);
    const judge = asker();
    for (const number of [1, 2, 3]) await askedOf(judge, number);
    start();
    await expect.poll(() => provider.arrived.map(({ keys }) => keys.length)).toEqual([2, 1]);
  });

  it("puts what a batch did not come to into another one while there is time, and then asks it at once", async () => {
    provider.isRunning = false;
    provider.resultOf = () => "not-asked";
    const judge = asker();
    await askedOf(judge);
    start();
    clock.time += GATHER_MS;
    await expect.poll(() => provider.arrived.length).toBe(1);
    clock.time += HOUR_MS;
    await expect.poll(() => provider.arrived.length).toBe(2);
    clock.time += DAY_MS;
    await expect.poll(() => askedOf(judge)).toBe("yes");
    expect(provider.arrived).toHaveLength(2);
    expect(provider.live).toHaveLength(1);
    expect(await askedOf(judge)).toBe("yes");
    expect(provider.live).toHaveLength(1);
  });

  it("keeps what was paid for without an answer, and asks for it again as its second try says", async () => {
    provider.isRunning = false;
    provider.resultOf = ({ secondTry }) =>
      secondTry
        ? provider.answer("no")
        : { ...noAnswer("cut"), secondTry: { kind: "more-output" }, cost: 1, usage: {} };
    const judge = asker();
    const ask = async () => codeOf(await askJudge(judge, question(), NEVER));
    expect(await ask()).toBe("batched");
    start();
    clock.time += HOUR_MS;
    await expect.poll(() => provider.arrived.length).toBe(1);
    clock.time += HOUR_MS;
    await expect.poll(async () => (await askedOf(judge)) === "cut").toBe(true);
    expect(await ask()).toBe("batched");
    clock.time += HOUR_MS;
    await expect.poll(() => provider.arrived.length).toBe(2);
    clock.time += HOUR_MS;
    await expect.poll(ask).toBe("no");
    expect(provider.live).toEqual([]);
  });

  it("asks the strong tier in a batch of its own where the cheap one was not sure", async () => {
    provider.isRunning = false;
    const strongProvider = new FakeProvider();
    strongProvider.isRunning = false;
    strongProvider.resultOf = () => strongProvider.answer("no");
    provider.resultOf = () => provider.answer("yes", { probabilities: { yes: 0.6, no: 0.4 } });
    const strong = strongProvider.judge({ identity: "strong" });
    const cascade = { ...provider.judge(), stronger: { judge: strong, acceptAbove: 0.9 } };
    const judge = asker(cascade);
    const ask = async () => codeOf(await askJudge(judge, question(), NEVER));
    expect(await ask()).toBe("batched");
    start([cascade]);
    await inTime(ask).toBe("no");
    expect([provider.arrived.length, strongProvider.arrived.length]).toEqual([1, 1]);
  });
});

function bound(target: object, name: string | symbol): unknown {
  const value: unknown = Reflect.get(target, name);
  return typeof value === "function" ? value.bind(target) : value;
}

describe("batches and what goes wrong", () => {
  it("finds a batch again whose sender never heard that it arrived, and does not send it twice", async () => {
    provider.losesReplies = true;
    provider.isRunning = false;
    const judge = asker();
    await askedOf(judge);
    start();
    clock.time += GATHER_MS;
    await expect.poll(() => provider.arrived.length).toBe(1);
    provider.losesReplies = false;
    clock.time += HOUR_MS;
    await expect.poll(() => askedOf(judge)).toBe("yes");
    expect(provider.arrived).toHaveLength(1);
  });

  it("sends a batch again that never arrived", async () => {
    provider.refusal = noAnswer("provider-down", NOON + HOUR_MS);
    const judge = asker();
    await askedOf(judge);
    start();
    clock.time += GATHER_MS;
    await expect.poll(counts).toMatchObject({ waiting: 0, sent: 1 });
    provider.refusal = undefined;
    provider.isRunning = false;
    clock.time += HOUR_MS;
    await expect.poll(() => provider.arrived.length).toBe(1);
    clock.time += HOUR_MS;
    await expect.poll(() => askedOf(judge)).toBe("yes");
    expect(provider.arrived).toHaveLength(1);
  });

  it("is taken over from a process that died while it sent, after its lease", async () => {
    const judge = asker();
    await askedOf(judge);
    clock.time += GATHER_MS;
    // Dead between the provider's reply and the note of it.
    const dying = new Proxy(store, {
      get: (target, name) => (name === "batchSent" ? () => new Promise(() => {}) : bound(target, name)),
    });
    void start(undefined, { store: dying });
    loops.pop();
    await expect.poll(() => provider.arrived.length).toBe(1);
    start();
    provider.isRunning = false;
    clock.time += 599_000;
    await expect.poll(() => askedOf(judge)).toBe("batched");
    clock.time += HOUR_MS;
    await expect.poll(() => askedOf(judge)).toBe("yes");
    expect(provider.arrived).toHaveLength(1);
  });

  it("waits as long as the provider says when it takes no more for now", async () => {
    provider.refusal = noAnswer("rate-limited", NOON + HOUR_MS);
    const judge = asker();
    await askedOf(judge);
    start();
    clock.time += GATHER_MS;
    await expect.poll(counts).toEqual({ waiting: 1, sent: 0, batches: 0 });
    provider.refusal = undefined;
    expect(await askedOf(judge)).toBe("batched");
    expect(provider.arrived).toEqual([]);
    clock.time = NOON + HOUR_MS;
    await expect.poll(() => provider.arrived.length).toBe(1);
  });

  it("holds the lane back when a batch that was taken is refused as a whole for now", async () => {
    provider.isRunning = false;
    provider.resultOf = () => noAnswer("rate-limited");
    const judge = asker();
    await askedOf(judge);
    start();
    clock.time += GATHER_MS;
    await expect.poll(() => provider.arrived.length).toBe(1);
    clock.time += GATHER_MS;
    await expect.poll(async () => (await counts()).waiting).toBe(1);
    provider.resultOf = () => provider.answer("yes");
    clock.time += 500_000;
    expect(await askedOf(judge)).toBe("batched");
    expect(provider.arrived).toHaveLength(1);
    await inTime(() => askedOf(judge)).toBe("yes");
    expect(provider.arrived).toHaveLength(2);
    expect(provider.live).toEqual([]);
  });

  it("asks at once what is overdue and was never sent", async () => {
    const judge = asker();
    await askedOf(judge);
    clock.time += DAY_MS;
    expect(await askedOf(judge)).toBe("yes");
    expect(provider.live).toHaveLength(1);
    start();
    await expect.poll(counts).toEqual({ waiting: 0, sent: 0, batches: 0 });
    expect(provider.arrived).toEqual([]);
  });

  it("asks at once, and says so, where the provider takes no batches", async () => {
    provider.refusal = noAnswer("unknown-model");
    const judge = asker();
    await askedOf(judge);
    await waits(1, NOON + DAY_MS);
    start();
    clock.time += GATHER_MS;
    await expect.poll(due).toEqual([traceId(1)]);
    expect(faults).toEqual([
      expect.stringMatching(/takes no batch for gpt-4o.*asked at once, at the full price/),
    ]);
    expect(await askedOf(judge)).toBe("yes");
    expect(provider.live).toHaveLength(1);
  });

  it("asks at once what a provider no longer knows, and says that it may be paid twice", async () => {
    const judge = asker();
    await askedOf(judge);
    provider.isGone = true;
    start();
    clock.time += GATHER_MS;
    await expect.poll(counts).toMatchObject({ sent: 1 });
    clock.time += HOUR_MS;
    await expect.poll(() => askedOf(judge)).toBe("yes");
    expect(faults).toEqual([expect.stringContaining("may be paid twice")]);
  });

  it("asks at once where a batch brought something that is no answer and would not be paid for", async () => {
    provider.isRunning = false;
    provider.resultOf = () => noAnswer("bad-request");
    const judge = asker();
    await askedOf(judge);
    start();
    clock.time += GATHER_MS;
    await expect.poll(counts).toMatchObject({ sent: 1 });
    clock.time += HOUR_MS;
    await expect.poll(() => askedOf(judge)).toBe("yes");
    expect(provider.live).toHaveLength(1);
  });

  it("sends every question once from several processes", async () => {
    provider = new FakeProvider(7);
    const judge = asker();
    for (let number = 1; number <= 60; number += 1) await askedOf(judge, number);
    clock.time += GATHER_MS;
    provider.isRunning = false;
    for (let process = 0; process < 3; process += 1) start(undefined, { store: newStore() });
    await expect.poll(() => provider.arrived.flatMap(({ keys }) => keys).length).toBe(60);
    expect(new Set(provider.arrived.flatMap(({ keys }) => keys)).size).toBe(60);
    clock.time += HOUR_MS;
    await expect.poll(async () => (await counts()).sent).toBe(0);
    for (let number = 1; number <= 60; number += 1) expect(await askedOf(judge, number)).toBe("yes");
    expect(provider.live).toEqual([]);
  });

  it("forgets questions about a trace that was purged, also those in a batch", async () => {
    const judge = asker();
    await askedOf(judge, 1);
    start();
    clock.time += GATHER_MS;
    await expect.poll(counts).toMatchObject({ sent: 1 });
    await store.purge({ traceId: traceId(1) }, { at: clock.time, until: clock.time + DAY_MS });
    provider.isRunning = false;
    await inTime(async () => (await counts()).batches).toBe(0);
    expect(await store.meanCost("resolved")).toBeNull();
  });
});

describe("the budget of questions in batches", () => {
  // gpt-4o: 2.5 and 10 USD per million; a question of 11,200 characters is guessed at 0.01 USD, in a batch at 0.005.
  const long = (number: number) =>
    question(number, { instructions: "i".repeat(5_600), content: `${number}`.padEnd(5_600) });
  const budgetOf = (usd: number) => {
    const budget = { all: { usd }, perScorer: {}, perTenant: {}, ordinaryShare: 1, carryOver: false };
    return laterBudget({ budget, store, clock, random: () => 0.5 });
  };

  it("takes half the price before, and settles what it has cost", async () => {
    const budget = budgetOf(0.0101);
    const judge = asker(provider.judge(), { budget });
    const ask = async (number: number) => codeOf(await judge.ask(long(number), NEVER));
    expect([await ask(1), await ask(2), await ask(3), await ask(1)]).toEqual([
      "batched",
      "batched",
      "over-budget",
      "batched",
    ]);
    provider.isRunning = false;
    provider.resultOf = () => provider.answer("yes", { cost: 0.002 });
    start(undefined, { budget });
    await inTime(() => ask(1)).toBe("yes");
    expect(await ask(3)).toBe("batched");
  });

  it("gives back what a question that is asked at once after all had taken", async () => {
    const budget = budgetOf(0.0051);
    const judge = asker(provider.judge(), { budget });
    expect(codeOf(await judge.ask(long(1), NEVER))).toBe("batched");
    provider.refusal = noAnswer("unknown-model");
    start(undefined, { budget });
    clock.time += GATHER_MS;
    await expect.poll(() => faults.length).toBe(1);
    await expect.poll(async () => codeOf(await judge.ask(long(2), NEVER))).toBe("batched");
  });
});
