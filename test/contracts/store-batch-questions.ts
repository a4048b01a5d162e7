import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BatchQuestion, Reserved, SentQuestion } from "../../src/core/batch-questions.ts";
import type { Answer, NoAnswer } from "../../src/core/judge.ts";
import type { LedgerRow, Store } from "../../src/core/store.ts";
import { A, B, type StorePlace, scoredTrace, scoreOf } from "./store.ts";

const C = "c".repeat(32);
export const LANE = "1234567812345678";
export const ANSWER: Answer = {
  label: "yes",
  rationale: "It did.",
  evidence: [],
  model: "m",
  usage: {},
  cost: 0.5,
};
const REFUSAL: NoAnswer = { unscored: { code: "refused" }, reason: "Not that.", cost: 0.25 };
export const RESERVED: Reserved = { day: "2026-11-20", purses: ["all"], usd: 0.5, tokens: 100 };
const ROOMY = { maxQuestions: 100, maxBytes: 1_000_000 };
const AFTER = { now: 1_000_000, scorer: "judged", holder: "test", leaseMs: 1_000 };

/** A question for a batch. */
export function batchQuestion(
  key: string,
  {
    lane = LANE,
    at = 1_000,
    subject = A,
    scorer = "judged",
    content = key,
    reserved = null as Reserved | null,
  } = {},
): BatchQuestion {
  const question = { scorer, version: "1", instructions: "Judge.", content, labels: ["yes", "no"], subject };
  return { key, lane, question, at, deadline: at + 86_400_000, reserved };
}

/** The same in a batch. */
export function sentQuestion(...[key, more]: Parameters<typeof batchQuestion>): SentQuestion {
  return { ...batchQuestion(key, more), tries: 0 };
}

/** A decision that waits for an answer. */
export function waitingRow(subject: string, more: Partial<LedgerRow> = {}): LedgerRow {
  const row = { subject, revision: 1, scorer: "judged", version: "1", reason: null, attempts: 0, at: 1 };
  return { ...row, state: "waiting", code: "batched", retryAt: 90_000_000, ...more };
}

