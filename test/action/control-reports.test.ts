import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";

import { published, reportSchema } from "../../src/action/report-schema.ts";
import { runsBeside } from "../../src/action/runs-beside.ts";
import { summaryOf } from "../../src/action/summary.ts";
import { gateText } from "../../src/cli/print/gate-text.ts";
import type { GateReport } from "../../src/core/verdict.ts";
import { gatePage } from "../../src/render/html/gate/gate-page.ts";
import { junitXml } from "../../src/render/junit.ts";
import { pairedRun } from "../../src/render/paired-runs.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";
import { parsePage, unbalanced } from "../render/page-markup.ts";
import { caseVerdict, report, result, score } from "./reports.ts";

const HOSTILE = "</td><script>alert(1)</script>\n\n# Title | [x](https://evil.example) `code`";

/** A block of one case, with two trials of main beside those of the change. */
function controlled(words = "It comes on Monday.", outcome: "regressed" | "stale" = "regressed"): GateReport {
  const passes = outcome === "regressed";
  const mainScore = passes ? score({ value: 1, explanation: null }) : score();
  const one = caseVerdict({
    outcome,
    control: { main: { passes: passes ? 2 : 0, trials: 2 }, candidate: { passes: 0, trials: 2 } },
  });
  const run = (trial: number, said: string, scores = [score()]) =>
    result({
      trial,
      scores,
      trace: makeTrace({ output: `${said} ${trial}`, toolCalls: [{ name: "look_up", result: said }] }),
    });
  const plain = report({ verdict: { cases: [one], controlled: true, controlEvidence: 52 } });
  return {
    ...plain,
    run: { ...plain.run, results: [1, 2, 3].map((trial) => run(trial, "I do not know.")) },
    control: {
      commit: "ba5eba5e",
      base: "origin/main",
      results: [2, 3].map((trial) => run(trial, words, [mainScore])),
      moved: [],
    },
  };
}

const pageOf = (given: GateReport) => [...gatePage(given, { origins: new Map(), limit: 20 })].join("");

describe("main of today, beside the change", () => {
  it("is on the page, whole traces too, with the commit and the counts", () => {
    const page = pageOf(controlled());
    expect(page).toContain("<h4>Main, now, trial 3</h4>");
    expect(page).toContain("It comes on Monday. 3");
    expect(page).toContain("The whole trace of main");
    expect(page).toContain("2 trials of origin/main, commit ba5eba5e");
    expect(page).toContain("5 of 5, now 2 of 2");
  });

  it("is in the text, step by step", () => {
    const text = stripVTControlCharacters(gateText(controlled()));
    expect(text).toContain("refund-limit, tried side by side:");
    expect(text).toMatch(/main now +this change/);
    expect(text).toMatch(/answer: It comes on Monday\. 3 +≠ answer: I do not know\. 3/);
  });

  it("is in the step summary", () => {
    const summary = summaryOf(controlled(), {
      headCommit: "",
      fromFork: false,
      limit: 20,
      runs: runsBeside(controlled()),
    });
    expect(summary).toContain("### Main now beside this change");
    expect(summary).toContain("| main now | this change |");
    expect(summary).toContain("5/5, now 2/2");
    expect(runsBeside(report())).toBe("");
  });

  it("is told of a stale case by a trial that main failed; it is no failure for JUnit", () => {
    const stale = controlled("I do not know either.", "stale");
    expect(pageOf(stale)).toContain("Failing on main now (1)");
    expect(stripVTControlCharacters(gateText(stale))).toContain("answer: I do not know either. 3");
    expect(junitXml(stale)).toContain('<skipped message="stale: main passes 5 of 5');
  });

  it("cannot be markup of a page or a summary", () => {
    const hostile = controlled(HOSTILE);
    expect(unbalanced(parsePage(pageOf(hostile)).tags)).toEqual([]);
    expect(pageOf(hostile)).not.toContain("<script>alert");
    expect(runsBeside(hostile)).not.toMatch(/<script|\]\(https|`code`/);
  });

  it("is taken from the pair that shows the outcome, else from the last one", () => {
    const given = controlled();
    const [one] = given.verdict.cases;
    if (!one) throw new Error("no case");
    expect(pairedRun(given, one)?.main.trial).toBe(3);
    expect(
      pairedRun(
        { ...given, control: { ...given.control, commit: "", base: "", moved: [], results: [] } },
        one,
      ),
    ).toBeUndefined();
  });

  it("is part of the published report", () => {
    const read = reportSchema.parse(JSON.parse(JSON.stringify(published(controlled()))));
    expect(read.control).toMatchObject({ base: "origin/main", results: [{ trial: 2 }, { trial: 3 }] });
    expect(read.verdict).toMatchObject({ controlled: true, controlEvidence: 52 });
    expect(read.verdict.cases[0]?.control?.main).toEqual({ passes: 2, trials: 2 });
  });
});
