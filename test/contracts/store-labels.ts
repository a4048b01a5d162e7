import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Label } from "../../src/core/label.ts";
import type { Store } from "../../src/core/store.ts";
import { A, B, type StorePlace, scoredTrace } from "./store.ts";

/** What a {@link Store} does with labels. */
export function labelsContract(name: string, newPlace: () => Promise<StorePlace>): void {
  describe(`${name}, with what people said`, () => {
    let place: StorePlace;
    let store: Store;
    beforeEach(async () => {
      place = await newPlace();
      store = await place.open();
    });
    afterEach(() => place.remove());

    const label = (traceId: string, more: Partial<Label> = {}): Label => ({
      v: 1,
      traceId,
      scorer: "groundedness",
      passed: true,
      reviewer: "ana",
      source: "review",
      at: 1_000,
      ...more,
    });
    const all = () => store.labels({ after: null, limit: 100 });

    it("keeps the last word of each person about each trace and question", async () => {
      const changed = label(A, { passed: false, at: 2_000, note: "on second thought" });
      await store.saveLabels([label(A), label(A, { reviewer: "bo" }), changed, label(B, { scorer: "tone" })]);
      await store.saveLabels([label(A, { at: 500 })]);

      expect(await all()).toEqual([changed, label(A, { reviewer: "bo" }), label(B, { scorer: "tone" })]);
    });

    it("gives them a page at a time", async () => {
      const people = ["ana", "bo", "chi"].map((reviewer) => label(A, { reviewer }));
      await store.saveLabels(people);
      const first = await store.labels({ after: null, limit: 2 });

      expect(first).toEqual(people.slice(0, 2));
      expect(await store.labels({ after: first[1] ?? null, limit: 2 })).toEqual(people.slice(2));
    });

    it("takes a label of a trace that has not arrived, and forgets all of a trace that is purged", async () => {
      await store.saveLabels([label(A), label(B)]);
      await store.saveScored(scoredTrace(A, 1, []));
      await store.purge({ traceId: A });

      expect(await all()).toEqual([label(B)]);
    });

    it("takes none without a word", async () => {
      await store.saveLabels([]);
      expect(await all()).toEqual([]);
    });
  });
}
