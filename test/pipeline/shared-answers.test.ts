import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { systemClock } from "../../src/core/clock.ts";
import { TracegateError } from "../../src/core/errors.ts";
import type { Judge, NoAnswer, Question } from "../../src/core/judge.ts";
import { type AnswerStore, rememberAnswers } from "../../src/pipeline/remember-answers.ts";
import { openDatabase } from "../../src/store/open-database.ts";
import { SqliteStore } from "../../src/store/sqlite-store.ts";
import type { StateDatabase } from "../../src/store/state-database.ts";
import { scriptedJudge } from "../../src/testing/scripted-judge.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";

const { signal } = new AbortController();
const question: Question = {
  scorer: "resolved",
  version: "1",
  instructions: "Was it done?",
  content: "record",
  labels: ["yes", "no", "cannot_judge"],
  subject: "a".repeat(32),
};
const away = new TracegateError("unavailable", "The store is away.", { retryable: true });

/** A judge that answers when it is told to. */
function heldJudge(label = "yes") {
  const gate = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  let calls = 0;
  const judge: Judge = {
    ...scriptedJudge([]),
    async ask() {
      calls += 1;
      asked.resolve();
      await gate.promise;
      return { label, rationale: "", evidence: [], model: "m", usage: {} };
    },
  };
  return { judge, asked: asked.promise, answer: gate.resolve, calls: () => calls };
}

describe("rememberAnswers in several processes", () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let databases: StateDatabase[];
  beforeEach(() => {
    folder = temporaryFolder();
    databases = [];
  });
  afterEach(() => {
    for (const database of databases) database.close();
    folder.remove();
  });

  const newStore = () => {
    const database = openDatabase(folder.path);
    databases.push(database);
    return new SqliteStore(database);
  };

  it("waits for the answer of another process instead of paying for it, however long that takes", async () => {
    const [first, second] = [heldJudge(), heldJudge("no")];
    const clock = { time: 0, now: () => clock.time };
    const store = newStore();
    const renewed = Promise.withResolvers<void>();
    const renewing: AnswerStore = {
      knownAnswer: async () => null,
      beginAnswer: (key, claim) => store.beginAnswer(key, claim),
      settle: (key, result, by) => store.settle(key, result, by),
      async renewAnswers(holder, until) {
        await store.renewAnswers(holder, until);
        // Time passes only between renewals, so that a slow machine ends no lease.
        clock.time += 40;
        if (clock.time > 300) renewed.resolve();
      },
    };
    const asking = rememberAnswers(first.judge, renewing, clock, { leaseMs: 60 });
    const waiting = rememberAnswers(second.judge, newStore(), clock, { leaseMs: 60 });
    const begun = asking.ask(question, signal);
    await first.asked;
    const waited = waiting.ask(question, signal);
    await renewed.promise;
    first.answer();
    expect(await begun).toMatchObject({ label: "yes" });
    expect(await waited).toMatchObject({ label: "yes", remembered: true });
    expect(await waited).not.toHaveProperty("inDoubt");
    expect(second.calls()).toBe(0);
  });

  it("asks again, in doubt, when the other process stops renewing", async () => {
    const dead = newStore();
    const first = heldJudge();
    const mute: AnswerStore = {
      knownAnswer: async () => null,
      beginAnswer: (key, claim) => dead.beginAnswer(key, claim),
      renewAnswers: () => Promise.reject(away),
      settle: () => Promise.reject(away),
    };
    void rememberAnswers(first.judge, mute, systemClock, { leaseMs: 60 }).ask(question, signal);
    await first.asked;
    const judge = scriptedJudge(["no"]);
    const next = rememberAnswers(judge, newStore(), systemClock, { leaseMs: 60 });
    expect(await next.ask(question, signal)).toMatchObject({ label: "no", inDoubt: true });
    first.answer();
  });

  it("stops waiting when it is told to", async () => {
    const first = heldJudge();
    void rememberAnswers(first.judge, newStore(), systemClock).ask(question, signal);
    await first.asked;
    const controller = new AbortController();
    const waiting = rememberAnswers(scriptedJudge([]), newStore(), systemClock);
    const waited = waiting.ask(question, controller.signal);
    controller.abort();
    expect(await waited).toMatchObject({ unscored: { code: "timed-out" } });
    first.answer();
  });

  it.each(["refused", "cut", "cannot-judge", "schema-broken"] as const)(
    "does not pay again for what was %s, until it is told to forget it",
    async (code) => {
      const refusal: NoAnswer = { unscored: { code }, reason: "Not that.", cost: 0.1 };
      const judge = scriptedJudge([refusal, "yes"]);
      const store = newStore();
      expect(await rememberAnswers(judge, store, systemClock).ask(question, signal)).toEqual(refusal);
      const again = rememberAnswers(judge, newStore(), systemClock);
      expect(await again.ask(question, signal)).toEqual({ ...refusal, remembered: true });
      expect(await store.forgetNoAnswers("a".repeat(32), "resolved")).toBe(1);
      expect(await again.ask(question, signal)).toMatchObject({ label: "yes" });
    },
  );

  it("does not ask while the store is away, and says when to try again", async () => {
    const judge = scriptedJudge(["yes"]);
    const store: AnswerStore = {
      knownAnswer: async () => null,
      beginAnswer: () => Promise.reject(away),
      renewAnswers: async () => {},
      settle: async () => {},
    };
    expect(await rememberAnswers(judge, store, { now: () => 1_000 }).ask(question, signal)).toEqual({
      unscored: { code: "timed-out", retryAt: 61_000 },
      reason: "The judge was not asked: The store is away.",
    });
    expect(judge.questions()).toHaveLength(0);
  });

  it("keeps an answer that the store would not take, and does not pay for it again", async () => {
    const judge = scriptedJudge(["yes", "no"]);
    const store = newStore();
    let isAway = true;
    const flaky: AnswerStore = {
      knownAnswer: async () => null,
      beginAnswer: (key, claim) => store.beginAnswer(key, claim),
      renewAnswers: (holder, until) => store.renewAnswers(holder, until),
      settle: (key, result, by) => (isAway ? Promise.reject(away) : store.settle(key, result, by)),
    };
    const remembering = rememberAnswers(judge, flaky, systemClock);
    expect(await remembering.ask(question, signal)).toMatchObject({ label: "yes" });
    isAway = false;
    expect(await remembering.ask(question, signal)).toMatchObject({ label: "yes", remembered: true });
    const elsewhere = rememberAnswers(judge, newStore(), systemClock);
    expect(await elsewhere.ask(question, signal)).toMatchObject({ label: "yes", remembered: true });
    expect(judge.questions()).toHaveLength(1);
  });
});
