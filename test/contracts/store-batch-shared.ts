import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Store } from "../../src/core/store.ts";
import { A, type StorePlace } from "./store.ts";
import { ANSWER, batchQuestion, LANE, RESERVED, waitingRow } from "./store-batch-questions.ts";

/** What a {@link Store} promises of questions for batches when several work on it at once. */
export function sharedBatchQuestionsContract(name: string, newPlace: () => Promise<StorePlace>): void {
  describe(`${name}, with questions for batches, shared by two workers`, () => {
    let place: StorePlace;
    let stores: Store[];
    beforeEach(async () => {
      place = await newPlace();
      stores = [await place.open(), await place.open()];
    });
    afterEach(() => place.remove());

    const numbers = (count: number) => Array.from({ length: count }, (_, number) => number);
    const worker = (number: number): Store => {
      const store = stores[number % 2];
      if (store === undefined) throw new Error("two workers");
      return store;
    };
    const form = (store: Store, id: string, maxQuestions: number) =>
      store.formBatch(LANE, { id, at: 5_000, until: 6_000, maxQuestions, maxBytes: 1_000_000 });

    it("adds a question once, whoever asks at the same moment", async () => {
      const states = await Promise.all(
        numbers(20).map((number) => worker(number).leaveForBatch(batchQuestion("k", { reserved: RESERVED }))),
      );
      expect(states.filter(({ state }) => state === "added")).toHaveLength(1);
      expect(states.filter(({ state }) => state === "waiting")).toHaveLength(19);
      expect(await place.rows()).toMatchObject({ batch_question: 1, batch_question_text: 1, asked: 1 });
    });

    it("puts every question into one batch, however many are formed at once", async () => {
      for (const number of numbers(60)) {
        await worker(number).leaveForBatch(batchQuestion(`k${number}`, { at: number }));
      }
      const batches = await Promise.all(numbers(8).map((number) => form(worker(number), `b${number}`, 9)));
      const questions = batches.map((batch) => worker(0).batchQuestions(batch?.id ?? ""));
      const keys = (await Promise.all(questions)).flat().map(({ key }) => key);
      expect(keys).toHaveLength(60);
      expect(new Set(keys).size).toBe(60);
      expect(batches.filter((batch) => batch === null)).toHaveLength(1);
      expect(await worker(0).batchCounts()).toEqual({ waiting: 0, sent: 60, batches: 7 });
    });

    it("leases every batch to one of them", async () => {
      for (const number of numbers(30)) {
        await worker(number).leaveForBatch(batchQuestion(`k${number}`));
        await form(worker(number), `b${number}`, 1);
      }
      const take = async (store: Store) => {
        const taken: string[] = [];
        for (;;) {
          const batches = await store.claimBatches(7_000, { until: 60_000, limit: 4 });
          if (batches.length === 0) return taken;
          taken.push(...batches.map(({ id }) => id));
        }
      };
      const taken = (await Promise.all(stores.map(take))).flat();
      expect(taken).toHaveLength(30);
      expect(new Set(taken).size).toBe(30);
    });

    it("closes a batch of any size whole", async () => {
      const keys = numbers(501).map((number) => `k${number}`);
      await Promise.all(keys.map((key, number) => worker(number).leaveForBatch(batchQuestion(key))));
      await form(worker(0), "one", 1_000);
      const results = keys.map((key) => ({ key, result: ANSWER }));
      await worker(1).settleQuestions("one", results, 9_000);
      await worker(0).closeBatch("one", 9_500);
      expect(await place.rows()).toMatchObject({
        batch_question: 0,
        batch_question_text: 0,
        batch: 0,
        answer: 501,
      });
    });

    it("keeps the result of the first of two who bring results of one batch", async () => {
      const keys = numbers(40).map((number) => `k${number}`);
      for (const key of keys) await worker(0).leaveForBatch(batchQuestion(key));
      await form(worker(0), "one", 100);
      const bring = (store: Store, label: string, order: readonly string[]) =>
        store.settleQuestions(
          "one",
          order.map((key) => ({ key, result: { ...ANSWER, label } })),
          9_000,
        );
      await Promise.all([bring(worker(0), "yes", keys), bring(worker(1), "no", keys.toReversed())]);
      const found = await Promise.all(keys.map((key) => worker(0).knownAnswer(key, A)));
      const labels = new Set(found.map((result) => result !== null && "label" in result && result.label));
      expect(labels.size).toBe(1);
    });

    it("purges traces while results come in that other traces wait for, too", async () => {
      const subjects = numbers(30).map((number) => number.toString(16).padStart(32, "0"));
      const keys = numbers(30).map((number) => `k${number}`);
      for (const [number, key] of keys.entries()) {
        for (const subject of [subjects[number], subjects[29 - number]]) {
          await worker(number).leaveForBatch(batchQuestion(key, { ...(subject && { subject }) }));
        }
      }
      for (const subject of subjects) await worker(0).record([waitingRow(subject)]);
      await form(worker(0), "one", 100);
      const results = keys.map((key) => ({ key, result: ANSWER }));
      const settled = worker(0).settleQuestions("one", results, 9_000);
      const purged = subjects
        .slice(0, 20)
        .map((traceId, number) => worker(number).purge({ traceId }, { at: 9_100, until: 99_000 }));
      await Promise.all([settled, ...purged, worker(1).closeBatch("one", 9_500)]);
      expect(await place.rows()).toMatchObject({
        batch_question: 0,
        batch_question_text: 0,
        batch: 0,
        ledger: 10,
      });
      const left = await Promise.all(subjects.slice(20).map((subject) => worker(0).ledger(subject)));
      for (const { retryAt } of left.flat()) expect(retryAt).toBeLessThan(10_000);
    });

    it("leaves nothing of a trace that is purged while its results come in", async () => {
      const keys = numbers(20).map((number) => `k${number}`);
      for (const key of keys) await worker(0).leaveForBatch(batchQuestion(key));
      await form(worker(0), "one", 100);
      const results = keys.map((key) => ({ key, result: ANSWER }));
      await Promise.all([
        worker(0).settleQuestions("one", results, 9_000),
        worker(1).purge({ traceId: A }),
        worker(0).closeBatch("one", 9_500),
      ]);
      const rows = Object.entries(await place.rows()).filter(([, count]) => count > 0);
      expect(rows).toEqual([]);
    });
  });
}
