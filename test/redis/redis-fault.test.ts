import { once } from "node:events";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { type OwnRedis, startRedis } from "../../scripts/bench/redis.ts";
import { redisFault } from "../../src/redis/redis-fault.ts";

let server: OwnRedis;
let redis: Redis;
beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url, { commandTimeout: 100, maxRetriesPerRequest: null });
  redis.on("error", () => {});
});
afterAll(async () => {
  redis.disconnect();
  await server.close();
});

describe("redisFault", () => {
  const faultOf = async () => {
    const thrown = await redis.get("key").catch((error: unknown) => error);
    expect(thrown).toMatchObject({ message: "Command timed out" });
    return redisFault(redis, "reading", thrown);
  };

  it("takes a command without an answer in time for no absence, because the command may be why", async () => {
    await redis.client("PAUSE", 300, "ALL");
    expect(await faultOf()).toMatchObject({ retryable: true, away: undefined });
  });

  it("takes it for an absence where there is no connection", async () => {
    const closed = once(redis, "close");
    await server.stop("SIGKILL");
    await closed;
    expect(await faultOf()).toMatchObject({ retryable: true, away: { reason: "no answer in time" } });
  });
});
