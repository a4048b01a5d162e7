import { type Clock, systemClock } from "../core/clock.ts";
import type { LaneRules, Limiter } from "../core/limiter.ts";
import { connectRedis } from "./connect.ts";
import { RedisLimiter } from "./redis-limiter.ts";
import { LANE_SWAP } from "./scripts/lane.ts";

/** Options of {@link openRedisLimiter}. */
export interface RedisLimiterOptions {
  /** E.g. `redis://localhost:6379`; a Redis Cluster as `redis://a:6379,redis://b:6379`. */
  readonly url: string;
  /** First part of every key. Default `tracegate`. */
  readonly prefix?: string;
  /** The same in all processes. */
  readonly rules: LaneRules;
  /** Where all processes take the time from. Default: the Redis server's clock. */
  readonly clock?: Clock;
  /** Told of connections that fail and are tried again. */
  readonly onFault?: (error: unknown) => void;
}

/**
 * Opens the {@link Limiter} that all workers on one Redis share.
 *
 * @throws TracegateError `unavailable`, `refused` or `config`, see `connectRedis`
 */
export async function openRedisLimiter(options: RedisLimiterOptions): Promise<Limiter> {
  const { url, rules, clock, onFault = () => {} } = options;
  const redis = await connectRedis(url, { commands: "bounded", onFault });
  redis.defineCommand("tracegateLane", { numberOfKeys: 1, lua: LANE_SWAP });
  const prefix = (options.prefix ?? "tracegate").replace(/[{}]/g, "");
  return new RedisLimiter({
    redis,
    prefix,
    rules,
    localClock: clock ?? systemClock,
    ...(clock && { clock }),
  });
}
