import { describe, expect, it } from "vitest";

import { annotationsOf } from "../../src/action/annotations.ts";
import { caseVerdict, report, result, score } from "./reports.ts";

const lines = new Map([["refund-limit", { path: "evals/datasets/harvested.jsonl", line: 7 }]]);

describe("annotations", () => {
  it("stand at the line of the case and give the counts and the scorer's words", () => {
    expect(annotationsOf(report(), lines)).toEqual([
      {
        level: "error",
        title: "refund-limit: regressed",
        message:
          "right-order regressed: main passes 5 of 5 trials, this change 0 of 3. The answer names order A-12, the tool returned A-21.",
        place: { path: "evals/datasets/harvested.jsonl", line: 7 },
      },
    ]);
  });

  it("are made for what broke, is open or was fixed, and not for the rest", () => {
    const outcomes = ["held", "new", "still-failing", "fixed", "undecided", "unscored", "regressed"] as const;
    const cases = outcomes.map((outcome) => caseVerdict({ caseId: outcome, outcome }));
    expect(
      annotationsOf(report({ verdict: { cases } }), lines).map((each) => [each.level, each.title]),
    ).toEqual([
      ["error", "regressed: regressed"],
      ["warning", "undecided: undecided"],
      ["warning", "unscored: unscored"],
      ["notice", "fixed: fixed"],
    ]);
  });

  it("are at most ten of a level, as many as GitHub shows", () => {
    const cases = Array.from({ length: 30 }, (_, index) => caseVerdict({ caseId: String(index) }));
    expect(annotationsOf(report({ verdict: { cases } }), lines)).toHaveLength(10);
  });

  it("explain an unscored case by its code or its fault, and take the last trial that did not pass", () => {
    const rows = [caseVerdict({ outcome: "unscored", unscored: 1 })];
    const explain = (results: Parameters<typeof report>[0]) =>
      annotationsOf(report({ verdict: { cases: rows }, ...results }), lines)[0]?.message;
    const silent = score({ value: null, explanation: null, unscored: { code: "no-key" } });
    expect(explain({ results: [result({ scores: [silent] })] })).toContain("no-key");
    const fault = { code: "no-trace", message: "The agent sent no spans." } as const;
    expect(explain({ results: [result({ scores: [], fault })] })).toContain("The agent sent no spans.");
    const trials = [
      result({ scores: [score({ explanation: "first" })] }),
      result({ scores: [score({ explanation: "second" })] }),
      result({ scores: [score({ value: 1, explanation: "fine" })] }),
    ];
    expect(explain({ results: trials })).toContain("second");
  });
});
