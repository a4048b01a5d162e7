import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { TracegateError } from "../../src/core/errors.ts";
import type { Job } from "../../src/core/queue.ts";
import { ageOutDead, recordDeath, redriveDead } from "../../src/pipeline/dead-jobs.ts";
import { TRACE_ITSELF } from "../../src/pipeline/process-trace.ts";
import { openDatabase } from "../../src/store/open-database.ts";
import { SqliteQueue } from "../../src/store/sqlite-queue.ts";
import { SqliteStore } from "../../src/store/sqlite-store.ts";
import { SqliteTraceBuffer } from "../../src/store/sqlite-trace-buffer.ts";
import type { StateDatabase } from "../../src/store/state-database.ts";
import { scoredTrace, scoreOf } from "../contracts/store.ts";
import { POLICY } from "../contracts/trace-buffer.ts";
import { makeFragment, traceIdOf } from "../store/make-fragment.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";

const traceId = traceIdOf(1);
const first: Job = { v: 1, traceId, revision: 1, from: "buffer" };
const again: Job = { ...first, from: "store", scorers: ["judged"] };
const error = new TracegateError("bad-input", "Byte 7.");

describe("dead jobs", () => {
  const folder = { path: "", remove: () => {} };
  const clock = { time: 1_000, now: () => clock.time };
  let database: StateDatabase;
  let store: SqliteStore;
  let queue: SqliteQueue;
  beforeEach(() => {
    Object.assign(folder, temporaryFolder());
    clock.time = 1_000;
    database = openDatabase(folder.path);
    store = new SqliteStore(database);
    queue = new SqliteQueue(database, { clock, backoffMs: 1 });
  });
  afterEach(async () => {
    await queue.close();
    database.close();
    folder.remove();
  });

  /** Lets the jobs die, and writes that down. */
  async function die(...jobs: Job[]): Promise<void> {
    const died = Promise.withResolvers<void>();
    let left = jobs.length;
    const onDead = async (job: Job, thrown: Error, attempts: number) => {
      await recordDeath({ job, error: thrown, attempts, at: clock.time }, store);
      left -= 1;
      if (left === 0) died.resolve();
    };
    const consumer = await queue.consume(() => Promise.reject(error), { concurrency: 1, onDead });
    await queue.enqueue(jobs);
    await died.promise;
    await consumer.stop(1_000);
  }

  it("are a failed row of the trace, which a redrive takes back", async () => {
    await die(first);
    expect(await store.ledger(traceId)).toMatchObject([
      {
        scorer: TRACE_ITSELF,
        state: "failed",
        code: "bad-input",
        reason: "Byte 7.",
        attempts: 1,
        retryAt: null,
      },
    ]);
    expect(await redriveDead(await queue.dead(9), { queue, store, clock })).toBe(1);
    expect(await store.ledger(traceId)).toMatchObject([{ scorer: TRACE_ITSELF, state: "superseded" }]);
    expect(await queue.counts()).toMatchObject({ waiting: 1, dead: 0 });
  });

  it("that were to try scorers again fail those that still wait, and only a redrive lets them wait again", async () => {
    const unscored = { code: "rate-limited", retryAt: 500 } as const;
    const waiting = scoreOf("judged", null, { kind: "judge", unscored });
    await store.saveScored(
      scoredTrace(traceId, 1, [waiting, { ...waiting, name: "other" }, scoreOf("calm", 1)]),
    );
    await die(again);
    expect(await store.ledger(traceId)).toMatchObject([
      { scorer: "calm", state: "scored" },
      { scorer: "judged", state: "failed", code: "bad-input" },
      { scorer: "other", state: "waiting" },
    ]);
    expect(await redriveDead(await queue.dead(9), { queue, store, clock })).toBe(1);
    const [, judged] = await store.ledger(traceId);
    expect(judged).toMatchObject({ state: "waiting", attempts: 0, retryAt: 601_000 });
  });

  it("age out with their spans, and younger ones stay", async () => {
    const buffer = new SqliteTraceBuffer(database);
    for (const number of [1, 2]) {
      await buffer.append([makeFragment(traceIdOf(number), [{ id: 1 }])], 0);
      await buffer.signal(traceIdOf(number), 0);
    }
    await buffer.seal(10, POLICY, 10);
    await die(first);
    clock.time = 5_000;
    await die({ ...first, traceId: traceIdOf(2) });
    expect(await ageOutDead(3_000, { queue, buffer })).toBe(1);
    expect((await queue.dead(9)).map(({ job }) => job.traceId)).toEqual([traceIdOf(2)]);
    expect(await buffer.describe(traceIdOf(1))).toBeNull();
    expect(await buffer.describe(traceIdOf(2))).toMatchObject({ state: "sealed" });
    expect(await ageOutDead(3_000, { queue, buffer })).toBe(0);
  });
});
