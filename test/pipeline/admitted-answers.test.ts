import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { systemClock } from "../../src/core/clock.ts";
import type { Question } from "../../src/core/judge.ts";
import { budgetJudge } from "../../src/pipeline/budget-judge.ts";
import { paceJudge } from "../../src/pipeline/pace-judge.ts";
import { answerKey, rememberAnswers } from "../../src/pipeline/remember-answers.ts";
import { MemoryLimiter } from "../../src/store/memory-limiter.ts";
import { openDatabase } from "../../src/store/open-database.ts";
import { SqliteStore } from "../../src/store/sqlite-store.ts";
import type { StateDatabase } from "../../src/store/state-database.ts";
import { scriptedJudge } from "../../src/testing/scripted-judge.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";

const LANE = "scripted scripted";
const NOTHING = { input: 0, output: 0 };
const DAY = { usd: 0, tokens: 0, day: new Date().toISOString().slice(0, 10) };
const question: Question = {
  scorer: "resolved",
  version: "1",
  instructions: "Was it done?",
  content: "record",
  labels: ["yes", "no", "cannot_judge"],
  subject: "a".repeat(32),
};

describe("answers of a judge whose calls wait for their turn", () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let database: StateDatabase;
  let store: SqliteStore;
  let limiter: MemoryLimiter;
  beforeEach(() => {
    folder = temporaryFolder();
    database = openDatabase(folder.path);
    store = new SqliteStore(database);
    limiter = new MemoryLimiter({ limits: { requests: 600 }, share: 1 }, systemClock);
  });
  afterEach(() => {
    database.close();
    folder.remove();
  });
  const judgeOf = () => {
    const scripted = scriptedJudge(() => ({ label: "yes", usage: { inputTokens: 10, outputTokens: 5 } }));
    const paced = paceJudge(scripted, { limiter, clock: systemClock, holdMs: 60_000 });
    const budget = {
      all: { tokens: 1_000 },
      perScorer: {},
      perTenant: {},
      ordinaryShare: 1,
      carryOver: false,
    };
    const paid = budgetJudge(paced, { budget, store, clock: systemClock });
    return { scripted, remembering: rememberAnswers(paid, store, systemClock) };
  };
  const claim = {
    holder: "another",
    leaseMs: 60_000,
    now: systemClock.now(),
    scorer: "resolved",
    subject: null,
  };
  const taken = async () =>
    (await store.reserveSpend({ ...DAY, purses: new Map([["all", { tokens: -1 }]]) }))?.spent;

  it("claim nothing while they wait, so that a process that dies meanwhile leaves no doubt", async () => {
    await limiter.pause(LANE, systemClock.now() + 60_000);
    const { scripted, remembering } = judgeOf();
    const stop = new AbortController();
    const waiting = remembering.ask(question, stop.signal);
    await expect.poll(taken).toBeGreaterThan(0);
    const key = answerKey(scripted, question);
    expect(await store.beginAnswer(key, claim)).toEqual({ state: "claimed", inDoubt: false });
    stop.abort();
    await waiting;
    // Its place and its money went back.
    await expect.poll(taken).toBe(0);
    expect(scripted.questions()).toHaveLength(0);
  });

  it("come from the store at once, also in a lane that is paused", async () => {
    const { scripted, remembering } = judgeOf();
    const { signal } = new AbortController();
    await remembering.ask(question, signal);
    await limiter.pause(LANE, systemClock.now() + 60_000);
    expect(await judgeOf().remembering.ask(question, signal)).toMatchObject({
      label: "yes",
      remembered: true,
    });
    expect(scripted.questions()).toHaveLength(1);
    expect(await taken()).toBe(15);
  });

  it("give back what they took when somebody else is asking already", async () => {
    const { scripted, remembering } = judgeOf();
    const { signal } = new AbortController();
    const key = answerKey(scripted, question);
    await store.beginAnswer(key, { ...claim, now: systemClock.now() });
    const waiting = remembering.ask(question, signal);
    const told = { label: "no", rationale: "", evidence: [], model: "m", usage: {} };
    await expect.poll(taken).toBe(0);
    await store.settle(key, told, { holder: "another", at: systemClock.now() });
    expect(await waiting).toMatchObject({ label: "no", remembered: true });
    expect(await taken()).toBe(0);
    const next = await limiter.enter(LANE, NOTHING, systemClock.now() + 1_000);
    expect(next.state === "later" ? null : next.ticket.position.requests).toBeGreaterThan(0);
    expect(scripted.questions()).toHaveLength(0);
  });

  it("are kept under the same key, whoever pays and whichever trace's root it is", () => {
    const other = { ...question, subjectSpanId: "b".repeat(16), billing: { isUrgent: true, tenant: "acme" } };
    const judge = scriptedJudge([]);
    expect(answerKey(judge, other)).toBe(answerKey(judge, question));
  });
});
