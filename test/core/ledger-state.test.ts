import { describe, expect, it } from "vitest";

import { type FaultClass, faultClassOf, ledgerStateOf } from "../../src/core/ledger-state.ts";
import type { UnscoredCode } from "../../src/core/score.ts";

/** Code, class of the fault, state without and with a next try. */
const TABLE: readonly (readonly [UnscoredCode, FaultClass | null, string, string])[] = [
  ["not-applicable", null, "filtered", "filtered"],
  ["filtered", null, "filtered", "filtered"],
  ["sampled-out", null, "sampled-out", "sampled-out"],
  ["over-budget", null, "over-budget", "waiting"],
  ["paused", null, "paused", "paused"],
  ["no-key", null, "failed", "failed"],
  ["key-refused", "provider", "paused", "paused"],
  ["quota", "provider", "paused", "paused"],
  ["unknown-model", "provider", "paused", "paused"],
  ["rate-limited", "passing", "failed", "waiting"],
  ["provider-down", "passing", "failed", "waiting"],
  ["timed-out", "passing", "failed", "waiting"],
  ["too-large", "trace", "too-large", "too-large"],
  ["bad-request", "trace", "failed", "failed"],
  ["refused", "trace", "failed", "failed"],
  ["cut", "trace", "failed", "failed"],
  ["cannot-judge", "trace", "failed", "failed"],
  ["schema-broken", "trace", "failed", "failed"],
  ["scorer-error", "trace", "failed", "failed"],
  ["in-doubt", null, "in-doubt", "in-doubt"],
];

describe("the states of the ledger", () => {
  it.each(TABLE)("%s: fault %s, state %s, with a next try %s", (code, fault, state, withRetry) => {
    expect(faultClassOf(code)).toBe(fault);
    expect(ledgerStateOf({ code })).toBe(state);
    expect(ledgerStateOf({ code, retryAt: 1 })).toBe(withRetry);
  });

  it("has scored for a value, and in-doubt for one that may have been paid twice", () => {
    expect(ledgerStateOf(null)).toBe("scored");
    expect(ledgerStateOf(null, { inDoubt: true })).toBe("in-doubt");
  });
});
