import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Store } from "../../src/core/store.ts";
import { unlessPurged } from "../../src/pipeline/unless-purged.ts";
import { openDatabase } from "../../src/store/open-database.ts";
import { SqliteStore } from "../../src/store/sqlite-store.ts";
import type { StateDatabase } from "../../src/store/state-database.ts";
import { A, scoredTrace, scoreOf } from "../contracts/store.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";

describe("work on a trace", () => {
  const folder = { path: "", remove: () => {} };
  let database: StateDatabase;
  let store: Store;
  beforeEach(() => {
    Object.assign(folder, temporaryFolder());
    database = openDatabase(folder.path);
    store = new SqliteStore(database);
  });
  afterEach(() => {
    database.close();
    folder.remove();
  });
  const working = (work: () => Promise<unknown>) =>
    unlessPurged(A, { store, clock: { now: () => 20_000 } }, work);
  const purge = () => store.purge({ traceId: A }, { at: 10_000, until: 60_000 });

  it("is not begun when the trace was purged", async () => {
    await purge();
    expect(await working(() => Promise.reject(new Error("begun")))).toBe("purged");
  });

  it("leaves nothing behind when the trace is purged in the middle of it", async () => {
    const done = await working(async () => {
      await purge();
      await store.beginAnswer("k", { holder: "t", leaseMs: 1, now: 1, scorer: "judged", subject: A });
      await store.saveScored(scoredTrace(A, 1, [scoreOf("calm", 1)]));
    });
    expect(done).toBe("purged");
    expect(await store.trace(A)).toBeNull();
    expect(await store.toPurge({ traceId: A })).toEqual({ traces: [], answers: 0 });
  });

  it("fails for nothing when its spans are gone, and as ever otherwise", async () => {
    const failing = async () => {
      await purge();
      throw new Error("no spans");
    };
    expect(await working(failing)).toBe("purged");
    await expect(
      unlessPurged("b".repeat(32), { store, clock: { now: () => 20_000 } }, failing),
    ).rejects.toThrow("no spans");
  });
});
