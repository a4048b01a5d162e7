import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { LedgerRow, Store } from "../../src/core/store.ts";
import { A, B, type StorePlace, scoredTrace, scoreOf } from "./store.ts";

const TOMBSTONE = { at: 10_000, until: 60_000 };

/** What a {@link Store} does of traces that were purged. */
export function purgeContract(name: string, newPlace: () => Promise<StorePlace>): void {
  describe(`${name}, of purged traces`, () => {
    let place: StorePlace;
    let store: Store;
    beforeEach(async () => {
      place = await newPlace();
      store = await place.open();
    });
    afterEach(() => place.remove());

    const row = (subject: string, at: number): LedgerRow => ({
      subject,
      revision: 1,
      scorer: "calm",
      version: "1",
      state: "failed",
      code: null,
      reason: "Why.",
      attempts: 1,
      at,
      retryAt: null,
    });

    it("says beforehand what would go, and deletes nothing", async () => {
      await store.saveScored(scoredTrace(A, 1, [scoreOf("calm", 1)], { userId: "ann" }));
      await store.beginAnswer("k", { holder: "t", leaseMs: 1, now: 1, scorer: "judged", subject: A });
      const rows = await place.rows();
      expect(await store.toPurge({ userId: "ann" })).toEqual({
        traces: [{ traceId: A, deliveredTo: [] }],
        answers: 1,
      });
      expect(await store.toPurge({ traceIds: [A, B] })).toMatchObject({ traces: [{ traceId: A }] });
      expect(await place.rows()).toEqual(rows);
    });

    it("purges several by id, and remembers each for a while without its id", async () => {
      for (const traceId of [A, B]) await store.saveScored(scoredTrace(traceId, 1, [scoreOf("calm", 1)]));
      const { traces } = await store.purge({ traceIds: [A, B] }, TOMBSTONE);
      expect(traces.map(({ traceId }) => traceId)).toEqual([A, B]);
      expect(await store.tombstone(A, 20_000)).toEqual(TOMBSTONE);
      expect(await store.tombstone(A, 60_001)).toBeNull();
      expect(await store.tombstone("c".repeat(32), 20_000)).toBeNull();
    });

    it("takes no decision and no label about one until its tombstone ends", async () => {
      await store.purge({ traceId: A }, TOMBSTONE);
      await store.record([row(A, 20_000), row(B, 20_000)]);
      const label = { v: 1, scorer: "calm", passed: true, reviewer: "ana", source: "feedback" } as const;
      await store.saveLabels([A, B].map((traceId) => ({ ...label, traceId, at: 20_000 })));
      expect(await store.ledger(A)).toEqual([]);
      expect(await store.ledger(B)).toHaveLength(1);
      expect((await store.labels({ after: null, limit: 9 })).map(({ traceId }) => traceId)).toEqual([B]);
      await store.record([row(A, 60_001)]);
      expect(await store.ledger(A)).toHaveLength(1);
    });

    it("forgets what was said of a whole session with another of its traces, and has it said again", async () => {
      const ofSession = scoreOf("settled", 1, { explanation: "quotes it", metadata: { sessionTraces: 2 } });
      for (const traceId of [A, B]) {
        const scores = [scoreOf("calm", 1), ...(traceId === B ? [ofSession] : [])];
        await store.saveScored(scoredTrace(traceId, 1, scores, { sessionId: "talk", scoredAt: 5_000 }));
      }
      await store.sessionScored({ sessionId: "talk", lastAt: 5_000 });
      expect(await store.idleSessions({ before: 9_000, after: 0, limit: 9 })).toEqual([]);
      await store.purge({ traceId: A }, TOMBSTONE);
      const left = await store.trace(B);
      expect(left?.scores.map(({ name }) => name)).toEqual(["calm"]);
      expect(left?.rootAttributes).toEqual({ "tracegate.score.calm": 1 });
      expect((await store.ledger(B)).map(({ scorer }) => scorer)).toEqual(["calm"]);
      expect(await store.idleSessions({ before: 9_000, after: 0, limit: 9 })).toHaveLength(1);
    });

    it("saves none again until its tombstone ends", async () => {
      await store.purge({ traceId: A }, TOMBSTONE);
      const saveAt = (scoredAt: number) =>
        store.saveScored(scoredTrace(A, 1, [scoreOf("calm", 1)], { scoredAt }));
      expect([await saveAt(20_000), await store.trace(A)]).toEqual([false, null]);
      expect(await store.standing(A, 20_000)).toMatchObject({ revision: 0, tombstone: TOMBSTONE });
      expect(await store.standing(A, 60_001)).toMatchObject({ revision: 0, tombstone: null });
      expect([await saveAt(60_001), await store.trace(A)]).toEqual([true, expect.anything()]);
      expect(await store.standing(A, 60_001)).toMatchObject({ revision: 1 });
    });

    it("lets go of tombstones that have ended, at the next purge", async () => {
      await store.purge({ traceId: A }, TOMBSTONE);
      await store.purge({ traceId: B }, { at: 70_000, until: 80_000 });
      expect(await store.tombstone(A, 20_000)).toBeNull();
      expect(await store.tombstone(B, 75_000)).not.toBeNull();
    });
  });
}
