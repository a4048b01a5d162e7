import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Answer, NoAnswer } from "../../src/core/judge.ts";
import type { OutboxRow } from "../../src/core/outbox.ts";
import type { AnswerClaim, Store } from "../../src/core/store.ts";
import { A, B, type StorePlace, scoredTrace, scoreOf } from "./store.ts";

const ANSWER: Answer = { label: "yes", rationale: "It did.", evidence: [], model: "m", usage: {} };
const REFUSAL: NoAnswer = { unscored: { code: "refused" }, reason: "Not that.", cost: 0.25 };

const traceId = (number: number) => number.toString(16).padStart(32, "0");
const numbers = (count: number) => Array.from({ length: count }, (_, number) => number + 1);

/** What a {@link Store} promises when several work on it at once: two store objects on one place. */
export function sharedStoreContract(name: string, newPlace: () => Promise<StorePlace>): void {
  describe(`${name}, shared by two workers`, () => {
    let place: StorePlace;
    let one: Store;
    let two: Store;
    beforeEach(async () => {
      place = await newPlace();
      [one, two] = [await place.open(), await place.open()];
    });
    afterEach(() => place.remove());

    const claim = (holder: string, now: number, more: Partial<AnswerClaim> = {}): AnswerClaim => ({
      holder,
      now,
      leaseMs: 1_000,
      scorer: "judged",
      subject: null,
      ...more,
    });

    it("leases every delivery to one of them", async () => {
      for (const number of numbers(40)) await one.saveScored(scoredTrace(traceId(number), 1, []));
      const take = async (store: Store, holder: string) => {
        const taken: OutboxRow[] = [];
        for (;;) {
          const rows = await store.outbox(9_999, 7, { holder, leaseMs: 60_000 });
          if (rows.length === 0) return taken;
          taken.push(...rows);
        }
      };
      const [first, second] = await Promise.all([take(one, "one"), take(two, "two")]);
      expect(new Set([...first, ...second].map(({ id }) => id)).size).toBe(40);
      expect(first.length + second.length).toBe(40);
    });

    it("gives a delivery to another when its lease is over, and then ignores the one before", async () => {
      await one.saveScored(scoredTrace(A, 1, []));
      const late = await one.outbox(6_000, 9, { holder: "one", leaseMs: 1_000 });
      expect(late).toMatchObject([{ leaseUntil: 7_000, attempts: 0 }]);
      expect(await two.outbox(6_999, 9, { holder: "two", leaseMs: 1_000 })).toEqual([]);
      const taken = await two.outbox(7_000, 9, { holder: "two", leaseMs: 1_000 });
      expect(taken).toHaveLength(1);
      if (late[0]) await one.deliveryFailed(late[0], "401", 7_100, null);
      expect(await one.deliveries(A)).toMatchObject([{ state: "waiting", reason: null }]);
      await two.delivered(taken, 7_200);
      await one.delivered(late, 7_300);
      expect(await one.deliveries(A)).toMatchObject([{ state: "delivered", attempts: 1, at: 7_200 }]);
    });

    it("counts a repeated acknowledgement once", async () => {
      await one.saveScored(scoredTrace(A, 1, []));
      const rows = await one.outbox(6_000, 9, { holder: "one", leaseMs: 1_000 });
      await one.delivered(rows, 6_100);
      await one.delivered(rows, 6_200);
      expect(await one.deliveries(A)).toMatchObject([{ state: "delivered", attempts: 1 }]);
    });

    it("gives back what a holder has leased, untried", async () => {
      await one.saveScored(scoredTrace(A, 1, []));
      await one.outbox(6_000, 9, { holder: "one", leaseMs: 60_000 });
      await one.releaseDeliveries("nobody");
      expect(await two.outbox(6_000, 9, { holder: "two", leaseMs: 1 })).toEqual([]);
      await one.releaseDeliveries("one");
      expect(await two.outbox(6_000, 9, { holder: "two", leaseMs: 1 })).toMatchObject([{ attempts: 0 }]);
    });

    it("leases a newer revision, and newer content, only after the one under way has ended", async () => {
      const lease = { holder: "one", leaseMs: 60_000 };
      await one.saveScored(scoredTrace(A, 1, [scoreOf("calm", 1)]));
      const old = await one.outbox(6_000, 9, lease);
      await two.saveScored(scoredTrace(A, 1, [scoreOf("calm", 0)]));
      await two.saveScored(scoredTrace(A, 2, [scoreOf("calm", 1)]));
      expect(await two.outbox(6_000, 9, lease)).toEqual([]);
      await one.delivered(old, 6_100);
      expect(await two.outbox(6_200, 9, lease)).toMatchObject([{ revision: 1 }]);
      await two.releaseDeliveries("one");
      await two.saveScored(scoredTrace(A, 3, [scoreOf("calm", 1)], { scoredAt: 6_300 }));
      expect(await two.outbox(6_400, 9, lease)).toMatchObject([{ revision: 3 }]);
      expect(await two.deliveries(A)).toMatchObject([
        { revision: 1, state: "delivered" },
        { revision: 3, state: "waiting" },
      ]);
    });

    it("leases an older revision whose next try is due only after the newer one under way", async () => {
      await one.saveScored(scoredTrace(A, 1, []));
      const [old] = await one.outbox(6_000, 9, { holder: "one", leaseMs: 60_000 });
      await one.saveScored(scoredTrace(A, 2, []));
      if (old) await one.deliveryFailed(old, "503", 6_100, 7_000);
      const newer = await two.outbox(6_200, 9, { holder: "two", leaseMs: 60_000 });
      expect(newer).toMatchObject([{ revision: 2 }]);
      expect(await one.outbox(7_000, 9, { holder: "one", leaseMs: 60_000 })).toEqual([]);
      await two.delivered(newer, 7_100);
      expect(await one.outbox(7_200, 9, { holder: "one", leaseMs: 1 })).toMatchObject([{ revision: 1 }]);
    });

    it("takes deliveries of one sink, or of all but some", async () => {
      await one.saveScored(scoredTrace(A, 1, [], { sinks: ["x", "y", "z"] }));
      const sinks = async (which: { sink?: string; otherThan?: readonly string[] }) => {
        const rows = await one.outbox(6_000, 9, { holder: "one", leaseMs: 1, ...which });
        await one.releaseDeliveries("one");
        return rows.map(({ sink }) => sink).toSorted();
      };
      expect(await sinks({ sink: "y" })).toEqual(["y"]);
      expect(await sinks({ otherThan: ["x", "y"] })).toEqual(["z"]);
      expect(await sinks({ otherThan: [] })).toEqual(["x", "y", "z"]);
    });

    it("gives every due scorer to one of them", async () => {
      const waiting = scoreOf("judged", null, { unscored: { code: "timed-out", retryAt: 10 } });
      for (const number of numbers(40)) await one.saveScored(scoredTrace(traceId(number), 1, [waiting]));
      const take = async (store: Store) => {
        const taken: string[] = [];
        for (;;) {
          const due = await store.claimDue(100, { limit: 7, leaseMs: 60_000 });
          if (due.length === 0) return taken;
          taken.push(...due.map((each) => each.traceId));
        }
      };
      const taken = (await Promise.all([take(one), take(two)])).flat();
      expect(taken).toHaveLength(40);
      expect(new Set(taken).size).toBe(40);
    });

    it("lets one of fifty ask a question, and tells the others that it is being asked, then what came of it", async () => {
      const ask = (number: number) =>
        (number % 2 === 0 ? one : two).beginAnswer("k", claim(`holder ${number}`, 100));
      const states = await Promise.all(numbers(50).map(ask));
      const claimed = states.findIndex(({ state }) => state === "claimed");
      expect(states[claimed]).toEqual({ state: "claimed", inDoubt: false });
      expect(states.filter(({ state }) => state === "busy")).toHaveLength(49);
      expect(states.find(({ state }) => state === "busy")).toEqual({ state: "busy", until: 1_100 });
      await one.settle("k", ANSWER, { holder: `holder ${claimed + 1}`, at: 200 });
      const after = await Promise.all(numbers(50).map(ask));
      expect(new Set(after.map((state) => JSON.stringify(state)))).toEqual(
        new Set([JSON.stringify({ state: "answered", result: ANSWER })]),
      );
    });

    it("keeps a question with a holder that renews, and gives it in doubt after one that does not", async () => {
      await one.beginAnswer("renewed", claim("one", 0));
      await one.beginAnswer("dead", claim("dead", 0));
      await one.renewAnswers("one", 5_000);
      expect(await two.beginAnswer("dead", claim("two", 999))).toEqual({ state: "busy", until: 1_000 });
      expect(await two.beginAnswer("dead", claim("two", 1_001))).toEqual({ state: "claimed", inDoubt: true });
      expect(await two.beginAnswer("renewed", claim("two", 1_001))).toEqual({ state: "busy", until: 5_000 });
      await two.settle("dead", ANSWER, { holder: "two", at: 1_100 });
      expect(await one.beginAnswer("dead", claim("one", 1_200))).toEqual({
        state: "answered",
        result: { ...ANSWER, inDoubt: true },
      });
    });

    it("gives the question of a dead holder to one of many who want it", async () => {
      for (const key of numbers(5).map(String)) {
        await one.beginAnswer(key, claim("dead", 0));
        const ask = (number: number) =>
          (number % 2 === 0 ? one : two).beginAnswer(key, claim(`holder ${number}`, 5_000));
        const states = await Promise.all(numbers(20).map(ask));
        expect(states.filter(({ state }) => state === "claimed")).toEqual([
          { state: "claimed", inDoubt: true },
        ]);
        expect(states.filter(({ state }) => state === "busy")).toHaveLength(19);
      }
    });

    it("keeps the first of two results, and says that both may have been paid", async () => {
      await one.beginAnswer("k", claim("one", 0));
      await two.beginAnswer("k", claim("two", 2_000));
      await one.settle("k", ANSWER, { holder: "one", at: 2_100 });
      await two.settle("k", { ...ANSWER, label: "no" }, { holder: "two", at: 2_200 });
      await two.settle("k", null, { holder: "two", at: 2_300 });
      expect(await two.beginAnswer("k", claim("two", 2_400))).toEqual({
        state: "answered",
        result: { ...ANSWER, inDoubt: true },
      });
    });

    it("forgets a call that cost nothing, but not a doubt from before it, nor the claim of another", async () => {
      await one.beginAnswer("k", claim("one", 0));
      await one.settle("k", null, { holder: "two", at: 1 });
      expect(await two.beginAnswer("k", claim("two", 2))).toMatchObject({ state: "busy" });
      await one.settle("k", null, { holder: "one", at: 3 });
      expect(await two.beginAnswer("k", claim("two", 4))).toEqual({ state: "claimed", inDoubt: false });
      await two.settle("k", "in-doubt", { holder: "two", at: 5 });
      expect(await one.beginAnswer("k", claim("one", 6))).toEqual({ state: "claimed", inDoubt: true });
      await one.settle("k", null, { holder: "one", at: 7 });
      expect(await two.beginAnswer("k", claim("two", 8))).toEqual({ state: "claimed", inDoubt: true });
    });

    it("remembers over a kill what was paid without an answer, until it is told to forget", async () => {
      const about = { subject: A };
      await one.beginAnswer("no", claim("one", 0, about));
      await one.settle("no", REFUSAL, { holder: "one", at: 1 });
      await one.beginAnswer("yes", claim("one", 0, about));
      await one.settle("yes", ANSWER, { holder: "one", at: 1 });
      const next = await place.open();
      const refused = { state: "answered", result: REFUSAL };
      expect(await next.beginAnswer("no", claim("two", 2, { subject: B }))).toEqual(refused);
      expect(await next.forgetNoAnswers(A, "other")).toBe(0);
      expect(await next.forgetNoAnswers(B, "judged")).toBe(1);
      expect(await next.beginAnswer("no", claim("two", 2, about))).toMatchObject({ state: "claimed" });
      expect(await next.forgetNoAnswers(A, "judged")).toBe(0);
      expect(await next.beginAnswer("yes", claim("two", 2, about))).toMatchObject({ state: "answered" });
    });

    it("knows what an answer of a scorer costs on average", async () => {
      expect(await one.meanCost("judged")).toBeNull();
      const results = [{ ...ANSWER, usage: { inputTokens: 100, outputTokens: 10 }, cost: 0.5 }, REFUSAL];
      for (const [index, result] of results.entries()) {
        await one.beginAnswer(`k${index}`, claim("one", 0));
        await one.settle(`k${index}`, result, { holder: "one", at: 1 });
      }
      await one.beginAnswer("open", claim("one", 0));
      expect(await two.meanCost("judged")).toEqual({
        usd: 0.375,
        inputTokens: 50,
        outputTokens: 5,
        answers: 2,
      });
    });

    it("gives each of the first places of an agent's version once, whoever asks, also after a restart", async () => {
      const version = { service: "shop", agent: "support", version: "2" };
      const first = { limit: 20, versionsPerDay: 9, at: 1_000 };
      const take = (number: number) => (number % 2 === 0 ? one : two).countVersion(version, first);
      const places = await Promise.all(numbers(30).map(take));
      expect(places.toSorted((a, b) => a - b)).toEqual([
        ...numbers(20).map((number) => number - 1),
        ...numbers(10).map(() => 20),
      ]);
      expect(await (await place.open()).countVersion(version, first)).toBe(20);
      for (const other of [{ service: null }, { agent: null }, { version: null }, { version: "\0" }]) {
        expect(await one.countVersion({ ...version, ...other }, first)).toBe(0);
        expect(await two.countVersion({ ...version, ...other }, first)).toBe(1);
      }
    });

    it("has first places for so many new versions of a service a day", async () => {
      const ask = (service: string, version: string, at: number) =>
        one.countVersion({ service, agent: null, version }, { limit: 5, versionsPerDay: 2, at });
      expect([await ask("a", "1", 0), await ask("a", "2", 10), await ask("a", "3", 20)]).toEqual([0, 0, 5]);
      expect([await ask("b", "1", 20), await ask("a", "2", 20)]).toEqual([0, 1]);
      expect(await ask("a", "3", 86_400_000)).toBe(0);
    });

    it("ends with the newest revision whole, whoever saves and adds in between", async () => {
      const saves = numbers(6).map((revision) => {
        const store = revision % 2 === 0 ? one : two;
        return store.saveScored(scoredTrace(A, revision, [scoreOf("calm", 1), scoreOf("kind", 0)]));
      });
      const adds = numbers(6).map((revision) =>
        (revision % 2 === 0 ? two : one).addScores({
          traceId: A,
          revision,
          scores: [scoreOf("judged", 1)],
          rootAttributes: { "tracegate.score.judged": 1 },
          sinks: ["otlp"],
          at: 8_000,
        }),
      );
      const added = await Promise.all(adds);
      await Promise.all(saves);
      const trace = await one.trace(A);
      expect(trace?.summary.revision).toBe(6);
      const names = ["calm", "judged", "kind"].filter((name) => name !== "judged" || added[5] === true);
      expect(trace?.scores.map((score) => score.name)).toEqual(names);
      const open = (await one.ledger(A)).filter((row) => row.state !== "superseded");
      expect(open.map((row) => `${row.revision} ${row.scorer}`)).toEqual(names.map((each) => `6 ${each}`));
      expect(await one.outbox(9_999, 9, { holder: "one", leaseMs: 1 })).toMatchObject([{ revision: 6 }]);
    });
  });
}
