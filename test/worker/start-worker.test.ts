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

  it("runs a job alone whose holders died more than once, and the others beside each other", async () => {
    let atWork: string[] = [];
    const beside: string[][] = [];
    const ends: (() => void)[] = [];
    const jobs = [1, 2, 3, 4].map((revision) => ({ ...job, revision }));
    await queue.enqueue(jobs);
    database.connection.prepare("update job set deaths = 2, attempts = 2 where id like '%-2'").run();
    const worker = await startWorker({
      queue,
      concurrency: 4,
      handle: async ({ revision }) => {
        atWork = [...atWork, String(revision)];
        beside.push(atWork);
        await new Promise<void>((resolve) => ends.push(resolve));
        atWork = atWork.filter((other) => other !== String(revision));
      },
    });
    for (let done = 0; done < 4; done += 1) {
      await vi.waitFor(() => expect(ends.length).toBeGreaterThan(0));
      ends.shift()?.();
    }
    await vi.waitFor(async () => expect((await queue.counts()).active).toBe(0));
    expect(beside.filter((names) => names.includes("2"))).toEqual([["2"]]);
    expect(beside.some((names) => names.length > 1)).toBe(true);
    await worker.stop(0);
  });

  it("lays down a job that never ends after code was interrupted, and takes the next", async () => {
    const log = (event: WorkerEvent) => void events.push(event);
    const started = Promise.withResolvers<void>();
    const handle: JobHandler = ({ revision }) => {
      if (revision === 2) return Promise.resolve();
      started.resolve();
      return new Promise(() => {});
    };
    const worker = await startWorker({ queue, handle, concurrency: 1, log, abandonMs: 20 });
    await queue.enqueue([job, { ...job, revision: 2 }]);
    await started.promise;
    worker.interrupted({ at: 0, heldMs: 9_000, place: "file:///agent/tracegate.config.ts:7" });
    await vi.waitFor(() => expect(told()).toContain("done"));
    expect(told()).toContain("dead");
    expect((await queue.dead(1))[0]?.reason).toContain(
      "tracegate.config.ts:7 had kept the processor for 9000 ms",
    );
  });

  it("lays down a job of another version with a clear reason", async () => {
    const strange: Job = JSON.parse(JSON.stringify({ ...job, v: 2 }));
    await work(async () => {}, [strange]);
    await vi.waitFor(() => expect(told()).toEqual(["dead"]));
    expect((await queue.dead(1))[0]?.reason).toContain("another version of tracegate");
  });
});
