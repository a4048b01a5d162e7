import { expect, it } from "vitest";

import { limitsOf } from "../../src/judges/provider-limits.ts";

const NOW = Date.parse("2026-11-20T12:00:00Z");
const read = (headers: { readonly [name: string]: string }) => limitsOf(new Headers(headers), NOW);

it("reads OpenAI's limits, whose resets are durations", () => {
  const limits = read({
    "x-ratelimit-limit-requests": "500",
    "x-ratelimit-remaining-requests": "499",
    "x-ratelimit-reset-requests": "120ms",
    "x-ratelimit-limit-tokens": "200000",
    "x-ratelimit-remaining-tokens": "149984",
    "x-ratelimit-reset-tokens": "6m0s",
  });

  expect(limits).toEqual({
    requests: { limit: 500, remaining: 499, resetAt: NOW + 120 },
    tokens: { limit: 200_000, remaining: 149_984, resetAt: NOW + 360_000 },
  });
});

it("reads Anthropic's limits, which count input and output apart and reset at a time", () => {
  const limits = read({
    "anthropic-ratelimit-requests-limit": "50",
    "anthropic-ratelimit-requests-remaining": "0",
    "anthropic-ratelimit-requests-reset": "2026-11-20T12:00:30Z",
    "anthropic-ratelimit-input-tokens-limit": "40000",
    "anthropic-ratelimit-input-tokens-remaining": "39000",
    "anthropic-ratelimit-output-tokens-remaining": "8000",
    "retry-after": "12",
  });

  expect(limits).toEqual({
    requests: { limit: 50, remaining: 0, resetAt: NOW + 30_000 },
    inputTokens: { limit: 40_000, remaining: 39_000 },
    outputTokens: { remaining: 8_000 },
    retryAt: NOW + 12_000,
  });
});

it.each([
  [{}],
  [{ "x-ratelimit-limit-requests": "many", "x-ratelimit-reset-requests": "soon" }],
  [{ "retry-after": "-3" }],
  [{ "x-request-id": "1" }],
])("says nothing where %j says nothing usable", (headers) => {
  expect(read(headers)).toBeUndefined();
});

it("believes no reset and no wait of more than a day", () => {
  expect(read({ "x-ratelimit-reset-tokens": "99d", "retry-after": "9999999" })).toEqual({
    tokens: { resetAt: NOW + 86_400_000 },
    retryAt: NOW + 86_400_000,
  });
});
