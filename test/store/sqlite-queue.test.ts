import { describe, expect, it, vi } from "vitest";

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
});
