import { describe, expect, it } from "vitest";

import type { History, HistoryTrial } from "../../src/core/run.ts";

/** A trial with a few fields of interest. */
export function trialOf(fields: Partial<HistoryTrial> = {}): HistoryTrial {
  return {
    caseId: "refund",
    scorer: "tool-errors",
    key: "0123456789abcdef",
    passed: true,
    commit: "c0ffee",
    at: 1_000,
    evidenceHash: null,
    ...fields,
  };
}

/** What every {@link History} does. `reopen` gives another instance on the same place. */
export function historyContract(
  name: string,
  newPlace: () => Promise<{ open(): History; remove(): Promise<void> }>,
): void {
  const withPlace = async (work: (open: () => History) => Promise<void>) => {
    const place = await newPlace();
    try {
      await work(() => place.open());
    } finally {
      await place.remove();
    }
  };

  describe(`${name} as a history`, () => {
    it("is empty where nothing was recorded", () =>
      withPlace(async (open) => {
        expect(await open().entries(["0123456789abcdef"])).toEqual([]);
        expect(await open().entries([])).toEqual([]);
      }));

    it("counts passes and trials per key, and remembers them", () =>
      withPlace(async (open) => {
        await open().record([
          trialOf({ passed: true }),
          trialOf({ passed: false }),
          trialOf({ caseId: "b", key: "b" }),
        ]);
        await open().record([trialOf({ at: 2_000 })]);
        expect(await open().entries(["0123456789abcdef"])).toEqual([
          { caseId: "refund", scorer: "tool-errors", key: "0123456789abcdef", passes: 2, trials: 3 },
        ]);
      }));

    it("never mixes keys: an edited case is a new one", () =>
      withPlace(async (open) => {
        await open().record([trialOf({ key: "old" }), trialOf({ key: "old" })]);
        await open().record([trialOf({ key: "new", passed: false, at: 2_000 })]);
        expect(await open().entries(["new", "never seen"])).toEqual([
          { caseId: "refund", scorer: "tool-errors", key: "new", passes: 0, trials: 1 },
        ]);
      }));

    it("counts trials with equal evidence once, across runs too", () =>
      withPlace(async (open) => {
        await open().record([trialOf({ evidenceHash: "e1" }), trialOf({ evidenceHash: "e1" })]);
        await open().record([
          trialOf({ evidenceHash: "e1", at: 2_000 }),
          trialOf({ evidenceHash: "e2", at: 2_000 }),
        ]);
        expect(await open().entries(["0123456789abcdef"])).toMatchObject([{ passes: 2, trials: 2 }]);
      }));

    it("keeps trials without evidence apart", () =>
      withPlace(async (open) => {
        await open().record([trialOf(), trialOf(), trialOf()]);
        expect(await open().entries(["0123456789abcdef"])).toMatchObject([{ passes: 3, trials: 3 }]);
      }));

    it("knows a run it has recorded: the second time changes nothing", () =>
      withPlace(async (open) => {
        const run = [trialOf(), trialOf({ passed: false })];
        await open().record(run);
        await open().record(run);
        expect(await open().entries(["0123456789abcdef"])).toMatchObject([{ passes: 1, trials: 2 }]);
      }));

    it("looks back over 20 trials", () =>
      withPlace(async (open) => {
        for (let run = 0; run < 6; run++) {
          await open().record(Array.from({ length: 5 }, () => trialOf({ at: run })));
        }
        expect(await open().entries(["0123456789abcdef"])).toMatchObject([{ passes: 20, trials: 20 }]);
      }));

    it("sets aside what main did before it was fixed", () =>
      withPlace(async (open) => {
        await open().record(Array.from({ length: 4 }, () => trialOf({ passed: false })));
        await open().record(Array.from({ length: 3 }, () => trialOf({ at: 2_000 })));
        expect(await open().entries(["0123456789abcdef"])).toMatchObject([{ passes: 3, trials: 3 }]);
      }));

    it("loses nothing when several record at once", () =>
      withPlace(async (open) => {
        await Promise.all(
          Array.from({ length: 8 }, (_, run) => open().record([trialOf({ at: run }), trialOf({ at: run })])),
        );
        expect(await open().entries(["0123456789abcdef"])).toMatchObject([{ passes: 16, trials: 16 }]);
      }));
  });
}
