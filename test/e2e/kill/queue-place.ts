import type { Queue } from "../../../src/core/queue.ts";
import { openBullmqQueue } from "../../../src/redis/bullmq-queue.ts";
import { openDatabase } from "../../../src/store/open-database.ts";
import { SqliteQueue } from "../../../src/store/sqlite-queue.ts";

/** Where a queue lives, as JSON that a child process can be given. Times in ms. */
export interface QueuePlace {
  readonly kind: "sqlite" | "bullmq";
  /** A folder, or the address of Redis. */
  readonly at: string;
  /** BullMQ's key prefix. */
  readonly prefix?: string;
  readonly leaseMs: number;
  readonly maxAttempts: number;
  readonly backoffMs: number;
}

/** Opens the queue, in this process or a child. */
export async function openQueue(
  place: QueuePlace,
): Promise<{ readonly queue: Queue; close(): Promise<void> }> {
  const { at, leaseMs, maxAttempts, backoffMs } = place;
  const retries = { maxAttempts, backoffMs };
  if (place.kind === "sqlite") {
    const database = openDatabase(at);
    const queue = new SqliteQueue(database, { leaseMs, ...retries });
    return {
      queue,
      close: async () => {
        await queue.close();
        database.close();
      },
    };
  }
  const locks = { lockMs: leaseMs, stalledCheckMs: leaseMs / 2 };
  const queue = await openBullmqQueue({
    url: at,
    prefix: place.prefix ?? "tracegate",
    ...locks,
    ...retries,
  });
  return { queue, close: () => queue.close() };
}
