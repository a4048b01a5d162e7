import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { systemClock } from "../../src/core/clock.ts";
import type { Limiter } from "../../src/core/limiter.ts";
import { openRedisLimiter } from "../../src/redis/open-redis-limiter.ts";
import { limiterContract } from "../contracts/limiter.ts";
import { type RedisServer, startRedis } from "./redis-server.ts";

let server: RedisServer;
let places = 0;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

limiterContract("RedisLimiter", async () => {
  places += 1;
  const prefix = `place-${places}`;
  const limiters: Limiter[] = [];
  return {
    open: async (rules, clock) => {
      const limiter = await openRedisLimiter({ url: server.url, prefix, rules, clock });
      limiters.push(limiter);
      return limiter;
    },
    remove: async () => {
      for (const limiter of limiters) await limiter.close();
    },
  };
});

describe("RedisLimiter", () => {
  it("goes by the server's clock, so that workers whose clocks differ wait as long", async () => {
    const rules = { limits: { requests: 60 }, share: 1 };
    const limiter = await openRedisLimiter({ url: server.url, prefix: "clocks", rules });
    await limiter.pause("lane", systemClock.now() + 20_000);
    const turn = await limiter.enter("lane", { input: 1, output: 1 }, systemClock.now() + 60_000);
    await limiter.close();
    expect(turn.state).toBe("wait");
    if (turn.state !== "wait") return;
    expect(turn.until - systemClock.now()).toBeGreaterThan(18_000);
    expect(turn.until - systemClock.now()).toBeLessThan(20_500);
  });

  it("gives every place once when many want one at the same moment", async () => {
    const rules = { limits: { requests: 600 }, share: 1 };
    const limiters = await Promise.all(
      Array.from({ length: 6 }, () => openRedisLimiter({ url: server.url, prefix: "many", rules })),
    );
    const patience = systemClock.now() + 60_000;
    const turns = await Promise.all(
      limiters.flatMap((limiter) =>
        Array.from({ length: 50 }, () => limiter.enter("lane", { input: 1, output: 1 }, patience)),
      ),
    );
    for (const limiter of limiters) await limiter.close();
    const positions = turns.flatMap((turn) => ("ticket" in turn ? turn.ticket.position.requests : []));
    expect(new Set(positions).size).toBe(300);
    expect(Math.max(...positions)).toBe(300);
  });

  it("says that Redis is away", async () => {
    const own = await startRedis();
    const limiter = await openRedisLimiter({ url: own.url, rules: {} });
    await own.stop();
    await expect(limiter.enter("lane", { input: 1, output: 1 }, 0)).rejects.toMatchObject({
      code: "unavailable",
      retryable: true,
    });
    await limiter.close();
  });
});
