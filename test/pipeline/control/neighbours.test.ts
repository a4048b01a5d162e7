// A case that takes those beside it down, in a thread or service that they share.
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";

import { type Clock, systemClock } from "../../../src/core/clock.ts";
import type { Task } from "../../../src/core/run.ts";
import { agent } from "../gate-fakes.ts";
import { crash, gate, named, SIZE, sound } from "./controlled-gate.ts";

/** An agent whose trials share one thread: as long as one of `broken` is under way, all of them go down. */
function sharedBy(broken: readonly string[]): Task & { readonly alone: string[] } {
  const running = new Set<{ readonly id: string; isDown: boolean }>();
  const alone: string[] = [];
  const task = agent(async ({ id }) => {
    const one = { id, isDown: broken.includes(id) || [...running].some((each) => broken.includes(each.id)) };
    if (one.isDown) for (const beside of running) beside.isDown = true;
    running.add(one);
    await sleep(2);
    running.delete(one);
    if (running.size === 0) alone.push(id);
    return one.isDown ? crash("its thread ended") : { answer: `good answer to ${id}` };
  });
  return { ...task, renew: async () => {}, alone };
}

describe("a case that takes those beside it down", () => {
  it.each([4, 8, 24])(
    "is found among %i that were under way together, and blamed alone",
    async (concurrency) => {
      const last = `case-${concurrency - 1}`;
      const report = await gate(sharedBy([last]), sound, { concurrency });
      expect(report.verdict.status).toBe("block");
      expect(named(report, "regressed")).toEqual([last]);
      expect(new Set(report.control?.results.map(({ caseId }) => caseId))).toEqual(new Set([last]));
      // Each of its neighbours is tried alone once, and none by main.
      expect(report.run.results.length - SIZE).toBeLessThanOrEqual(concurrency + 12);
    },
  );

  it.each([2, 3])("is blamed alone among %i, which are all tried beside main", async (concurrency) => {
    const last = `case-${concurrency - 1}`;
    for (const maxTrials of [2, 6]) {
      const report = await gate(sharedBy([last]), sound, { concurrency, policy: { maxTrials } });
      expect(named(report, "regressed"), String(maxTrials)).toEqual([last]);
    }
  });

  it("is found beside another one that does, too", async () => {
    const report = await gate(sharedBy(["case-5", "case-7"]), sound, { concurrency: 8 });
    expect(named(report, "regressed")).toEqual(["case-5", "case-7"]);
  });

  it("is not looked for where all break down: three trials alone tell it", async () => {
    const all = Array.from({ length: SIZE }, (_, index) => `case-${index}`);
    const report = await gate(sharedBy(all), sound, { concurrency: 8 });
    expect(report.verdict.status).toBe("block");
    expect(named(report, "regressed")).toHaveLength(3);
    expect(report.run.results.length).toBeLessThanOrEqual(SIZE + 3 + 18);
  });

  it("is not found where the budget ends first, and the verdict says so", async () => {
    let ms = 0;
    const clock: Clock = { ...systemClock, now: () => ms };
    const change = sharedBy(["case-7"]);
    // The first trial alone takes longer than is left.
    const renew = async () => {
      ms = 120_000;
    };
    const report = await gate({ ...change, renew }, sound, { concurrency: 8, clock, budget: { minutes: 1 } });
    expect(report.verdict.status).toBe("inconclusive");
    expect(report.ended).toBe("budget");
    expect(report.verdict.reasons.slice(0, 2)).toEqual([
      expect.stringMatching(/^Not controlled: the budget was used up\./),
      expect.stringContaining("go on with `tracegate gate --resume`"),
    ]);
    expect(report.control).toBeUndefined();
  });

  it("is not found where the gate is interrupted first, and nothing is said of main, which was not asked", async () => {
    const stop = new AbortController();
    const change = sharedBy(["case-7"]);
    const renew = async () => stop.abort();
    const report = await gate({ ...change, renew }, sound, { concurrency: 8, signal: stop.signal });
    expect(report.ended).toBe("interrupted");
    expect(report.verdict.status).toBe("inconclusive");
    expect(report.verdict.reasons.join(" ")).toContain("Not controlled: the gate was interrupted");
  });

  it("that all answer alone is inconclusive, and blames nobody", async () => {
    // Once in the first pass, where each trial is made twice, and never again.
    let calls = 0;
    const change = agent(({ id }) => (++calls <= 2 * SIZE ? crash() : `good answer to ${id}`));
    const report = await gate({ ...change, renew: async () => {} }, sound, { concurrency: 8 });
    expect(report.verdict.status).toBe("inconclusive");
    expect(named(report, "regressed")).toEqual([]);
  });

  it("leaves nothing to ask main where each of them answers alone: their breakdowns are trials without a score", async () => {
    let calls = 0;
    const few = ["case-0", "case-1", "case-2", "case-3"];
    const change = agent(({ id }) =>
      few.includes(id) && ++calls <= 2 * few.length ? crash() : `good answer to ${id}`,
    );
    let asked = 0;
    const main = agent(({ id }) => `good answer to ${id} ${++asked}`);
    const report = await gate({ ...change, renew: async () => {} }, main);
    expect(asked).toBe(0);
    expect(report.verdict.controlled).toBeUndefined();
    expect(report.verdict.title).toBe(
      "Inconclusive: 4 of 44 trials gave no score, more than the 5 % allowed.",
    );
  });

  it("is not blamed where main goes down on it, too", async () => {
    const report = await gate(sharedBy(["case-7"]), sharedBy(["case-7"]), { concurrency: 8 });
    expect(report.verdict.status).toBe("inconclusive");
    expect(named(report, "regressed")).toEqual([]);
  });
});
