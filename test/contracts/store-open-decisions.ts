import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Score } from "../../src/core/score.ts";
import type { Store } from "../../src/core/store.ts";
import { A, B, type StorePlace, scoredTrace, scoreOf } from "./store.ts";

/** What a {@link Store} tells of the decisions that still ask for something. */
export function openDecisionsContract(name: string, newPlace: () => Promise<StorePlace>): void {
  describe(`${name}, asked what is open`, () => {
    let place: StorePlace;
    let store: Store;
    beforeEach(async () => {
      place = await newPlace();
      store = await place.open();
    });
    afterEach(() => place.remove());

    const judged = (name: string, code: NonNullable<Score["unscored"]>["code"], retryAt?: number) =>
      scoreOf(name, null, {
        kind: "judge",
        unscored: { code, ...(retryAt !== undefined && { retryAt }) },
      });

    it("counts them by scorer, state and code, and leaves out what is settled", async () => {
      expect(await store.openDecisions()).toEqual([]);
      const doubtful = scoreOf("doubtful", 1, { kind: "judge", metadata: { inDoubt: true } });
      const settled = [scoreOf("calm", 1), judged("quiet", "not-applicable"), judged("rare", "sampled-out")];
      await store.saveScored(
        scoredTrace(A, 1, [judged("paid", "quota"), judged("slow", "rate-limited", 9), doubtful, ...settled]),
      );
      await store.saveScored(scoredTrace(B, 1, [judged("paid", "paused"), judged("slow", "timed-out")]));
      expect(await store.openDecisions()).toEqual([
        { scorer: "doubtful", state: "in-doubt", code: null, rows: 1 },
        { scorer: "paid", state: "paused", code: "paused", rows: 1 },
        { scorer: "paid", state: "paused", code: "quota", rows: 1 },
        { scorer: "slow", state: "failed", code: "timed-out", rows: 1 },
        { scorer: "slow", state: "waiting", code: "rate-limited", rows: 1 },
      ]);
      await store.saveScored(scoredTrace(A, 2, [judged("paid", "quota")]));
      const paid = (await store.openDecisions()).filter(({ scorer }) => scorer === "paid");
      expect(paid.reduce((sum, { rows }) => sum + rows, 0)).toBe(2);
    });

    it("forgets what the root said of a scorer before its score came", async () => {
      const unscored = { "tracegate.unscored.slow": "rate-limited", "tracegate.version.slow": "1" };
      const other = { "tracegate.score.calm": 1, "tracegate.revision": 1 };
      const scores = [judged("slow", "rate-limited", 9), scoreOf("calm", 1)];
      await store.saveScored({ ...scoredTrace(A, 1, scores), rootAttributes: { ...unscored, ...other } });
      const slow = scoreOf("slow", 1, { kind: "judge" });
      const rootAttributes = { "tracegate.score.slow": 1, "tracegate.revision": 1 };
      await store.addScores({ traceId: A, revision: 1, scores: [slow], rootAttributes, sinks: [], at: 10 });
      expect((await store.trace(A))?.rootAttributes).toEqual({ ...other, "tracegate.score.slow": 1 });
    });
  });
}
