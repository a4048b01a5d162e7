import { describe, expect, it } from "vitest";

import type { Clock } from "../../src/core/clock.ts";
import { HISTORY_WINDOW, type HistoryWindow } from "../../src/core/count-history.ts";
import type { History, HistoryTrial } from "../../src/core/run.ts";

/** What every adapter can be told. */
export interface HistoryContractOptions {
  readonly window?: HistoryWindow;
  readonly clock?: Clock;
}

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

const DAY = 86_400_000;

/** What every {@link History} does. `open` gives another instance on the same place. */
export function historyContract(
  name: string,
  newPlace: () => Promise<{ open(options?: HistoryContractOptions): History; remove(): Promise<void> }>,
): void {
  const withPlace = async (work: (open: (options?: HistoryContractOptions) => History) => Promise<void>) => {
    const place = await newPlace();
    try {
      await work((options) => place.open(options));
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

    it("knows a run by its id and its trials by their numbers, in whatever parts it comes", () =>
      withPlace(async (open) => {
        const run = [1, 2, 3].map((trial) => trialOf({ run: "a", trial }));
        await open().record(run.slice(0, 2));
        await open().record(run.slice(1));
        await open().record([trialOf({ run: "b", trial: 1, passed: false })]);
        expect(await open().entries(["0123456789abcdef"])).toMatchObject([{ passes: 3, trials: 4 }]);
      }));

    it(`looks back over ${HISTORY_WINDOW.trials} trials, or as many as it is told`, () =>
      withPlace(async (open) => {
        for (let run = 0; run < 4; run++) {
          await open().record(Array.from({ length: 15 }, () => trialOf({ at: run })));
        }
        expect(await open().entries(["0123456789abcdef"])).toMatchObject([{ passes: 50, trials: 50 }]);
        const short = open({ window: { trials: 7, days: 90 } });
        expect(await short.entries(["0123456789abcdef"])).toMatchObject([{ passes: 7, trials: 7 }]);
        await short.record([trialOf({ at: 9, passed: false })]);
        expect(await open().entries(["0123456789abcdef"])).toMatchObject([{ passes: 6, trials: 7 }]);
      }));

    it("forgets what is older than the window's days, counted from main's newest trial", () =>
      withPlace(async (open) => {
        const clock = { now: () => 500 * DAY };
        await open({ clock }).record([
          trialOf({ at: 0 }),
          trialOf({ at: 100 * DAY }),
          trialOf({ key: "b", at: 20 * DAY }),
        ]);
        expect(await open({ clock }).entries(["0123456789abcdef", "b"])).toMatchObject([
          { key: "b", trials: 1 },
          { key: "0123456789abcdef", trials: 1 },
        ]);
        await open({ clock }).record([trialOf({ key: "c", at: 150 * DAY })]);
        const longer = open({ clock, window: { trials: 50, days: 400 } });
        expect(await longer.entries(["0123456789abcdef", "b", "c"])).toMatchObject([
          { key: "0123456789abcdef", trials: 1 },
          { key: "c", trials: 1 },
        ]);
      }));

    it("loses nothing to a machine whose clock is ahead", () =>
      withPlace(async (open) => {
        const clock = { now: () => 10 * DAY };
        await open({ clock }).record([trialOf({ at: 9 * DAY })]);
        await open({ clock }).record([trialOf({ at: 9_000 * DAY })]);
        expect(await open({ clock }).entries(["0123456789abcdef"])).toMatchObject([{ trials: 2 }]);
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
