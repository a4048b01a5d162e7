import type { Config } from "../config/schema.ts";
import { systemClock } from "../core/clock.ts";
import type { Limiter } from "../core/limiter.ts";
import { MemoryLimiter } from "../store/memory-limiter.ts";
import { laneRules } from "./lane-rules.ts";
import { type Place, servicesOf } from "./services.ts";
import { type TellFault, tellThrown } from "./site-events.ts";

/** Options of {@link openLimiter}. */
export interface OpenLimiterOptions extends Place {
  readonly config: Config;
  readonly onFault?: TellFault;
}

/** The limiter of judge calls: in Redis where there is one, for all workers; else in this process, which is then the only one. */
export async function openLimiter(options: OpenLimiterOptions): Promise<Limiter> {
  const { config, onFault = () => {} } = options;
  const rules = laneRules(config);
  const { redis: url } = servicesOf(options);
  if (url === null) return new MemoryLimiter(rules, systemClock);
  const { openRedisLimiter } = await import("../redis/open-redis-limiter.ts");
  return openRedisLimiter({
    url,
    rules,
    onFault: (error) => tellThrown(onFault, "judge", "Redis", error),
  });
}
