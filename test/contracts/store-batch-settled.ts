import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { SettledQuestion } from "../../src/core/batch-questions.ts";
import type { Store } from "../../src/core/store.ts";
import { A, B, type StorePlace, scoredTrace } from "./store.ts";
import { ANSWER, batchQuestion, LANE, RESERVED, sentQuestion, waitingRow } from "./store-batch-questions.ts";

const C = "c".repeat(32);
const HOUR_MS = 3_600_000;
const UNPAID = { usd: 0, tokens: 0 };
const DEADLINE = 1_000 + 24 * HOUR_MS;

/** What a {@link Store} does with money and times of questions for batches. */
export function settledQuestionsContract(name: string, newPlace: () => Promise<StorePlace>): void {
  describe(`${name}, with questions for batches that are over`, () => {
    let place: StorePlace;
    let store: Store;
    beforeEach(async () => {
      place = await newPlace();
      store = await place.open();
    });
    afterEach(() => place.remove());

    const ask = (key: string, more: Parameters<typeof batchQuestion>[1] = {}) =>
      store.leaveForBatch(batchQuestion(key, more));
    const form = (id: string) =>
      store.formBatch(LANE, { id, at: 5_000, until: 6_000, maxQuestions: 100, maxBytes: 1_000_000 });
    const settle = (...results: readonly SettledQuestion[]) => store.settleQuestions("one", results, 10_000);
    /** Takes what is `RESERVED` from its purse so many times. */
    const take = async (times: number, purse = "all") => {
      const purses = new Map([[purse, {}]]);
      for (let time = 0; time < times; time += 1) await store.reserveSpend({ ...RESERVED, purses });
    };
    const spent = async (purse = "all", unit: "usd" | "tokens" = "usd") => {
      const purses = new Map([[purse, { [unit]: 0 }]]);
      return (await store.reserveSpend({ ...RESERVED, purses, usd: 1, tokens: 1 }))?.spent;
    };
    const retryOf = async (subject: string) => (await store.ledger(subject)).map(({ retryAt }) => retryAt);

    it("settles what questions have cost with the purses they were paid from", async () => {
      await take(3);
      await take(1, "scorer judged");
      const both = { ...RESERVED, purses: ["all", "scorer judged"] };
      await ask("cheap", { reserved: RESERVED });
      await ask("cheaper", { reserved: both });
      await ask("free", { reserved: RESERVED });
      await ask("nobody counts");
      await form("one");
      await settle(
        { key: "cheap", result: ANSWER, spent: { usd: 0.25, tokens: 60 } },
        { key: "cheaper", result: ANSWER, spent: { usd: 0.125, tokens: 50 } },
        { key: "free", result: "live", spent: UNPAID },
        { key: "nobody counts", result: ANSWER, spent: { usd: 9, tokens: 9 } },
      );
      expect([await spent(), await spent("all", "tokens")]).toEqual([0.375, 110]);
      expect(await spent("scorer judged")).toBe(0.125);
      await store.closeBatch("one", 11_000);
      await store.askedLive("free");
      expect(await spent()).toBe(0.375);
    });

    it("leaves taken what is sent again, and what nobody knows the cost of", async () => {
      const keys = ["unknown", "again", "asked at once", "without a result"];
      await take(keys.length);
      for (const key of keys) await ask(key, { reserved: RESERVED });
      await form("one");
      await settle(
        { key: "unknown", result: ANSWER },
        { key: "again", result: "again" },
        { key: "asked at once", result: "live" },
      );
      await store.closeBatch("one", 11_000);
      await store.askedLive("asked at once");
      await store.askedLive("without a result");
      expect(await spent()).toBe(2);
    });

    it("counts what a question that is sent again has cost on top, and how often it brought nothing", async () => {
      await take(2);
      for (const key of ["a", "b"]) await ask(key, { reserved: RESERVED });
      await form("one");
      const more = { usd: 0.25, tokens: 10 };
      await settle({ key: "a", result: "again", spent: more, isTry: true }, { key: "b", result: "again" });
      expect([await spent(), await spent("all", "tokens")]).toEqual([1.25, 210]);
      await store.closeBatch("one", 11_000);
      await form("two");
      const tries = (await store.batchQuestions("two")).map((question) => [question.key, question.tries]);
      expect(tries).toEqual([
        ["a", 1],
        ["b", 0],
      ]);
      await store.settleQuestions("two", [{ key: "a", result: ANSWER, spent: more }], 12_000);
      expect(await spent()).toBe(1);
    });

    it("remembers how many questions a batch was formed of, also when some are purged", async () => {
      await ask("k");
      await ask("other", { subject: B });
      expect(await form("one")).toMatchObject({ size: 2 });
      await store.purge({ traceId: A }, { at: 5_000, until: 90_000 });
      const [batch] = await store.claimBatches(6_000, { until: 7_000, limit: 1 });
      expect([batch?.size, await store.batchQuestions("one")]).toEqual([
        2,
        [sentQuestion("other", { subject: B })],
      ]);
    });

    it("says whose results count, and settles nothing twice", async () => {
      await take(2);
      for (const key of ["a", "b"]) await ask(key, { reserved: RESERVED });
      await form("one");
      const result = (key: string) => ({ key, result: ANSWER, spent: { usd: 0.25, tokens: 1 } });
      expect(await settle(result("a"), result("nobody asked"))).toEqual(new Set(["a"]));
      expect(await settle(result("a"), result("b"))).toEqual(new Set(["b"]));
      expect(await settle(result("a"), { key: "b", result: "live" })).toEqual(new Set());
      expect(await spent()).toBe(0.5);
    });

    it("keeps who pays for a question out of its text", async () => {
      const billing = { isUrgent: true, tenant: "ACME Ltd" };
      const { question, ...rest } = batchQuestion("k");
      await store.leaveForBatch({ ...rest, question: { ...question, billing } });
      await form("one");
      expect(await store.batchQuestions("one")).toEqual([sentQuestion("k")]);
    });

    it("has those asked at once for which no batch of the lane comes in time, and gives their money back", async () => {
      await take(3);
      await ask("sent", { reserved: RESERVED });
      await form("one");
      await ask("late", { reserved: RESERVED });
      await ask("in time", { at: 2_000, reserved: RESERVED, subject: B });
      await ask("of another lane", { lane: "8765432187654321", subject: C });
      await store.record([waitingRow(A), waitingRow(B), waitingRow(C)]);
      expect(await store.dropLate(LANE, { deadline: DEADLINE + 1, at: 7_000, due: 9_000 })).toBe(1);
      expect(await store.dropLate(LANE, { deadline: DEADLINE + 1, at: 8_000, due: 9_000 })).toBe(0);
      expect(await Promise.all([A, B, C].map(retryOf))).toEqual([[7_000], [90_000_000], [90_000_000]]);
      expect(await ask("late", { at: 7_000 })).toEqual({ state: "live" });
      expect(await place.rows()).toMatchObject({ batch_question: 4, batch_question_text: 3 });
      expect(await spent()).toBe(1);
      expect(await store.batchCounts()).toEqual({ waiting: 2, sent: 1, batches: 2 });
    });

    it("wakes those once more whose question fell out while they noted their waiting", async () => {
      await ask("fell out", { subject: A });
      await form("one");
      await settle({ key: "fell out", result: "live" });
      await store.batchEnded("one", 11_000);
      await ask("late", { subject: B });
      await store.dropLate(LANE, { deadline: DEADLINE + 1, at: 9_000, due: 12_000 });
      await store.record([waitingRow(A), waitingRow(B)]);
      const claim = (now: number) => store.claimBatches(now, { until: 99_999, limit: 9 });
      const [one] = await claim(11_000);
      expect(one).toMatchObject({ id: "one", hasEnded: true });
      await store.closeBatch("one", 11_000);
      expect(await Promise.all([A, B].map(retryOf))).toEqual([[11_000], [90_000_000]]);
      const [other] = await claim(12_000);
      expect(other).toMatchObject({ hasEnded: true, providerId: null });
      await store.closeBatch(other?.id ?? "", 12_000);
      expect(await Promise.all([A, B].map(retryOf))).toEqual([[11_000], [12_000]]);
      for (const key of ["fell out", "late"]) {
        expect(await ask(key, { at: 13_000 })).toEqual({ state: "live" });
        await store.askedLive(key);
      }
      expect(await place.rows()).toMatchObject({ batch_question: 0, batch: 0 });
    });

    it("drops any number of late ones", async () => {
      for (let number = 0; number < 501; number += 1) await ask(`k${number}`);
      expect(await store.dropLate(LANE, { deadline: DEADLINE + 1, at: 7_000, due: 9_000 })).toBe(501);
      const [batch, ...others] = await store.claimBatches(9_000, { until: 99_999, limit: 9 });
      expect(others).toEqual([]);
      await store.closeBatch(batch?.id ?? "", 9_000);
      expect(await store.batchCounts()).toEqual({ waiting: 0, sent: 0, batches: 0 });
    });

    it("forgets questions in no batch that nobody came for, and gives their money back", async () => {
      await take(3);
      await ask("sent", { reserved: RESERVED });
      await ask("fell out", { reserved: RESERVED });
      await ask("fell out later", { at: 1_001 });
      await form("one");
      await settle(
        { key: "fell out", result: "live", spent: UNPAID },
        { key: "fell out later", result: "live", spent: UNPAID },
      );
      await ask("waits", { reserved: RESERVED });
      await ask("younger", { at: 1_001 });
      expect(await store.forgetOverdue({ waiting: DEADLINE, live: DEADLINE })).toBe(0);
      expect(await store.forgetOverdue({ waiting: DEADLINE, live: DEADLINE + 1 })).toBe(1);
      expect(await store.forgetOverdue({ waiting: DEADLINE + 1, live: DEADLINE + 1 })).toBe(1);
      expect(await spent()).toBe(0.5);
      expect(await store.batchCounts()).toEqual({ waiting: 1, sent: 1, batches: 1 });
      expect(await place.rows()).toMatchObject({ batch_question: 3, batch_question_text: 2 });
    });

    it("wakes another trace that waits for an answer which goes with a purged one, so that it asks for itself", async () => {
      for (const subject of [A, C]) await ask("sent", { subject });
      await form("one");
      for (const subject of [A, B]) await ask("waits", { subject });
      await store.saveScored(scoredTrace(A, 1, []));
      await store.record([waitingRow(B), waitingRow(C)]);
      await store.record([waitingRow(B, { scorer: "other" })]);
      await store.purge({ traceId: A }, { at: 7_000, until: 9_000 });
      expect((await store.ledger(B)).map(({ scorer, retryAt }) => `${scorer} ${retryAt}`).toSorted()).toEqual(
        ["judged 7000", "other 90000000"],
      );
      expect(await retryOf(C)).toEqual([7_000]);
      expect(await ask("sent", { subject: C })).toEqual({ state: "added" });
    });
  });
}
