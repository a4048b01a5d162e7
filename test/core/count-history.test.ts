import { describe, expect, it } from "vitest";

import { countHistory } from "../../src/core/count-history.ts";
import type { HistoryTrial } from "../../src/core/run.ts";

/** `+` passed, `-` failed, oldest first. */
function trials(outcomes: string): HistoryTrial[] {
  return [...outcomes].map((outcome, index) => ({
    caseId: "a",
    scorer: "s",
    key: "k",
    passed: outcome === "+",
    commit: null,
    at: index,
    evidenceHash: null,
  }));
}

const counted = (outcomes: string) => {
  const { passes, trials: count } = countHistory(trials(outcomes));
  return `${passes}/${count}`;
};

describe("main's history of one case", () => {
  it.each([
    ["", "0/0"],
    ["+", "1/1"],
    ["+++", "3/3"],
    ["-+++", "3/4"],
    ["+-+-+-+-", "4/8"],
    ["++++++++-", "8/9"],
    ["++++++++--", "8/10"],
  ])("counts %j as %s while nothing says that main changed", (outcomes, expected) => {
    expect(counted(outcomes)).toBe(expected);
  });

  it.each([
    ["---+++", "3/3", "a fix"],
    ["------+++++", "5/5", "a fix some time ago"],
    ["++++++++++---", "0/3", "a break"],
    ["-----+++++++++", "9/9", "a fix long ago"],
  ])("counts %j as %s, only since %3$s", (outcomes, expected) => {
    expect(counted(outcomes)).toBe(expected);
  });

  it("looks at the newest 50 trials", () => {
    expect(counted(`${"+".repeat(10)}${"+-".repeat(25)}`)).toBe("25/50");
    expect(counted("+".repeat(100))).toBe("50/50");
  });

  it("counts trials with equal evidence once, those without evidence each", () => {
    const same = trials("+++++").map((trial, index) => ({
      ...trial,
      evidenceHash: index < 3 ? "same" : `other-${index}`,
    }));
    expect(countHistory(same)).toEqual({ passes: 3, trials: 3 });
    expect(countHistory(trials("+++++"))).toEqual({ passes: 5, trials: 5 });
  });
});
