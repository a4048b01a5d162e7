import type { ProviderLimits, RateLimit } from "../core/judge.ts";
import { believedTime, resetTime, retryAfterTimes } from "./retry-at.ts";

/** The words with which headers name a limit, and ours for it. `output-tokens` and the like are Anthropic's. */
const KINDS = {
  requests: "requests",
  tokens: "tokens",
  "input-tokens": "inputTokens",
  "output-tokens": "outputTokens",
} as const;

type Kind = (typeof KINDS)[keyof typeof KINDS];

/**
 * What the headers of a reply say of the provider's limits: `x-ratelimit-{limit,remaining,reset}-{requests,tokens}` (OpenAI and most
 * compatible servers; resets are durations) or `anthropic-ratelimit-{requests,tokens,…}-{limit,remaining,reset}` (resets are
 * times), and `retry-after`. Undefined when they say nothing.
 *
 * @param now Unix ms at which the reply came.
 */
export function limitsOf(headers: Headers | undefined, now: number): ProviderLimits | undefined {
  if (headers === undefined) return undefined;
  const kinds: { [Name in Kind]?: RateLimit } = {};
  for (const [word, name] of Object.entries(KINDS)) {
    const limit = limitOf(headers, word, now);
    if (limit !== undefined) kinds[name] = limit;
  }
  const waits = retryAfterTimes(headers, now).filter((time) => time > now);
  const limits = { ...kinds, ...(waits.length > 0 && { retryAt: believedTime(Math.max(...waits), now) }) };
  return Object.keys(limits).length === 0 ? undefined : limits;
}

function limitOf(headers: Headers, word: string, now: number): RateLimit | undefined {
  const told = (field: string) =>
    headers.get(`x-ratelimit-${field}-${word}`) ?? headers.get(`anthropic-ratelimit-${word}-${field}`);
  const limit = countIn(told("limit"));
  const remaining = countIn(told("remaining"));
  const reset = told("reset");
  const resetAt = reset === null ? Number.NaN : resetTime(reset, now);
  const limits = {
    ...(limit !== undefined && { limit }),
    ...(remaining !== undefined && { remaining }),
    ...(Number.isFinite(resetAt) && { resetAt: believedTime(resetAt, now) }),
  };
  return Object.keys(limits).length === 0 ? undefined : limits;
}

function countIn(value: string | null): number | undefined {
  return value !== null && /^\d+$/.test(value.trim()) ? Number(value) : undefined;
}
