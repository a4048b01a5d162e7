import { zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll } from "vitest";

import type { TraceBuffer } from "../../src/core/trace-buffer.ts";
import { mergeTraces } from "../../src/otlp/write-traces.ts";
import { openRedisTraceBuffer } from "../../src/redis/open-redis-trace-buffer.ts";
import { type BufferPlace, POLICY, traceBufferContract } from "../contracts/trace-buffer.ts";
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
