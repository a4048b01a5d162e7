import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Repeating } from "../../src/pipeline/repeat.ts";
import { spansUntil, startSweeping } from "../../src/pipeline/retention.ts";
import { openDatabase } from "../../src/store/open-database.ts";
import { SqliteStore } from "../../src/store/sqlite-store.ts";
import type { StateDatabase } from "../../src/store/state-database.ts";
import { scoredTrace } from "../contracts/store.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";

const idOf = (number: number) => number.toString(16).padStart(32, "0");

describe("the spans of scored traces", () => {
  const folder = { path: "", remove: () => {} };
  let database: StateDatabase;
  let store: SqliteStore;
  let sweeping: Repeating | undefined;
  beforeEach(() => {
    Object.assign(folder, temporaryFolder());
    database = openDatabase(folder.path);
    store = new SqliteStore(database);
  });
  afterEach(async () => {
    await sweeping?.stop();
    database.close();
    folder.remove();
  });

  const keep = (number: number, until: number) =>
    store.saveScored(scoredTrace(idOf(number), 1, [], { spansUntil: until, sinks: [] }));
  const kept = async (count: number) => {
    const traces = await Promise.all(Array.from({ length: count }, (_, index) => store.trace(idOf(index))));
    return traces.filter((trace) => trace?.payload).length;
  };

  it("are kept longer in the sample than outside of it", () => {
    const retention = { sampledMs: 1_000, leftOutMs: 10 };
    const decision = { probability: 0.1, reason: "rate" } as const;
    expect(spansUntil({ ...decision, sampled: true }, 5, retention)).toBe(1_005);
    expect(spansUntil({ ...decision, sampled: false }, 5, retention)).toBe(15);
  });

  it("are let go when their time is over, a bounded number in one sweep, and the rest in the next", async () => {
    for (let number = 0; number < 30; number++) await keep(number, number < 20 ? 100 : 300);
    const clock = { now: () => 200 };
    const drops: number[] = [];
    const counting = {
      dropPayloads: async (now: number, limit: number) => {
        const dropped = await store.dropPayloads(now, limit);
        drops.push(dropped);
        return dropped;
      },
    };
    sweeping = startSweeping({ store: counting, clock, atOnce: 4, rounds: 3, everyMs: 20 });
    await expect.poll(() => drops.slice(0, 6), { timeout: 10_000 }).toEqual([4, 4, 4, 4, 4, 0]);
    expect(await kept(30)).toBe(10);
    expect((await store.counts()).traces).toBe(30);
  });

  it("are let go later when the store is away meanwhile", async () => {
    await keep(0, 100);
    const faults: unknown[] = [];
    let tries = 0;
    const weak = {
      dropPayloads: (now: number, limit: number) =>
        ++tries === 1 ? Promise.reject(new Error("away")) : store.dropPayloads(now, limit),
    };
    const onFault = (error: unknown) => faults.push(error);
    sweeping = startSweeping({ store: weak, clock: { now: () => 200 }, everyMs: 5, onFault });
    await expect.poll(() => kept(1), { timeout: 10_000 }).toBe(0);
    expect(faults).toEqual([new Error("away")]);
  });

  it("may be swept by several at once", async () => {
    for (let number = 0; number < 40; number++) await keep(number, 100);
    const second = openDatabase(folder.path);
    const other = new SqliteStore(second);
    const clock = { now: () => 200 };
    const two = [store, other].map((one) => startSweeping({ store: one, clock, atOnce: 3 }));
    await expect.poll(() => kept(40), { timeout: 10_000 }).toBe(0);
    for (const one of two) await one.stop();
    second.close();
  });
});
