import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { LedgerRow, Store } from "../../src/core/store.ts";
import { A, B, type StorePlace, scoredTrace, scoreOf } from "./store.ts";

const C = "c".repeat(32);
const LEASE = { holder: "test", leaseMs: 60_000 };

const later = (retryAt: number) =>
  scoreOf("judged", null, { kind: "judge", unscored: { code: "provider-down", retryAt } });

function ledgerRow(subject: string, scorer: string, more: Partial<LedgerRow> = {}): LedgerRow {
  const row = { subject, revision: 1, scorer, version: "1", reason: null, attempts: 1, at: 1, retryAt: null };
  return { ...row, state: "failed", code: "refused", ...more };
}

/** What a {@link Store} does with scores that come later, pauses, retention and purging. */
export function laterScoresContract(name: string, newPlace: () => Promise<StorePlace>): void {
  describe(`${name}, after a trace was scored`, () => {
    let place: StorePlace;
    let store: Store;
    beforeEach(async () => {
      place = await newPlace();
      store = await place.open();
    });
    afterEach(() => place.remove());

    const add = (value: number | null, revision = 1) =>
      store.addScores({
        traceId: A,
        revision,
        scores: [value === null ? later(20_000) : scoreOf("judged", value, { kind: "judge" })],
        rootAttributes: { "tracegate.score.judged": value },
        sinks: ["otlp"],
        at: 8_000,
      });

    it("adds a score to the stored revision: trace, failing list, ledger and sinks know it", async () => {
      await store.saveScored(scoredTrace(A, 1, [scoreOf("calm", 1), later(6_000)]));
      await store.delivered(await store.outbox(9_999, 9, LEASE), 6_000);
      expect(await add(0)).toBe(true);
      const trace = await store.trace(A);
      expect(trace?.scores.map(({ name, value }) => [name, value])).toEqual([
        ["calm", 1],
        ["judged", 0],
      ]);
      expect(trace?.rootAttributes).toEqual({ "tracegate.score.calm": 1, "tracegate.score.judged": 0 });
      expect(trace?.payload).toEqual(new Uint8Array([40, 1, 255]));
      expect(await store.list({ failing: true })).toHaveLength(1);
      expect((await store.ledger(A))[1]).toMatchObject({ state: "scored", attempts: 2, at: 8_000 });
      expect(await store.outbox(9_999, 9, LEASE)).toMatchObject([{ sink: "otlp", edition: 1 }]);
    });

    it("tells nobody when the scores added are those that are there", async () => {
      await store.saveScored(scoredTrace(A, 1, []));
      await add(1);
      await store.delivered(await store.outbox(9_999, 9, LEASE), 9_000);
      const before = await store.ledger(A);
      expect(await add(1)).toBe(true);
      expect(await store.ledger(A)).toEqual(before);
      expect(await store.outbox(99_999, 9, LEASE)).toEqual([]);
    });

    it("never lets a score without a value take the place of one with a value", async () => {
      await store.saveScored(scoredTrace(A, 1, [later(6_000)]));
      await add(1);
      await add(null);
      await store.saveScored(scoredTrace(A, 1, [later(6_000)]));
      expect((await store.trace(A))?.scores[0]?.value).toBe(1);
      expect(await store.ledger(A)).toMatchObject([{ state: "scored" }]);
      await store.saveScored(scoredTrace(A, 1, [{ ...later(6_000), version: "2" }]));
      expect((await store.trace(A))?.scores[0]?.value).toBeNull();
    });

    it("adds nothing to another revision, and lets its waiting rows end", async () => {
      expect(await add(1)).toBe(false);
      await store.saveScored(scoredTrace(A, 2, [scoreOf("calm", 1)]));
      await store.record([ledgerRow(A, "judged", { state: "waiting", code: "timed-out", retryAt: 5 })]);
      expect(await add(1, 1)).toBe(false);
      expect((await store.trace(A))?.scores.map((score) => score.name)).toEqual(["calm"]);
      expect(await store.ledger(A)).toMatchObject([{ state: "superseded", retryAt: null }, { revision: 2 }]);
      expect(await add(1, 3)).toBe(false);
    });

    it("gives scorers whose next try is due, those of one trace together, and again when nobody settles", async () => {
      const two = [later(6_000), { ...later(6_000.5), name: "kind" }];
      await store.saveScored(scoredTrace(A, 1, [scoreOf("calm", 1), ...two]));
      await store.saveScored(scoredTrace(B, 3, [later(7_000)]));
      const claim = (now: number) => store.claimDue(now, { limit: 10, leaseMs: 1_000 });
      expect(await claim(5_999)).toEqual([]);
      const [due, none] = await claim(6_500);
      expect(none).toBeUndefined();
      expect({ ...due, scorers: due?.scorers.toSorted() }).toEqual({
        traceId: A,
        revision: 1,
        scorers: ["judged", "kind"],
      });
      expect(await store.waiting()).toEqual({ deliveries: 2, retries: 3 });
      expect(await claim(7_000)).toEqual([{ traceId: B, revision: 3, scorers: ["judged"] }]);
      expect(await claim(7_499)).toEqual([]);
      await add(1);
      expect(await claim(7_500)).toEqual([{ traceId: A, revision: 1, scorers: ["kind"] }]);
      expect(await store.claimDue(99_999, { limit: 1, leaseMs: 1 })).toHaveLength(1);
    });

    it("lists ledger rows of all traces by state and scorer, the oldest first", async () => {
      await store.saveScored(scoredTrace(A, 1, [scoreOf("calm", 1), scoreOf("quiet", null)]));
      await store.record([ledgerRow(B, "judged", { at: 9 }), ledgerRow(A, "judged"), ledgerRow(C, "other")]);
      const ids = async (filter: Parameters<Store["ledgerRows"]>[0]) =>
        (await store.ledgerRows(filter)).map(({ subject, scorer }) => `${subject[0]} ${scorer}`);
      expect(await ids({ state: "failed", limit: 9 })).toEqual(["a judged", "c other", "b judged"]);
      expect(await ids({ state: "failed", scorer: "judged", limit: 9 })).toEqual(["a judged", "b judged"]);
      expect(await ids({ state: "failed", limit: 1 })).toEqual(["a judged"]);
      expect(await ids({ state: "filtered", limit: 9 })).toEqual(["a quiet"]);
      expect(await ids({ scorer: "calm", limit: 9 })).toEqual(["a calm"]);
      expect(await ids({ limit: 9 })).toHaveLength(5);
    });

    it("holds a scorer back until it is resumed, over a kill", async () => {
      const paused = (subject: string) => ledgerRow(subject, "judged", { state: "paused", code: "paused" });
      await store.record([paused(A), paused(B), { ...paused(C), scorer: "other" }]);
      await store.pause({ scorer: "judged", reason: "402: no money left", at: 1.5 });
      await store.pause({ scorer: "judged", reason: "again", at: 2 });
      await store.pause({ scorer: "another", reason: "401", at: 3 });
      store = await place.open();
      expect(await store.pauses()).toEqual([
        { scorer: "another", reason: "401", at: 3 },
        { scorer: "judged", reason: "402: no money left", at: 1.5 },
      ]);
      expect(await store.resumePaused("judged", 50)).toBe(2);
      expect(await store.resumePaused("judged", 50)).toBe(0);
      expect(await store.claimDue(60, { limit: 9, leaseMs: 1 })).toEqual([]);
      await store.unpause("judged");
      expect(await store.claimDue(60, { limit: 9, leaseMs: 1 })).toHaveLength(2);
      expect((await store.ledger(C))[0]?.state).toBe("paused");
    });

    const hasSpans = async (id: string) => (await store.trace(id))?.payload !== null;

    it("keeps summaries without spans, and lets spans go when their time is over, so many at once", async () => {
      const until = (traceId: string, spansUntil: number) =>
        store.saveScored(scoredTrace(traceId, 1, [scoreOf("calm", 1)], { spansUntil, sinks: [] }));
      await store.saveScored({ ...scoredTrace(A, 1, [scoreOf("calm", 1)]), payload: null });
      expect(await store.trace(A)).toMatchObject({ payload: null, scores: [{ value: 1 }] });
      await until(A, 100);
      await store.saveScored({ ...scoredTrace(A, 1, [], { spansUntil: 100 }), sinks: [], payload: null });
      expect((await store.trace(A))?.payload).toEqual(new Uint8Array([40, 1, 255]));
      await until(B, 200.5);
      await until(C, 300);
      await store.delivered(await store.outbox(9_999, 9, LEASE), 6_000);
      expect(await store.dropPayloads(300, 1)).toBe(1);
      expect(await store.dropPayloads(300, 9)).toBe(1);
      expect(await store.dropPayloads(300, 9)).toBe(0);
      expect(await Promise.all([A, B, C].map(hasSpans))).toEqual([false, false, true]);
      expect(await store.trace(A)).toMatchObject({ summary: { spansUntil: 100 }, scores: [{ value: 1 }] });
      await store.saveScored({ ...scoredTrace(C, 2, []), payload: null });
      expect(await hasSpans(C)).toBe(false);
    });

    it("keeps spans for ever that have no end, and those a sink waits for until it has them or is given up", async () => {
      await store.saveScored(scoredTrace(A, 1, [], { spansUntil: 100 }));
      await store.saveScored(scoredTrace(B, 1, [], { sinks: [] }));
      await store.saveScored(scoredTrace(C, 1, [], { spansUntil: 101, sinks: [] }));
      expect(await store.dropPayloads(200, 1)).toBe(0);
      expect(await store.dropPayloads(200, 1)).toBe(1);
      expect(await Promise.all([A, B, C].map(hasSpans))).toEqual([true, true, false]);
      const [row] = await store.outbox(9_999, 9, LEASE);
      if (row) await store.deliveryFailed(row, "401", 6_000, null);
      expect(await store.dropPayloads(3_600_200, 9)).toBe(0);
      expect(await store.dropPayloads(3_600_201, 9)).toBe(1);
      expect(await store.dropPayloads(Date.UTC(9999, 0), 9)).toBe(0);
      expect(await Promise.all([A, B].map(hasSpans))).toEqual([false, true]);
    });

    it("tells a sink once of content that came after its delivery was leased, and before it was read", async () => {
      await store.saveScored(scoredTrace(A, 1, [later(6_000)]));
      const [row] = await store.outbox(9_999, 1, LEASE);
      if (row === undefined) throw new Error("nothing to deliver");
      const scores = [scoreOf("judged", 1, { kind: "judge" })];
      const given = { traceId: A, revision: 1, rootAttributes: {}, sinks: ["otlp"], at: 7_000 };
      await store.addScores({ ...given, scores });
      const content = await store.contentOf(row);
      expect(content.trace?.scores).toMatchObject([{ name: "judged", value: 1 }]);
      await store.delivered([content.row], 8_000);
      expect(await store.outbox(99_999, 9, LEASE)).toEqual([]);
    });

    it("purges a trace with everything about it, and nothing of another", async () => {
      for (const traceId of [A, B]) {
        const scores = [scoreOf("calm", 1), later(6_000)];
        await store.saveScored(scoredTrace(traceId, 1, scores, { sinks: ["one", "two"] }));
        const claim = { ...LEASE, now: 1, scorer: "judged", subject: traceId };
        await store.beginAnswer(`about ${traceId}`, claim);
      }
      const [row] = await store.outbox(9_999, 1, LEASE);
      if (row) await store.delivered([row], 6_000);
      const rows = await place.rows();
      expect(await store.purge({ traceId: A })).toEqual({
        traces: [{ traceId: A, deliveredTo: ["one"] }],
        answers: 1,
      });
      const halves = Object.entries(rows).map(([table, count]) => [table, count / 2]);
      expect(await place.rows()).toEqual(Object.fromEntries(halves));
      expect(await store.trace(B)).not.toBeNull();
      expect(await store.purge({ traceId: A })).toEqual({ traces: [], answers: 0 });
    });

    it("purges all traces of a user, shared answers included, and leaves nothing behind", async () => {
      await store.saveScored(scoredTrace(A, 1, [later(1)], { userId: "ann" }));
      await store.saveScored(scoredTrace(B, 1, [later(1)], { userId: "ann" }));
      await store.saveScored(scoredTrace(C, 1, [later(1)], { userId: "bob" }));
      for (const subject of [A, B, C]) {
        const answer = { label: "yes", rationale: "", evidence: [], model: "m", usage: {} };
        await store.beginAnswer("shared", { ...LEASE, now: 1, scorer: "judged", subject });
        await store.settle("shared", answer, { ...LEASE, at: 2 });
      }
      const purged = await store.purge({ userId: "ann" });
      expect(purged).toEqual({
        traces: [A, B].map((traceId) => ({ traceId, deliveredTo: [] })),
        answers: 1,
      });
      expect(await store.list({})).toMatchObject([{ traceId: C }]);
      await store.purge({ userId: "bob" });
      expect(await store.purge({ userId: "bob" })).toEqual({ traces: [], answers: 0 });
      const left = Object.entries(await place.rows()).filter(([, count]) => count > 0);
      expect(left).toEqual([]);
    });

    it("stores and purges what a trace may say of itself, however odd", async () => {
      const odd = `null \0, half \uD83D, ${"é😀".repeat(5_000)}`;
      const reason = scoreOf("judged", null, { explanation: odd, unscored: { code: "refused" } });
      await store.saveScored(scoredTrace(A, 1, [reason], { userId: odd, name: odd, agent: "" }));
      await store.saveScored(scoredTrace(B, 1, [reason], { userId: `${odd}!` }));
      const trace = await store.trace(A);
      expect([trace?.summary.userId, trace?.summary.name, trace?.scores[0]?.explanation]).toEqual([
        odd,
        odd,
        odd,
      ]);
      expect((await store.ledger(A))[0]?.reason).toMatch(/^null \uFFFD, half \uFFFD, é😀/);
      expect((await store.purge({ userId: odd })).traces).toMatchObject([{ traceId: A }]);
      expect(await store.list({})).toMatchObject([{ traceId: B }]);
    });

    it("says of a revision that was replaced that it had been delivered", async () => {
      await store.saveScored(scoredTrace(A, 1, []));
      await store.delivered(await store.outbox(9_999, 9, LEASE), 6_000);
      await add(1);
      await store.saveScored(scoredTrace(A, 2, [], { sinks: ["new"], scoredAt: 9_000 }));
      expect((await store.purge({ traceId: A })).traces).toEqual([{ traceId: A, deliveredTo: ["otlp"] }]);
    });
  });
}
