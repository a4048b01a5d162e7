import { describe, expect, it } from "vitest";

import { retryAtOf } from "../../src/judges/retry-at.ts";

const NOW = Date.parse("2026-11-20T12:00:00Z");
const wait = (headers: { readonly [name: string]: string }) => {
  const at = retryAtOf(new Headers(headers), NOW);
  return at === undefined ? undefined : at - NOW;
};

describe("retryAtOf", () => {
  it.each([
    [{ "retry-after": "7" }, 7_000],
    [{ "retry-after": "0.5" }, 500],
    [{ "retry-after-ms": "1500" }, 1_500],
    [{ "retry-after": "Fri, 20 Nov 2026 12:02:00 GMT" }, 120_000],
    [{ "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "6m0s" }, 360_000],
    [{ "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "120ms" }, 120],
    [{ "x-ratelimit-remaining-tokens": "0", "x-ratelimit-reset-tokens": "1h2m3.5s" }, 3_723_500],
    [
      {
        "anthropic-ratelimit-input-tokens-remaining": "0",
        "anthropic-ratelimit-input-tokens-reset": "2026-11-20T12:00:30Z",
      },
      30_000,
    ],
  ])("reads %j as %d ms", (headers, expected) => {
    expect(wait(headers)).toBe(expected);
  });

  it("takes the longest of several waits, and ignores limits that are not used up", () => {
    expect(
      wait({
        "retry-after": "2",
        "x-ratelimit-remaining-requests": "0",
        "x-ratelimit-reset-requests": "10s",
        "x-ratelimit-remaining-tokens": "12",
        "x-ratelimit-reset-tokens": "9m",
      }),
    ).toBe(10_000);
  });

  it.each([
    [{}],
    [{ "retry-after": "soon" }],
    [{ "retry-after": "-5" }],
    [{ "retry-after": "Fri, 20 Nov 2020 12:02:00 GMT" }],
    [{ "x-ratelimit-remaining-requests": "0" }],
  ])("is undefined when %j says nothing usable, for then the provider named no time", (headers) => {
    expect(wait(headers)).toBeUndefined();
  });

  it("does not believe waits of more than a day, and needs no headers", () => {
    expect(wait({ "retry-after": "99999999" })).toBe(24 * 60 * 60 * 1000);
    expect(retryAtOf(undefined, NOW)).toBeUndefined();
  });
});
