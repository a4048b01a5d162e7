import { describe, expect, it, vi } from "vitest";

import { TracegateError } from "../../src/core/errors.ts";
import type { Job } from "../../src/core/queue.ts";
import { openDatabase } from "../../src/store/open-database.ts";
import { SqliteQueue } from "../../src/store/sqlite-queue.ts";
import { queueContract } from "../contracts/queue.ts";
import { temporaryFolder } from "./temporary-folder.ts";

queueContract("SqliteQueue", async () => {
  const folder = temporaryFolder();
  const limits = { leaseMs: 600, maxAttempts: 3, backoffMs: 20 };
  return {
    place: { kind: "sqlite", at: folder.path, ...limits },
    remove: async () => folder.remove(),
  };
});

describe("SqliteQueue", () => {
  const job: Job = { v: 1, traceId: "a".repeat(32), revision: 1, from: "buffer" };

  it("buries a job whose process died at every try, and says so", async () => {
    const folder = temporaryFolder();
    const database = openDatabase(folder.path);
    const queue = new SqliteQueue(database, { maxAttempts: 2 });
    await queue.enqueue([job]);
    const asIfHeldByTheDead = database.connection.prepare(
      "update job set state = 'active', attempts = ?, holder = ?, lease_until = 9e15",
    );
    const gone = `${(await import("node:os")).hostname()}|999999999|1|x`;
    asIfHeldByTheDead.run(1, gone);
    const numbers: number[] = [];
    const dead: string[] = [];
    const options = { concurrency: 1, onDead: (_job: Job, error: Error) => void dead.push(error.message) };
    const first = await queue.consume(async (_job, { number }) => void numbers.push(number), options);
    await vi.waitFor(() => expect(numbers).toEqual([2]));
    await first.stop(1_000);
    await queue.enqueue([job]);
    asIfHeldByTheDead.run(2, gone);
    await queue.consume(async () => {}, options);
    expect(dead).toEqual([expect.stringContaining("try 2 of 2")]);
    expect(await queue.counts()).toMatchObject({ dead: 1, active: 0, waiting: 0 });
    await queue.close();
    database.close();
    folder.remove();
  });

  it("aborts a job whose lease it lost, and leaves the outcome to the new holder", async () => {
    const folder = temporaryFolder();
    const database = openDatabase(folder.path);
    const queue = new SqliteQueue(database, { leaseMs: 90 });
    await queue.enqueue([job]);
    const signal = Promise.withResolvers<AbortSignal>();
    const end = Promise.withResolvers<void>();
    await queue.consume(
      async (_job, attempt) => {
        signal.resolve(attempt.signal);
        await end.promise;
      },
      { concurrency: 1 },
    );
    const given = await signal.promise;
    database.connection.exec("update job set holder = 'elsewhere|1|1|x|1', lease_until = 9e15");
    await vi.waitFor(() => expect(given.aborted).toBe(true));
    end.resolve();
    await queue.close();
    expect(await queue.counts()).toMatchObject({ active: 1 });
    database.close();
    folder.remove();
  });

  /** Fails a job as often as it is tried, until it is dead or was tried seven times; that many days pass with each try. */
  async function triesWhileAway(daysPerTry: number) {
    const folder = temporaryFolder();
    const database = openDatabase(folder.path);
    let ahead = 0;
    const limits = {
      maxAttempts: 2,
      backoffMs: 10,
      maxBackoffMs: 20,
      clock: { now: () => Date.now() + ahead },
    };
    const queue = new SqliteQueue(database, limits);
    await queue.enqueue([job]);
    const away = { service: "PostgreSQL", address: "db:5432/traces", reason: "ECONNREFUSED" } as const;
    const tries: number[] = [];
    const end = Promise.withResolvers<string>();
    await queue.consume(
      async (_job, { number }) => {
        tries.push(number);
        ahead += daysPerTry * 86_400_000;
        if (tries.length === 7) return end.resolve("done");
        throw new TracegateError("unavailable", "PostgreSQL does not answer.", { retryable: true, away });
      },
      { concurrency: 1, onDead: (_job, error) => end.resolve(error.message) },
    );
    const outcome = await end.promise;
    await queue.close();
    database.close();
    folder.remove();
    return { tries, outcome };
  }

  it("counts no try of a job that could not be done because a service is away", async () => {
    expect(await triesWhileAway(0)).toEqual({ tries: [1, 1, 1, 1, 1, 1, 1], outcome: "done" });
  });

  it("counts the tries of a job again after a day of that, because it may be the reason", async () => {
    expect(await triesWhileAway(0.6)).toEqual({
      tries: [1, 1, 1, 2],
      outcome: "PostgreSQL does not answer.",
    });
  });
});
