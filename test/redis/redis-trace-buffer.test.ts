import { randomBytes } from "node:crypto";
import { zstdCompressSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { TraceBuffer } from "../../src/core/trace-buffer.ts";
import { mergeTraces } from "../../src/otlp/write-traces.ts";
import { connectRedis, type RedisClient } from "../../src/redis/connect.ts";
import {
  openRedisTraceBuffer,
  type RedisTraceBufferOptions,
} from "../../src/redis/open-redis-trace-buffer.ts";
import { type BufferPlace, POLICY, traceBufferContract } from "../contracts/trace-buffer.ts";
import { bufferPurgeContract } from "../contracts/trace-buffer-purge.ts";
import { makeFragment, type ShortSpan, spanNumbersIn, traceIdOf } from "../store/make-fragment.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";
import { type RedisServer, startRedis } from "./redis-server.ts";

let server: RedisServer;
let places = 0;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

async function newPlace(): Promise<BufferPlace> {
  places += 1;
  const prefix = `place-${places}`;
  const stored = new Map<string, Uint8Array>();
  const buffers: TraceBuffer[] = [];
  return {
    open: async () => {
      const buffer = await openRedisTraceBuffer({
        url: server.url,
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
}

traceBufferContract("RedisTraceBuffer", newPlace);
bufferPurgeContract("RedisTraceBuffer", newPlace);

describe("RedisTraceBuffer", () => {
  let own: RedisServer;
  let redis: RedisClient;
  const opened: TraceBuffer[] = [];
  beforeEach(async () => {
    own = await startRedis();
    redis = await connectRedis(own.url, { commands: "bounded" });
  });
  afterEach(async () => {
    for (const buffer of opened.splice(0)) await buffer.close();
    redis.disconnect();
    await own.stop();
  });
  const open = async (options: Partial<RedisTraceBufferOptions> = {}) => {
    const buffer = await openRedisTraceBuffer({ url: own.url, policy: POLICY, ...options });
    opened.push(buffer);
    return buffer;
  };
  const A = traceIdOf(0xa);
  const add = (buffer: TraceBuffer, spans: readonly ShortSpan[], at: number) =>
    buffer.append([makeFragment(A, spans)], at);
  const used = async () => Number(/^used_memory:(\d+)/m.exec(await redis.info("memory"))?.[1]);
  const ttls = async () => {
    const keys = (await redis.keys("*")).filter((key) => /:[tcsk]:/.test(key));
    return Promise.all(keys.map((key) => redis.pttl(key)));
  };

  it("keeps a sealed trace as one small chunk", async () => {
    const buffer = await open();
    const text = "the same history in every span. ".repeat(300);
    for (let id = 1; id <= 20; id += 1) await add(buffer, [{ id, text, ...(id > 1 && { parent: 1 }) }], 0);
    const before = await buffer.counts();
    await buffer.seal(10_000, POLICY, 10);
    const after = await buffer.counts();
    expect(after.bytes).toBeLessThan(before.bytes / 8);
    const [key = ""] = await redis.keys("*:c:*");
    expect(await redis.llen(key)).toBe(1);
    await buffer.release(A, 1);
    expect(await buffer.counts()).toEqual({ open: 0, sealed: 0, bytes: 0 });
  });

  it("lets everything of a trace end by itself, later than it can be open", async () => {
    const buffer = await open({ keepMs: 8_000_000, rememberMs: 5_000 });
    await add(buffer, [{ id: 1 }], 0);
    await buffer.signal(traceIdOf(0xb), 0);
    expect((await ttls()).sort((a, b) => a - b)).toEqual([
      expect.closeTo(5_000, -3),
      expect.closeTo(8_000_000, -4),
      expect.closeTo(8_000_000, -4),
    ]);
    await buffer.seal(10_000, POLICY, 10);
    for (const ttl of await ttls()) expect(ttl).toBeGreaterThan(0);
    await buffer.release(A, 1);
    expect(await ttls()).toHaveLength(2);
    expect(Math.max(...(await ttls()))).toBeLessThanOrEqual(5_000);
    await expect(open({ keepMs: POLICY.maxAgeMs })).rejects.toMatchObject({ code: "config" });
  });

  it("continues the revisions of a trace that it has forgotten, from the store", async () => {
    const earlier = zstdCompressSync(makeFragment(A, [{ id: 1 }]).bytes);
    const buffer = await open({ stored: async () => earlier, storedRevision: async () => 3 });
    await add(buffer, [{ id: 2, parent: 1 }], 200_000_000);
    expect(await buffer.seal(200_060_000, POLICY, 10)).toMatchObject([{ traceId: A, revision: 4 }]);
    const read = await buffer.read(A, 4);
    expect(spanNumbersIn(read?.chunks ?? [])).toEqual([1, 2]);
  });

  it("does not seal a trace that gets a span after it was found to be quiet", async () => {
    let arrives = true;
    const buffer = await open({
      rememberMs: 1_000,
      storedRevision: async () => {
        if (arrives) await add(buffer, [{ id: 2, parent: 1 }], 9_000);
        arrives = false;
        return 0;
      },
    });
    await add(buffer, [{ id: 1 }], 0);
    expect(await buffer.seal(10_000, POLICY, 10)).toEqual([]);
    expect(await buffer.seal(19_000, POLICY, 10)).toMatchObject([{ traceId: A, revision: 1 }]);
    expect(spanNumbersIn((await buffer.read(A, 1))?.chunks ?? [])).toEqual([1, 2]);
  });

  it("seals a busy trace at its limits although it changes all the time", async () => {
    const buffer = await open();
    const policy = { ...POLICY, maxSpans: 5 };
    let next = 0;
    const adding = Array.from({ length: 60 }, () => add(buffer, [{ id: ++next }], 0));
    const sealed = [];
    for (let round = 0; round < 10; round += 1) sealed.push(...(await buffer.seal(1, policy, 10)));
    await Promise.all(adding);
    sealed.push(...(await buffer.seal(1, policy, 10)));
    expect(sealed[0]).toMatchObject({ reason: "capped", revision: 1 });
    const read = await Promise.all(sealed.map(({ revision }) => buffer.read(A, revision)));
    const numbers = read.flatMap((one) => spanNumbersIn(one?.chunks ?? []));
    const rest = await buffer.describe(A);
    const waiting = rest?.state === "open" ? rest.spans : 0;
    expect(new Set(numbers).size + waiting).toBe(60);
  });

  it("refuses spans before Redis is full, and takes them again when it is not", async () => {
    const buffer = await open({ memoryShare: 0.5 });
    await redis.config("SET", "maxmemory", (await used()) * 1.5);
    await expect(add(buffer, [{ id: 1 }], 0)).rejects.toMatchObject({ code: "overloaded", retryable: true });
    await redis.config("SET", "maxmemory", 0);
    await expect.poll(() => add(buffer, [{ id: 1 }], 0).catch(() => null), { timeout: 5_000 }).not.toBeNull();
  });

  it("refuses a burst that would fill Redis between two looks at its memory", async () => {
    const buffer = await open({ memoryShare: 0.9 });
    await redis.config("SET", "maxmemory", (await used()) + 3_000_000);
    const text = () => randomBytes(75_000).toString("base64");
    const sending = async () => {
      for (let id = 1; id <= 60; id += 1) await add(buffer, [{ id, text: text() }], 0);
    };
    await expect(sending()).rejects.toThrow(/the rest is kept for scoring/);
    await redis.config("SET", "maxmemory", 0);
  });

  it("writes nothing of a request that a full Redis refuses, and can still be emptied", async () => {
    const buffer = await open({ memoryShare: 9 });
    for (let id = 1; id <= 3; id += 1) await add(buffer, [{ id }], 0);
    await redis.config("SET", "maxmemory", 1);
    const before = await redis.dbsize();
    await expect(add(buffer, [{ id: 4 }], 1)).rejects.toMatchObject({ code: "overloaded", retryable: true });
    await expect(buffer.append([makeFragment(traceIdOf(0xb), [{ id: 1 }])], 1)).rejects.toThrow(/memory/);
    expect(await redis.dbsize()).toBe(before);
    expect(await buffer.describe(A)).toMatchObject({ spans: 3, lastSeen: 0 });
    const sealed = await buffer.seal(10_000, POLICY, 10);
    expect(sealed).toMatchObject([{ traceId: A, reason: "root-ended" }]);
    await buffer.enqueued(sealed);
    expect(spanNumbersIn((await buffer.read(A, 1))?.chunks ?? [])).toEqual([1, 2, 3]);
    await buffer.release(A, 1);
    expect(await buffer.counts()).toEqual({ open: 0, sealed: 0, bytes: 0 });
  });

  it("is seen to be used with the same number of partitions everywhere", async () => {
    await open();
    await expect(open({ partitions: 4 })).rejects.toMatchObject({ code: "config" });
    await expect(open({ partitions: 4, prefix: "other" })).resolves.toBeDefined();
  });

  it("warns in words of settings with which spans may be lost", async () => {
    const warned = async () => {
      const warnings: string[] = [];
      await open({ onWarning: (warning) => void warnings.push(warning) });
      return warnings.join("\n");
    };
    expect(await warned()).toMatch(
      /^Redis has appendonly no: .* are lost\. Set appendonly yes and appendfsync always\.$/,
    );
    await redis.config("SET", "appendonly", "yes");
    await redis.config("SET", "maxmemory-policy", "allkeys-lru");
    expect(await warned()).toMatch(/appendfsync everysec.*\n.*maxmemory-policy allkeys-lru/);
    await redis.config("SET", "appendfsync", "always");
    await redis.config("SET", "maxmemory-policy", "noeviction");
    expect(await warned()).toBe("");
  });

  it("waits for the disk where the server can be asked to, and says where it cannot", async () => {
    const known = (await redis.call("COMMAND", "INFO", "waitaof")) as readonly unknown[];
    if (known[0] === null)
      await expect(open({ durability: "fsync" })).rejects.toMatchObject({ code: "config" });
    else {
      await redis.config("SET", "appendonly", "yes");
      await add(await open({ durability: "fsync" }), [{ id: 1 }], 0);
    }
  });

  it("has every acknowledged span after Redis was killed, with appendfsync always", async () => {
    const folder = temporaryFolder();
    const settings = ["--appendonly", "yes", "--appendfsync", "always"];
    const first = await startRedis(undefined, { settings, folder: folder.path });
    const buffer = await open({ url: first.url });
    const acknowledged: number[] = [];
    let id = 0;
    let isKilled = false;
    const sending = Array.from({ length: 8 }, async () => {
      while (!isKilled) {
        const number = ++id;
        const isAcknowledged = await add(buffer, [{ id: number }], 0).then(
          () => true,
          () => false,
        );
        if (isAcknowledged) acknowledged.push(number);
      }
    });
    await expect.poll(() => acknowledged.length).toBeGreaterThan(200);
    isKilled = true;
    await first.stop();
    const again = await startRedis(first.port, { settings, folder: folder.path });
    await Promise.all(sending);
    await expect.poll(() => buffer.counts().catch(() => null), { timeout: 5_000 }).toMatchObject({ open: 1 });
    await buffer.seal(10_000, POLICY, 10);
    const found = new Set(spanNumbersIn((await buffer.read(A, 1))?.chunks ?? []));
    expect(acknowledged.filter((number) => !found.has(number))).toEqual([]);
    await buffer.close();
    await again.stop();
    folder.remove();
  });
});
