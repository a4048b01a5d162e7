import type { Usage } from "./trace.ts";

const FIELDS = [
  "inputTokens",
  "outputTokens",
  "cacheReadTokens",
  "cacheWriteTokens",
  "reasoningTokens",
] as const;

/** Tokens together. What no part tells is absent, not 0. */
export function sumUsage(parts: readonly Usage[]): Usage {
  const sums: { -readonly [field in keyof Usage]: Usage[field] } = {};
  for (const part of parts) {
    for (const field of FIELDS) {
      const tokens = part[field];
      if (tokens !== undefined) sums[field] = (sums[field] ?? 0) + tokens;
    }
  }
  return sums;
}
