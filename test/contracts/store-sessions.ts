import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Store } from "../../src/core/store.ts";
import { A, B, type StorePlace, scoredTrace, scoreOf } from "./store.ts";

const C = "c".repeat(32);

/** What a {@link Store} knows of sessions. */
export function sessionContract(name: string, newPlace: () => Promise<StorePlace>): void {
  describe(`${name}, of sessions`, () => {
    let place: StorePlace;
    let store: Store;
    beforeEach(async () => {
      place = await newPlace();
      store = await place.open();
    });
    afterEach(() => place.remove());

    const save = (
      traceId: string,
      sessionId: string | null,
      scoredAt: number,
      startTime = scoredAt,
      revision = 1,
    ) =>
      store.saveScored(
        scoredTrace(traceId, revision, [scoreOf("calm", 1)], { sessionId, scoredAt, startTime }),
      );
    const idle = (before: number, after = 0) => store.idleSessions({ before, after, limit: 10 });

    it("lists those whose last trace is old enough, the longest idle first, and no others", async () => {
      await save(A, "late", 200);
      await save(B, "early", 100);
      await save(C, null, 50);
      expect(await idle(99)).toEqual([]);
      expect(await idle(100)).toEqual([{ sessionId: "early", lastAt: 100 }]);
      expect(await idle(900)).toEqual([
        { sessionId: "early", lastAt: 100 },
        { sessionId: "late", lastAt: 200 },
      ]);
      expect(await idle(900, 150)).toEqual([{ sessionId: "late", lastAt: 200 }]);
    });

    it("counts from the last trace of a session, and gives its traces by start time", async () => {
      await save(A, "one", 300, 20);
      await save(B, "one", 100, 10);
      await save(C, "one", 200, 30);
      expect(await idle(250)).toEqual([]);
      expect(await idle(300)).toEqual([{ sessionId: "one", lastAt: 300 }]);
      expect(await store.session("one", 10)).toEqual([B, A, C]);
      expect(await store.session("one", 2)).toEqual([A, C]);
      expect(await store.session("none", 2)).toEqual([]);
    });

    it("lists a session again only when a trace comes, or a newer revision, after it was scored", async () => {
      await save(A, "one", 100);
      await store.sessionScored({ sessionId: "one", lastAt: 100 });
      expect(await idle(900)).toEqual([]);
      // The same revision once more is no news.
      await save(A, "one", 150);
      expect(await idle(900)).toEqual([]);
      await save(A, "one", 200, 100, 2);
      expect(await idle(900)).toEqual([{ sessionId: "one", lastAt: 200 }]);
      await store.sessionScored({ sessionId: "one", lastAt: 200 });
      await save(B, "one", 300);
      // What came while it was being scored is still news.
      await store.sessionScored({ sessionId: "one", lastAt: 250 });
      expect(await idle(900)).toEqual([{ sessionId: "one", lastAt: 300 }]);
    });

    it("knows sessions with ids of any length, and forgets them with their traces", async () => {
      const long = "s".repeat(5_000);
      await save(A, long, 100);
      const [found] = await idle(900);
      expect(found?.sessionId).toHaveLength(64);
      expect(await store.session(long, 10)).toEqual([A]);
      expect(await store.session(found?.sessionId ?? "", 10)).toEqual([A]);
      await store.purge({ traceId: A }, { at: 1, until: 2 });
      expect(await idle(900)).toEqual([]);
      expect(await store.session(long, 10)).toEqual([]);
    });
  });
}
