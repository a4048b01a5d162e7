import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { TracegateError } from "../../src/core/errors.ts";
import type { Job } from "../../src/core/queue.ts";
import { openBullmqQueue } from "../../src/redis/bullmq-queue.ts";
import { connectRedis } from "../../src/redis/connect.ts";
import { queueContract } from "../contracts/queue.ts";
import { openDoor } from "./redis-door.ts";
import { type RedisServer, startRedis } from "./redis-server.ts";

let server: RedisServer;
let places = 0;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

queueContract("BullmqQueue", async () => {
  places += 1;
  const limits = { leaseMs: 600, maxAttempts: 3, backoffMs: 20 };
  const place = { kind: "bullmq" as const, at: server.url, prefix: `test-${places}`, ...limits };
  return { place, remove: async () => {} };
});

describe("BullmqQueue", () => {
  const job: Job = { v: 1, traceId: "a".repeat(32), revision: 3, from: "buffer" };

  it("names a job <traceId>-<revision> under the prefix, and leaves nothing of it when it is done", async () => {
    const queue = await openBullmqQueue({ url: server.url, prefix: "names" });
    const redis = await connectRedis(server.url, { commands: "bounded" });
    await queue.enqueue([job]);
    expect(await redis.exists(`names:traces:${job.traceId}-3`)).toBe(1);
    const { promise, resolve } = Promise.withResolvers<void>();
    const consumer = await queue.consume(async () => resolve(), { concurrency: 1 });
    await promise;
    await consumer.stop(5_000);
    expect(await redis.keys("names:traces:a*")).toEqual([]);
    await queue.close();
    redis.disconnect();
  });

  it("counts no try of a job that could not be done because a service is away", async () => {
    const settings = { url: server.url, prefix: "patient", maxAttempts: 2, backoffMs: 10, maxBackoffMs: 20 };
    const queue = await openBullmqQueue(settings);
    const away = { service: "PostgreSQL", address: "db:5432/traces", reason: "ECONNREFUSED" } as const;
    const tries: number[] = [];
    const dead: Job[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    await queue.enqueue([job]);
    await queue.consume(
      async (_, { number }) => {
        tries.push(number);
        if (tries.length === 7) return resolve();
        throw new TracegateError("unavailable", "PostgreSQL does not answer.", { retryable: true, away });
      },
      { concurrency: 1, onDead: (given) => void dead.push(given) },
    );
    await promise;
    expect(tries).toEqual([1, 1, 1, 1, 1, 1, 1]);
    await expect.poll(() => queue.counts()).toEqual({ waiting: 0, active: 0, delayed: 0, dead: 0 });
    expect(dead).toEqual([]);
    await queue.close();
  });

  it("counts the tries of a job older than a day even so, because it may be the reason", async () => {
    const settings = {
      url: server.url,
      prefix: "impatient",
      maxAttempts: 2,
      backoffMs: 10,
      maxBackoffMs: 20,
    };
    const queue = await openBullmqQueue(settings);
    await queue.enqueue([job]);
    const redis = await connectRedis(server.url, { commands: "patient", onFault: () => {} });
    const [key = ""] = await redis.keys(`impatient:*${job.traceId}*`);
    await redis.hset(key, "timestamp", Date.now() - 86_400_001);
    redis.disconnect();
    const away = { service: "PostgreSQL", address: "db:5432/traces", reason: "ECONNREFUSED" } as const;
    const tries: number[] = [];
    const { promise, resolve } = Promise.withResolvers<number>();
    await queue.consume(
      async (_, { number }) => {
        tries.push(number);
        if (tries.length === 7) return resolve(0);
        throw new TracegateError("unavailable", "PostgreSQL does not answer.", { retryable: true, away });
      },
      { concurrency: 1, onDead: (_job, _error, count) => resolve(count) },
    );
    expect(await promise).toBe(2);
    expect(tries).toEqual([1, 2]);
    await queue.close();
  });

  it("says within seconds that Redis is away, and goes on when it is back", async () => {
    const own = await startRedis();
    const queue = await openBullmqQueue({ url: own.url });
    const done: Job[] = [];
    await queue.consume(async (given) => void done.push(given), { concurrency: 1 });
    await own.stop();
    await expect(queue.enqueue([job])).rejects.toMatchObject({ code: "unavailable", retryable: true });
    const again = await startRedis(own.port);
    await expect
      .poll(
        async () => {
          await queue.enqueue([job]).catch(() => {});
          return done.length;
        },
        { timeout: 15_000 },
      )
      .toBeGreaterThan(0);
    await queue.close();
    await again.stop();
  });

  it("takes no job, and keeps no connection, when Redis goes away while it begins to consume", async () => {
    // The queue has one connection, the consumer a second one, and BullMQ makes a third.
    const door = await openDoor(server.port, 2);
    const queue = await openBullmqQueue({ url: door.url, prefix: "begins" });
    const taken: Job[] = [];
    const consuming = queue.consume(async (given) => void taken.push(given), { concurrency: 1 });
    await expect(consuming).rejects.toMatchObject({ code: "unavailable", retryable: true });
    door.open();
    await queue.enqueue([job]);
    await expect.poll(door.connections).toBe(1);
    expect(taken).toEqual([]);
    expect(await queue.counts()).toMatchObject({ waiting: 1, active: 0 });
    await queue.close();
    await door.close();
  });
});

describe("connectRedis", () => {
  it("names the place and the remedy when nothing listens there", async () => {
    const own = await startRedis();
    await own.stop();
    const connecting = openBullmqQueue({ url: `${own.url.replace("//", "//me:geheim@")}/2` });
    await expect(connecting).rejects.toMatchObject({ code: "unavailable", retryable: true });
    const message = await connecting.catch((error: Error) => error.message);
    expect(message).toMatch(`127.0.0.1:${own.port}/2 does not answer (connect ECONNREFUSED`);
    expect(message).toMatch("Start Redis there");
    expect(message).not.toMatch("geheim");
  });

  it("tells wrong credentials and wrong addresses from an absent Redis", async () => {
    const withPassword = server.url.replace("//", "//user:wrong@");
    await expect(connectRedis(withPassword, { commands: "bounded" })).rejects.toMatchObject({
      code: "refused",
      retryable: false,
    });
    await expect(connectRedis("http://localhost", { commands: "bounded" })).rejects.toMatchObject({
      code: "config",
    });
  });
});