/** What a {@link Store} does with questions that are answered in batches. */
export function batchQuestionsContract(name: string, newPlace: () => Promise<StorePlace>): void {
  describe(`${name}, with questions for batches`, () => {
    let place: StorePlace;
    let store: Store;
    beforeEach(async () => {
      place = await newPlace();
      store = await place.open();
    });
    afterEach(() => place.remove());

    const ask = (key: string, more: Parameters<typeof batchQuestion>[1] = {}) =>
      store.leaveForBatch(batchQuestion(key, more));
    const form = (id: string, more: { maxQuestions?: number; maxBytes?: number; lane?: string } = {}) => {
      const { lane = LANE, ...size } = more;
      return store.formBatch(lane, { id, at: 5_000, until: 6_000, ...ROOMY, ...size });
    };
    const keysOf = async (id: string) => (await store.batchQuestions(id)).map(({ key }) => key);
    const retryOf = async (subject: string) =>
      (await store.ledger(subject)).map(({ scorer, retryAt }) => `${scorer} ${retryAt}`);
    const left = async () => Object.entries(await place.rows()).filter(([, rows]) => rows > 0);

    it("keeps one question of a key, and says where it stands", async () => {
      expect(await ask("k")).toEqual({ state: "added" });
      const waits = { state: "waiting", deadline: 86_401_000, isSent: false };
      expect(await ask("k", { at: 9_000, subject: B })).toEqual(waits);
      await form("one");
      expect(await ask("k", { at: 9_000 })).toEqual({ ...waits, isSent: true });
      await store.settleQuestions("one", [{ key: "k", result: ANSWER }], 7_000);
      // Whoever comes too late for this wake is woken when the batch is closed.
      expect(await ask("k", { at: 9_000 })).toEqual({ ...waits, isSent: true });
    });

    it("sends nobody to a batch whose question is answered", async () => {
      await ask("k");
      await form("one");
      await store.settleQuestions("one", [{ key: "k", result: ANSWER }], 7_000);
      await store.closeBatch("one", 8_000);
      expect(await store.knownAnswer("k", B)).toBeNull();
      expect(await ask("k", { subject: B })).toEqual({ state: "live" });
      expect(await store.knownAnswer("k", B)).toEqual(ANSWER);
      expect(await store.batchCounts()).toEqual({ waiting: 0, sent: 0, batches: 0 });
    });

    it("tells which lanes have questions in no batch", async () => {
      expect(await store.waitingLanes()).toEqual([]);
      await ask("k1", { at: 3_000 });
      await ask("k2", { at: 2_000, content: "é" });
      await ask("k3", { lane: "8765432187654321", at: 4_000.5 });
      const bytesOf = (content: string) =>
        Buffer.byteLength(JSON.stringify(batchQuestion("", { content }).question));
      const from = (oldestAt: number) => ({ oldestAt, firstDeadline: oldestAt + 86_400_000 });
      const other = { lane: "8765432187654321", questions: 1, bytes: bytesOf("k3"), ...from(4_000.5) };
      const lane = { lane: LANE, questions: 2, bytes: bytesOf("k1") + bytesOf("é"), ...from(2_000) };
      expect(await store.waitingLanes()).toEqual([lane, other]);
      expect(await store.batchCounts()).toEqual({ waiting: 3, sent: 0, batches: 0 });
      await form("one");
      expect(await store.waitingLanes()).toEqual([other]);
      expect(await store.batchCounts()).toEqual({ waiting: 1, sent: 2, batches: 1 });
    });

    it("puts the oldest of a lane into a batch, as they were asked", async () => {
      await ask("young", { at: 3_000 });
      await ask("other", { at: 1, lane: "8765432187654321" });
      await ask("b", { at: 2_000 });
      await ask("a", { at: 2_000, reserved: RESERVED, content: 'odd \0, half \uD83D, "é😀"' });
      const batch = await form("one", { maxQuestions: 2 });
      expect(batch).toEqual({
        id: "one",
        lane: LANE,
        providerId: null,
        at: 5_000,
        hasEnded: false,
        size: 2,
      });
      expect(await store.batchQuestions("one")).toEqual([
        sentQuestion("a", { at: 2_000, reserved: RESERVED, content: 'odd \0, half \uD83D, "é😀"' }),
        sentQuestion("b", { at: 2_000 }),
      ]);
      await form("two");
      expect(await keysOf("two")).toEqual(["young"]);
      expect(await form("three")).toBeNull();
      expect(await store.batchCounts()).toEqual({ waiting: 1, sent: 3, batches: 2 });
    });

    it("fills a batch up to its bytes, with one question at least", async () => {
      for (const [at, key] of ["k1", "k2", "k3", "k4"].entries()) await ask(key, { at });
      const [lane] = await store.waitingLanes();
      const size = (lane?.bytes ?? 0) / 4;
      const keys = async (id: string, maxBytes: number) => {
        await form(id, { maxBytes });
        return keysOf(id);
      };
      expect(await keys("two", 2 * size)).toEqual(["k1", "k2"]);
      expect(await keys("one", 2 * size - 1)).toEqual(["k3"]);
      expect(await keys("too small", 1)).toEqual(["k4"]);
    });

    it("gives a batch again when its lease ends, until somebody says when to look again, over a kill", async () => {
      await ask("k");
      await form("one");
      const claim = (now: number, until: number) => store.claimBatches(now, { until, limit: 9 });
      expect(await claim(5_999, 7_000)).toEqual([]);
      store = await place.open();
      expect(await claim(6_000, 7_000)).toMatchObject([{ id: "one", providerId: null }]);
      expect(await keysOf("one")).toEqual(["k"]);
      expect(await claim(6_999, 8_000)).toEqual([]);
      await store.batchSent("one", "batch_9", 9_000);
      expect(await store.knownBatches()).toEqual(new Set(["batch_9"]));
      expect(await claim(8_999, 9_999)).toEqual([]);
      expect(await claim(9_000, 9_999)).toMatchObject([{ id: "one", providerId: "batch_9", at: 5_000 }]);
      await store.lookAgain("one", 9_500);
      expect(await claim(9_500, 10_000)).toHaveLength(1);
    });

    it("leases the oldest batches that are due, so many at once", async () => {
      for (const number of [1, 2, 3]) {
        await ask(`k${number}`);
        await form(`b${number}`);
        await store.lookAgain(`b${number}`, 9_000 - number);
      }
      const claim = async (limit: number) =>
        (await store.claimBatches(9_000, { until: 9_999, limit })).map(({ id }) => id);
      expect((await claim(2)).toSorted()).toEqual(["b2", "b3"]);
      expect(await claim(2)).toEqual(["b1"]);
    });

    it("remembers answers and what was paid for nothing, and leaves no row behind", async () => {
      await ask("yes");
      await ask("no");
      expect(await form("one")).toMatchObject({ size: 2 });
      await store.batchSent("one", "batch_9", 9_000);
      const results = [
        { key: "yes", result: ANSWER },
        { key: "no", result: REFUSAL },
      ];
      await store.settleQuestions("one", results, 10_000);
      expect(await store.batchCounts()).toEqual({ waiting: 0, sent: 0, batches: 1 });
      expect(await place.rows()).toMatchObject({ batch_question_text: 0, batch_question: 2 });
      await store.batchEnded("one", 70_000);
      expect(await store.claimBatches(69_999, { until: 80_000, limit: 9 })).toEqual([]);
      store = await place.open();
      expect(await store.claimBatches(70_000, { until: 80_000, limit: 9 })).toMatchObject([
        { id: "one", hasEnded: true },
      ]);
      expect(await keysOf("one")).toEqual([]);
      await store.closeBatch("one", 70_000);
      expect(await store.beginAnswer("yes", { ...AFTER, subject: A })).toEqual({
        state: "answered",
        result: ANSWER,
      });
      expect(await store.knownAnswer("no", A)).toEqual(REFUSAL);
      expect(await store.meanCost("judged")).toMatchObject({ usd: 0.375, answers: 2 });
      expect(await left()).toEqual([
        ["answer", 2],
        ["asked", 2],
      ]);
    });

    it("wakes those who wait for an answer, and nobody else", async () => {
      await ask("k", { subject: A });
      await ask("k", { subject: B });
      await ask("open", { subject: C });
      const other = { scorer: "other" };
      const failed = { state: "failed", revision: 2, retryAt: null } as const;
      await store.record([waitingRow(A), waitingRow(A, other), waitingRow(A, failed)]);
      await store.record([waitingRow(B, { retryAt: 9_000 }), waitingRow(B, { ...other, retryAt: 9_000 })]);
      await store.record([waitingRow(C)]);
      await form("one");
      await store.settleQuestions("one", [{ key: "k", result: ANSWER }], 10_000.5);
      expect(await retryOf(A)).toEqual(["judged 10000.5", "other 90000000", "judged null"]);
      expect(await retryOf(B)).toEqual(["judged 9000", "other 9000"]);
      expect(await retryOf(C)).toEqual(["judged 90000000"]);
    });

    it("wakes once more when a batch is closed, also those whose answer never came", async () => {
      await ask("k", { subject: A });
      await ask("lost", { subject: B });
      await form("one");
      await store.settleQuestions("one", [{ key: "k", result: ANSWER }], 10_000);
      // They asked before the answer came, and noted their waiting after it.
      await store.record([waitingRow(A), waitingRow(B), waitingRow(C)]);
      await store.batchEnded("one", 70_000);
      await store.closeBatch("one", 70_000);
      expect(await Promise.all([A, B, C].map(retryOf))).toEqual([
        ["judged 70000"],
        ["judged 70000"],
        ["judged 90000000"],
      ]);
      expect(await ask("lost")).toEqual({ state: "live" });
      expect(await store.batchCounts()).toEqual({ waiting: 0, sent: 0, batches: 0 });
    });

    it("puts a question that is to be sent again into the next batch, and wakes nobody", async () => {
      await ask("k", { at: 1_000, reserved: RESERVED });
      await store.record([waitingRow(A)]);
      await form("one");
      await store.settleQuestions("one", [{ key: "k", result: "again" }], 10_000);
      expect(await retryOf(A)).toEqual(["judged 90000000"]);
      await store.closeBatch("one", 10_000);
      expect(await retryOf(A)).toEqual(["judged 90000000"]);
      expect(await ask("k", { at: 9_000 })).toEqual({
        state: "waiting",
        deadline: 86_401_000,
        isSent: false,
      });
      await form("two");
      expect(await store.batchQuestions("two")).toEqual([sentQuestion("k", { reserved: RESERVED })]);
    });

    it("has a question that fell out asked at once, and forgets it then", async () => {
      await ask("k");
      await store.record([waitingRow(A)]);
      await form("one");
      await store.settleQuestions("one", [{ key: "k", result: "live" }], 10_000);
      await store.closeBatch("one", 11_000);
      expect(await retryOf(A)).toEqual(["judged 10000"]);
      expect(await ask("k", { at: 12_000 })).toEqual({ state: "live" });
      expect(await place.rows()).toMatchObject({ batch_question_text: 0, batch: 0 });
      await store.askedLive("k");
      expect(await ask("k", { at: 13_000 })).toEqual({ state: "added" });
    });

    it("gives back what was taken for a question that is asked at once before it was sent, but leaves one that was", async () => {
      const spent = () =>
        store.reserveSpend({ day: RESERVED.day, purses: new Map([["all", { usd: 0 }]]), usd: 1, tokens: 0 });
      const reserve = { day: RESERVED.day, purses: new Map([["all", {}]]), usd: 0.5, tokens: 100 };
      await store.reserveSpend(reserve);
      await store.reserveSpend(reserve);
      await ask("k", { reserved: RESERVED });
      await store.askedLive("k");
      await store.askedLive("k");
      expect(await spent()).toMatchObject({ spent: 0.5 });
      await ask("sent", { reserved: RESERVED });
      await form("one");
      await store.askedLive("sent");
      expect(await spent()).toMatchObject({ spent: 0.5 });
      expect(await store.batchCounts()).toMatchObject({ sent: 1 });
    });

    it("has one asked at once that is overdue and in no batch, gives its money back, and puts it into none any more", async () => {
      await store.reserveSpend({ day: RESERVED.day, purses: new Map([["all", {}]]), usd: 0.5, tokens: 100 });
      expect(await store.isLeft("k")).toBe(false);
      await ask("k", { reserved: RESERVED });
      expect(await store.isLeft("k")).toBe(true);
      const last = 1_000 + 86_400_000;
      expect(await ask("k", { at: last - 1 })).toMatchObject({ state: "waiting" });
      expect(await ask("k", { at: last })).toEqual({ state: "live" });
      expect(await form("one")).toBeNull();
      // The first try at asking it may have failed.
      expect(await ask("k", { at: last + 1 })).toEqual({ state: "live" });
      const none = { day: RESERVED.day, purses: new Map([["all", { usd: 0 }]]), usd: 1, tokens: 0 };
      expect(await store.reserveSpend(none)).toMatchObject({ spent: 0 });
      await ask("sent", { at: 1_000 });
      await form("two");
      expect(await ask("sent", { at: last })).toMatchObject({ state: "waiting", isSent: true });
    });

    it("changes nothing when results come twice, late, or of another batch", async () => {
      await ask("k");
      await ask("again", { at: 2_000 });
      await form("one");
      const results = [
        { key: "k", result: ANSWER },
        { key: "k", result: REFUSAL },
        { key: "again", result: "again" } as const,
        { key: "nobody asked", result: ANSWER },
      ];
      await store.settleQuestions("other", results, 9_000);
      expect(await store.knownAnswer("k", A)).toBeNull();
      await store.settleQuestions("one", results, 10_000);
      const rows = await place.rows();
      await store.record([waitingRow(A)]);
      const late = [
        { key: "k", result: REFUSAL },
        { key: "again", result: ANSWER },
      ];
      await store.settleQuestions("one", late, 11_000);
      expect(await store.knownAnswer("k", A)).toEqual(ANSWER);
      expect(await store.knownAnswer("again", A)).toBeNull();
      expect(await place.rows()).toEqual({ ...rows, ledger: 1 });
      expect(await retryOf(A)).toEqual(["judged 90000000"]);
      await store.closeBatch("one", 12_000);
      await store.closeBatch("one", 13_000);
      expect(await retryOf(A)).toEqual(["judged 12000"]);
    });

    it("keeps the first of two results where a question was asked at once, too, and the doubt of it", async () => {
      for (const key of ["first", "second", "doubtful"]) {
        await ask(key);
        await store.beginAnswer(key, { ...AFTER, subject: A });
      }
      await form("one");
      await store.settle("first", REFUSAL, { holder: "test", at: 8_000 });
      await store.settle("doubtful", "in-doubt", { holder: "test", at: 8_000 });
      const results = ["first", "second", "doubtful"].map((key) => ({ key, result: ANSWER }));
      await store.settleQuestions("one", results, 10_000);
      await store.settle("second", REFUSAL, { holder: "test", at: 11_000 });
      expect(await store.knownAnswer("first", A)).toEqual(REFUSAL);
      expect(await store.knownAnswer("second", A)).toEqual(ANSWER);
      expect(await store.knownAnswer("doubtful", A)).toEqual({ ...ANSWER, inDoubt: true });
      expect(await store.meanCost("judged")).toMatchObject({ answers: 3 });
    });

    it("purges questions about a trace, gives back what they would have cost, and drops their results", async () => {
      await store.reserveSpend({ day: RESERVED.day, purses: new Map([["all", {}]]), usd: 1, tokens: 200 });
      await store.saveScored(scoredTrace(A, 1, []));
      await ask("sent", { reserved: RESERVED });
      await ask("answered", { at: 2_000 });
      await form("one");
      await store.settleQuestions("one", [{ key: "answered", result: ANSWER }], 9_000);
      await ask("waits", { reserved: RESERVED });
      await ask("of another", { subject: B });
      const purged = { traces: [{ traceId: A, deliveredTo: [] }], answers: 1 };
      expect(await store.toPurge({ traceId: A })).toEqual(purged);
      expect(await store.purge({ traceId: A })).toEqual(purged);
      expect(await place.rows()).toMatchObject({
        batch_question: 1,
        batch_question_text: 1,
        asked: 1,
        answer: 0,
        batch: 1,
      });
      const purses = new Map([["all", { usd: 0 }]]);
      expect(await store.reserveSpend({ ...RESERVED, purses })).toMatchObject({ spent: 0.5 });
      await store.settleQuestions("one", [{ key: "sent", result: ANSWER }], 10_000);
      expect(await store.claimBatches(99_999, { until: 100_000, limit: 9 })).toHaveLength(1);
      expect(await keysOf("one")).toEqual([]);
      await store.closeBatch("one", 11_000);
      expect(await place.rows()).toMatchObject({ batch_question: 1, answer: 0, batch: 0 });
    });

    it("purges questions about a session with any of its traces", async () => {
      const ofSession = scoreOf("settled", null, {
        kind: "judge",
        metadata: { sessionTraces: 2 },
        unscored: { code: "batched", retryAt: 90_000_000 },
      });
      await store.saveScored(scoredTrace(A, 1, [scoreOf("calm", 1)], { sessionId: "talk" }));
      await store.saveScored(scoredTrace(B, 1, [ofSession], { sessionId: "talk" }));
      await ask("quotes both", { subject: B, scorer: "settled" });
      await store.purge({ traceId: A });
      expect(await place.rows()).toMatchObject({ batch_question: 0, batch_question_text: 0, asked: 0 });
    });
  });
}
