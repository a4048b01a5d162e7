import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { SpendLimits, Store } from "../../src/core/store.ts";
import type { StorePlace } from "./store.ts";

const DAY = "2026-11-20";

/** What a {@link Store} promises of budgets: two store objects on one place. */
export function spendingContract(name: string, newPlace: () => Promise<StorePlace>): void {
  describe(`${name}, keeping budgets`, () => {
    let place: StorePlace;
    let one: Store;
    let two: Store;
    beforeEach(async () => {
      place = await newPlace();
      [one, two] = [await place.open(), await place.open()];
    });
    afterEach(() => place.remove());

    const reserve = (
      store: Store,
      purses: { readonly [purse: string]: SpendLimits },
      { usd = 0, tokens = 0, day = DAY } = {},
    ) => store.reserveSpend({ day, purses: new Map(Object.entries(purses)), usd, tokens });

    it("takes until the limit is reached, over all workers, and never more", async () => {
      const answers = await Promise.all(
        Array.from({ length: 40 }, (_, index) =>
          reserve(index % 2 === 0 ? one : two, { all: { usd: 10 } }, { usd: 0.5, tokens: 100 }),
        ),
      );
      expect(answers.filter((answer) => answer === null)).toHaveLength(20);
      expect(answers.find((answer) => answer !== null)).toEqual({
        purse: "all",
        unit: "usd",
        spent: 10,
        reserved: 10,
      });
    });

    it("takes from all purses or from none", async () => {
      const purses = { all: { usd: 10 }, "scorer:tone": { tokens: 1_000 } };
      expect(await reserve(one, purses, { usd: 1, tokens: 900 })).toBeNull();
      const refusal = await reserve(two, purses, { usd: 1, tokens: 200 });
      expect(refusal).toEqual({ purse: "scorer:tone", unit: "tokens", spent: 900, reserved: 900 });
      expect(await reserve(one, { all: { usd: 2 } }, { usd: 1 })).toBeNull();
      expect(await reserve(one, { all: { usd: 2 } }, { usd: 0.1 })).toMatchObject({ spent: 2 });
    });

    it("gives back what was not spent, and takes what was spent besides", async () => {
      await reserve(one, { all: { usd: 10 } }, { usd: 8 });
      await two.settleSpend(DAY, ["all"], { usd: -6, tokens: 0 });
      expect(await reserve(one, { all: { usd: 10 } }, { usd: 8 })).toBeNull();
      await two.settleSpend(DAY, ["all"], { usd: 3, tokens: 0 });
      expect(await reserve(one, { all: { usd: 10 } }, { usd: 0.1 })).toMatchObject({ spent: 13 });
    });

    it("keeps apart what was spent and what is reserved for calls whose cost is not known", async () => {
      const purses = { all: { usd: 1 }, "scorer:tone": {} };
      for (const store of [one, two, one]) await reserve(store, purses, { usd: 0.3, tokens: 300 });
      const settled = { usd: -0.2, tokens: -200 };
      await two.settleSpend(DAY, ["all", "scorer:tone"], settled, { usd: 0.3, tokens: 300 });
      const sums = await one.spending(DAY);
      expect(sums.map(({ purse }) => purse)).toEqual(["all", "scorer:tone"]);
      for (const { usd, tokens, reserved } of sums) {
        expect([usd, reserved.usd]).toEqual([expect.closeTo(0.7), expect.closeTo(0.6)]);
        expect([tokens, reserved.tokens]).toEqual([700, 600]);
      }
      const refusal = await reserve(two, { all: { tokens: 700 } }, { tokens: 1 });
      expect(refusal).toMatchObject({ unit: "tokens", spent: 700, reserved: 600 });
      for (const _ of [1, 2])
        await one.settleSpend(DAY, ["all"], { usd: 0, tokens: 0 }, { usd: 0.3, tokens: 300 });
      expect((await two.spending(DAY))[0]?.reserved).toEqual({ usd: 0, tokens: 0 });
      expect(await one.spending("2026-11-21")).toEqual([]);
    });

    it("begins every day anew, and counts purses without a limit, too", async () => {
      await reserve(one, { all: { usd: 1 } }, { usd: 1 });
      expect(await reserve(one, { all: { usd: 1 } }, { usd: 1, day: "2026-11-21" })).toBeNull();
      await reserve(one, { free: {} }, { usd: 70 });
      expect(await reserve(one, { free: { usd: 50 } }, { usd: 1 })).toMatchObject({ spent: 70 });
    });
  });
}
