import { describe, expect, it } from "vitest";

import { isAccepted, reviewState, stateOf } from "../../src/pipeline/case-life.ts";
import { caseOf } from "../datasets/case-of.ts";

const policy = { minHistory: 3 };
const stateAfter = (passes: number, trials: number) =>
  stateOf({ accepted: true, main: { passes, trials } }, policy);

describe("the life of a case", () => {
  it("begins in quarantine when it was harvested, and needs no review when a person wrote it", () => {
    expect(reviewState(caseOf("a"))).toBe("quarantined");
    expect(reviewState(caseOf("a", { source: { kind: "written" } }))).toBe("open");
    expect(isAccepted(caseOf("a"))).toBe(false);
  });

  it.each([
    ["accepted", "open"],
    ["rejected", "retired"],
    ["retired", "retired"],
  ] as const)("is decided by a review: %s makes it %s", (decision, state) => {
    expect(reviewState(caseOf("a", { review: { decision } }))).toBe(state);
    expect(reviewState(caseOf("a", { source: { kind: "written" }, review: { decision } }))).toBe(state);
  });

  it.each([
    [0, 0, "open"],
    [2, 2, "open"],
    [3, 3, "guarding"],
    [2, 3, "guarding"],
    [1, 3, "open"],
    [10, 20, "open"],
    [11, 20, "guarding"],
    [0, 20, "open"],
  ])("follows main's history: %i of %i is %s", (passes, trials, state) => {
    expect(stateAfter(passes, trials)).toBe(state);
  });

  it("stays in quarantine whatever its history", () => {
    expect(stateOf({ accepted: false, main: { passes: 9, trials: 9 } }, policy)).toBe("quarantined");
  });
});
