import { describe, expect, it } from "vitest";

import { junitXml } from "../../src/render/junit.ts";
import { caseVerdict, report, result, score } from "../action/reports.ts";

const OUTCOMES = ["held", "regressed", "fixed", "still-failing", "undecided", "unscored", "new"] as const;

describe("a gate run as JUnit XML", () => {
  it("has a failure exactly where the gate blames a case, with the counts and the scorer's words", () => {
    const cases = OUTCOMES.map((outcome) =>
      caseVerdict({
        caseId: outcome,
        outcome,
        candidate: { passes: outcome === "held" || outcome === "fixed" ? 3 : 0, trials: 3 },
      }),
    );
    const results = [result({ caseId: "regressed", durationMs: 1_500 })];
    const xml = junitXml(report({ verdict: { cases }, results, finishedAt: 2_250 }));
    expect(xml).toContain('tests="7" failures="1" errors="1" skipped="3" time="2.250"');
    const ends = [...xml.matchAll(/classname="([^"]*)" time="([^"]*)"(?:\/>|><(\w+) message="([^"]*)")/g)];
    expect(ends.map(([, name, , kind]) => [name, kind])).toEqual([
      ["held", undefined],
      ["regressed", "failure"],
      ["fixed", undefined],
      ["still-failing", "skipped"],
      ["undecided", "skipped"],
      ["unscored", "error"],
      ["new", "skipped"],
    ]);
    expect(ends[1]?.[2]).toBe("1.500");
    expect(ends[1]?.[4]).toBe(
      "regressed: main passes 5 of 5, this change 0 of 3. The answer names order A-12, the tool returned A-21.",
    );
  });

  it("says of a case that broke down beside the blamed ones that main was not tried on it", () => {
    const undecided = { outcome: "undecided", candidate: { passes: 0, trials: 1 } } as const;
    const cases = [
      caseVerdict({ caseId: "blamed", outcome: "regressed" }),
      caseVerdict({ caseId: "other", ...undecided, breakdowns: { trials: 1, how: "crashed" } }),
    ];
    expect(junitXml(report({ verdict: { status: "block", cases }, results: [] }))).toContain(
      '<skipped message="undecided, breaks down and was not tried beside main: main passes 5 of 5, this change 0 of 1."',
    );
  });

  it("reports an advisory judge and never fails by it", () => {
    const cases = [caseVerdict({ outcome: "held", blocking: false })];
    expect(junitXml(report({ verdict: { cases } }))).toContain('failures="0" errors="0" skipped="1"');
  });

  it("stays XML, whatever a case or a scorer says", () => {
    const hostile = '"><failure/>\u0000\u001b]]>&\n<!--\ud800';
    const xml = junitXml(
      report({
        verdict: { title: hostile, cases: [caseVerdict({ caseId: hostile, scorer: hostile })] },
        run: { v: 1, dataset: hostile, commit: hostile, startedAt: 0, results: [] },
        results: [
          result({ caseId: hostile, scores: [score({ name: hostile, explanation: hostile.repeat(2_000) })] }),
        ],
      }),
    );
    expect(xml.match(/<[^>]*>/g)?.map((tag) => /^<[?/]?(\w+)/.exec(tag)?.[1])).toEqual([
      "xml",
      "testsuites",
      "testsuite",
      "properties",
      "property",
      "property",
      "property",
      "properties",
      "testcase",
      "failure",
      "testcase",
      "testsuite",
      "testsuites",
    ]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(xml).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
    expect(xml.isWellFormed()).toBe(true);
  });
});
