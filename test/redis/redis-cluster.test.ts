import { zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { TraceBuffer } from "../../src/core/trace-buffer.ts";
import { mergeTraces } from "../../src/otlp/write-traces.ts";
import { openBullmqQueue } from "../../src/redis/bullmq-queue.ts";
import { connectRedis } from "../../src/redis/connect.ts";
import { openRedisTraceBuffer } from "../../src/redis/open-redis-trace-buffer.ts";
import { queueContract } from "../contracts/queue.ts";
import { POLICY, traceBufferContract } from "../contracts/trace-buffer.ts";
import { makeFragment, traceIdOf } from "../store/make-fragment.ts";
import { type RedisCluster, startRedisCluster } from "./redis-cluster.ts";

let cluster: RedisCluster;
let places = 0;
beforeAll(async () => {
  cluster = await startRedisCluster();
}, 60_000);
afterAll(() => cluster.stop());

traceBufferContract("RedisTraceBuffer on a cluster", async () => {
  places += 1;
  const prefix = `place-${places}`;
  const stored = new Map<string, Uint8Array>();
  const buffers: TraceBuffer[] = [];
  return {
    open: async () => {
      const url = cluster.url;
      const buffer = await openRedisTraceBuffer({
        url,
        prefix,
        policy: POLICY,
        stored: async (traceId) => stored.get(traceId) ?? null,
      });
      buffers.push(buffer);
      return buffer;
    },
    store: async ({ traceId }, chunks) => {
      stored.set(traceId, zstdCompressSync(mergeTraces(chunks)));
    },
    remove: async () => {
      for (const buffer of buffers) await buffer.close();
    },
  };
});

queueContract("BullmqQueue on a cluster", async () => {
  places += 1;
  const limits = { leaseMs: 600, maxAttempts: 3, backoffMs: 20 };
  const place = { kind: "bullmq" as const, at: cluster.url, prefix: `test-${places}`, ...limits };
  return { place, remove: async () => {} };
});

describe("a Redis Cluster", () => {
  const spread = async (pattern: string) => {
    const counts = await Promise.all(
      cluster.urls.map(async (url) => {
        const redis = await connectRedis(url, { commands: "bounded" });
        const keys = await redis.keys(pattern);
        redis.disconnect();
        return keys.length;
      }),
    );
    return counts.sort((a, b) => a - b);
  };

  it("has the traces on all of its nodes, and the jobs on one", async () => {
    const buffer = await openRedisTraceBuffer({ url: cluster.url, prefix: "spread", policy: POLICY });
    const queue = await openBullmqQueue({ url: cluster.url, prefix: "spread" });
    const traces = Array.from({ length: 48 }, (_, index) => traceIdOf(index + 1));
    await buffer.append(
      traces.map((traceId) => makeFragment(traceId, [{ id: 1 }])),
      0,
    );
    await queue.enqueue(traces.map((traceId) => ({ v: 1, traceId, revision: 1, from: "buffer" })));
    const open = await spread("{spread:*}:t:*");
    expect(open[0]).toBeGreaterThan(0);
    expect(open.reduce((sum, count) => sum + count)).toBe(48);
    const jobs = await spread("{spread}:traces:????????????????????????????????-1");
    expect(jobs).toEqual([0, 0, 48]);
    await queue.close();
    await buffer.close();
  });

  it("has no database numbers, and is named in messages by all of its addresses", async () => {
    const connecting = connectRedis("redis://me:geheim@127.0.0.1:1/2,redis://127.0.0.1:2", {
      commands: "bounded",
    });
    await expect(connecting).rejects.toMatchObject({ code: "config" });
    const message = await connectRedis("redis+cluster://me:geheim@127.0.0.1:1", {
      commands: "bounded",
    }).catch((error: Error) => error.message);
    expect(message).toMatch("Redis at 127.0.0.1:1 does not answer");
    expect(message).not.toMatch("geheim");
  });
});
