import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { TracegateError } from "../../src/core/errors.ts";
import type { Job, JobHandler, Queue } from "../../src/core/queue.ts";
import { openDatabase } from "../../src/store/open-database.ts";
import { SqliteQueue } from "../../src/store/sqlite-queue.ts";
import type { StateDatabase } from "../../src/store/state-database.ts";
import { startWorker, type WorkerEvent } from "../../src/worker/start-worker.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";

describe("startWorker", () => {
  const folder = { path: "", remove: () => {} };
  const job: Job = { v: 1, traceId: "a".repeat(32), revision: 1, from: "buffer" };
  let database: StateDatabase;
  let queue: Queue;
  let events: WorkerEvent[];
  beforeEach(() => {
    Object.assign(folder, temporaryFolder());
    database = openDatabase(folder.path);
    queue = new SqliteQueue(database, { backoffMs: 10 });
    events = [];
  });
  afterEach(async () => {
    await queue.close();
    database.close();
    folder.remove();
  });

  const work = async (handle: JobHandler, jobs: readonly Job[] = [job]) => {
    const log = (event: WorkerEvent) => void events.push(event);
    const worker = await startWorker({ queue, handle, concurrency: 2, log });
    await queue.enqueue(jobs);
    return worker;
  };
  const told = () => events.map(({ kind }) => kind);

  it("tells how each job went", async () => {
    await work(async () => {});
    await vi.waitFor(() => expect(events).toMatchObject([{ kind: "done", job, attempt: 1 }]));
  });

  it("tries again what may pass, and tells of each try", async () => {
    await work(async (_job, { number }) => {
      if (number < 3) throw new TracegateError("unavailable", "Away.", { retryable: true });
    });
    await vi.waitFor(() => expect(told()).toEqual(["retry", "retry", "done"]));
  });

  it("never loops over a poisoned trace: any other fault is dead at once", async () => {
    const faults = [new TracegateError("bad-input", "Byte 7."), new TypeError("x is undefined"), "a string"];
    const jobs = faults.map((_, index) => ({ ...job, revision: index + 1 }));
    await work(async ({ revision }) => {
      throw faults[revision - 1];
    }, jobs);
    await vi.waitFor(() => expect(told()).toEqual(["dead", "dead", "dead"]));
    const dead = await queue.dead(10);
    expect(dead.map(({ reason }) => reason).sort()).toEqual([
      "Byte 7.",
      expect.stringContaining("failed: x is undefined"),
      expect.stringContaining("failed: a string"),
    ]);
  });

  it("gives a stopped job back, whatever it threw", async () => {
    const started = Promise.withResolvers<void>();
    const worker = await work(async (_job, { signal }) => {
      started.resolve();
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("cut"))));
    });
    await started.promise;
    await worker.stop(10);
    expect(await queue.counts()).toEqual({ waiting: 1, active: 0, delayed: 0, dead: 0 });
  });

  it("lays down a job of another version with a clear reason", async () => {
    const strange: Job = JSON.parse(JSON.stringify({ ...job, v: 2 }));
    await work(async () => {}, [strange]);
    await vi.waitFor(() => expect(told()).toEqual(["dead"]));
    expect((await queue.dead(1))[0]?.reason).toContain("another version of tracegate");
  });
});
