import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { type CompletionState, completionOf } from "../../src/core/completion-of.ts";

const policy = { afterRootMs: 10, idleMs: 60, maxAgeMs: 1_000, maxSpans: 100, maxBytes: 5_000 };
const open: CompletionState = {
  spans: 3,
  bytes: 300,
  joinedRecords: 0,
  firstSeen: 0,
  lastSeen: 0,
  rootEnded: false,
  missingParents: 0,
  signalled: false,
  service: null,
};
const serviced = { ...policy, services: { batch: { afterRootMs: 25, maxSpans: 7, idleMs: undefined } } };
const rooted = { ...open, rootEnded: true };

describe("completionOf", () => {
  it("waits the short time after a root with all parents known", () => {
    expect(completionOf(rooted, 9, policy)).toEqual({ dueAt: 10 });
    expect(completionOf(rooted, 10, policy)).toEqual({ reason: "root-ended" });
  });

  it("waits the long time without a root, and with a root that has children of unknown parents", () => {
    expect(completionOf(open, 59, policy)).toEqual({ dueAt: 60 });
    expect(completionOf(open, 60, policy)).toEqual({ reason: "rootless" });
    expect(completionOf({ ...rooted, missingParents: 1 }, 59, policy)).toEqual({ dueAt: 60 });
    expect(completionOf({ ...rooted, missingParents: 1 }, 60, policy)).toEqual({ reason: "rootless" });
  });

  it("counts the quiet from the last arrival", () => {
    expect(completionOf({ ...rooted, lastSeen: 7 }, 10, policy)).toEqual({ dueAt: 17 });
  });

  it("believes the sender before anything else", () => {
    expect(completionOf({ ...open, signalled: true, spans: 1_000 }, 0, policy)).toEqual({
      reason: "signalled",
    });
  });

  it("caps by spans, by bytes, and by age however busy the trace is", () => {
    expect(completionOf({ ...rooted, spans: 100 }, 0, policy)).toEqual({ reason: "capped" });
    expect(completionOf({ ...rooted, bytes: 5_000 }, 0, policy)).toEqual({ reason: "capped" });
    expect(completionOf({ ...rooted, lastSeen: 999 }, 999, policy)).toEqual({ dueAt: 1_000 });
    expect(completionOf({ ...rooted, lastSeen: 999 }, 1_000, policy)).toEqual({ reason: "capped" });
  });

  it("gives the reason whose time came first when it looks late", () => {
    expect(completionOf(rooted, 99_999, policy)).toEqual({ reason: "root-ended" });
    expect(completionOf(open, 99_999, policy)).toEqual({ reason: "rootless" });
    expect(completionOf({ ...open, lastSeen: 990 }, 99_999, policy)).toEqual({ reason: "capped" });
  });

  it("holds log records without a span up to the greatest age, whatever was signalled", () => {
    const held = { ...rooted, spans: 0, signalled: true };
    expect(completionOf(held, 999, policy)).toEqual({ dueAt: 1_000 });
    expect(completionOf(held, 1_000, policy)).toEqual({ expired: true });
    expect(completionOf({ ...held, bytes: 5_000 }, 1, policy)).toEqual({ expired: true });
    expect(completionOf({ ...held, joinedRecords: 1 }, 1, policy)).toEqual({ reason: "signalled" });
  });

  it("gives a service its own limits, and the others' for what it does not name", () => {
    const batch = { ...rooted, service: "batch" };
    expect(completionOf(batch, 10, serviced)).toEqual({ dueAt: 25 });
    expect(completionOf({ ...batch, rootEnded: false }, 10, serviced)).toEqual({ dueAt: 60 });
    expect(completionOf({ ...batch, spans: 7 }, 0, serviced)).toEqual({ reason: "capped" });
    expect(completionOf({ ...rooted, service: "constructor" }, 10, serviced)).toEqual({
      reason: "root-ended",
    });
  });

  it("is complete exactly from the time it names", () => {
    const state = fc.record({
      spans: fc.nat(120),
      bytes: fc.nat(6_000),
      joinedRecords: fc.nat(1),
      firstSeen: fc.nat(100),
      lastSeen: fc.integer({ min: 100, max: 2_000 }),
      rootEnded: fc.boolean(),
      missingParents: fc.nat(2),
      signalled: fc.boolean(),
      service: fc.constantFrom(null, "batch", "constructor"),
    });
    fc.assert(
      fc.property(state, fc.nat(5_000), (given, now) => {
        const answer = completionOf(given, now, serviced);
        if (!("dueAt" in answer)) return;
        expect(answer.dueAt).toBeGreaterThan(now);
        expect(completionOf(given, answer.dueAt - 1, serviced)).toEqual(answer);
        const hasSpans = given.spans + given.joinedRecords > 0;
        expect(completionOf(given, answer.dueAt, serviced)).toHaveProperty(hasSpans ? "reason" : "expired");
      }),
      { seed: 3, numRuns: 500 },
    );
  });
});
