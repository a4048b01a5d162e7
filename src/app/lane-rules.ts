import type { Config } from "../config/schema.ts";
import type { LaneRules } from "../core/limiter.ts";

/** What each lane of judge calls may take, as configured. */
export function laneRules({ judging: { limits } }: Config): LaneRules {
  const { requestsPerMinute, tokensPerMinute, share } = limits;
  return {
    share,
    limits: {
      ...(requestsPerMinute !== undefined && { requests: requestsPerMinute }),
      ...(tokensPerMinute !== undefined && { tokens: tokensPerMinute }),
    },
  };
}
