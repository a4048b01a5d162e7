import { describe, expect, it } from "vitest";

import { commentOf } from "../../src/action/comment.ts";
import { evidenceTable } from "../../src/action/evidence-bars.ts";
import { caseVerdict, report, result, score } from "./reports.ts";

const context = { headCommit: "def456", fromFork: false, limit: 20 };

describe("the comment", () => {
  it("says the verdict and what broke, and leaves out what held", () => {
    const cases = [caseVerdict(), caseVerdict({ caseId: "calm", outcome: "held", evidence: 0.5 })];
    const body = commentOf(report({ verdict: { cases } }), context, "https://github.com/o/r/actions/runs/7");
    expect(body).toMatch(/^### tracegate: ❌ block\n/);
    expect(body).toContain("| **regressed** | 5/5 | 0/3 |");
    expect(body).not.toContain("calm");
    expect(body).toMatch(
      /\[All of it is in the workflow run\.\]\(https:\/\/github\.com\/o\/r\/actions\/runs\/7\)$/,
    );
  });

  it("fits into a comment, however much broke and however long the words are", () => {
    const cases = Array.from({ length: 500 }, (_, index) =>
      caseVerdict({ caseId: `${index}${"<".repeat(300)}` }),
    );
    const results = cases.map(({ caseId }) =>
      result({ caseId, scores: [score({ explanation: "<".repeat(9_000) })] }),
    );
    const reasons = cases.map(({ caseId }) => `${caseId} ${"|".repeat(2_000)}`);
    const body = commentOf(
      report({ verdict: { cases, reasons, title: "<".repeat(5_000) }, results, notes: reasons }),
      context,
    );
    expect(body.length).toBeLessThanOrEqual(65_000);
    expect(body).toContain("### tracegate: ❌ block");
  });
});

describe("the plot of the evidence", () => {
  const bars = (evidence: number, limit?: number) => {
    const table = evidenceTable(
      report({ verdict: { evidence, cases: [caseVerdict({ evidence: 1 })] } }),
      limit,
    );
    return table.split("\n").at(-1)?.split(" | ")[1];
  };

  it.each([
    [0.2, "░░░░░░░░░░┃░░░░░░░░░░"],
    [1, "░░░░░░░░░░┃░░░░░░░░░░"],
    [20, "██████████┃░░░░░░░░░░"],
    [400, "██████████┃██████████"],
    [1e300, "██████████┃██████████"],
    [Number.POSITIVE_INFINITY, "██████████┃██████████"],
  ])("reaches the mark where the gate blocks: %d", (evidence, bar) => {
    expect(bars(evidence, 20)).toBe(bar);
  });

  it("grows with the evidence, and has no mark where the limit is not known", () => {
    expect(bars(3)?.length).toBe(20);
    expect(bars(3)).not.toContain("┃");
    const filled = [2, 4, 8, 16, 32].map((evidence) => bars(evidence)?.replaceAll("░", "").length ?? 0);
    expect(filled).toEqual([...filled].sort((a, b) => a - b));
    expect(new Set(filled).size).toBe(5);
  });

  it("shows the fifteen strongest cases, and no advisory ones", () => {
    const cases = Array.from({ length: 30 }, (_, index) =>
      caseVerdict({ caseId: `case${index}`, evidence: index }),
    );
    const advisory = caseVerdict({ caseId: "advice", evidence: 99, blocking: false });
    const lines = evidenceTable(report({ verdict: { cases: [...cases, advisory] } }), 20)
      .split("\n")
      .slice(3);
    expect(lines).toHaveLength(15);
    expect(lines[0]).toContain("case29");
    expect(lines.join()).not.toContain("advice");
  });
});
