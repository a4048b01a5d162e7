import { describe, expect, it } from "vitest";

import { summaryOf } from "../../src/action/summary.ts";
import { caseVerdict, report, result, score } from "./reports.ts";

const event = { headCommit: "def456", fromFork: false, limit: 20 };
const HOSTILE =
  "</td><script>alert(1)</script>\n\n# Title | [x](https://evil.example) `code` ![](https://evil.example)";

describe("the step summary", () => {
  it("says the verdict, the reasons, and a row per case with the scorer's words", () => {
    expect(
      summaryOf(report(), event).replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code)),
    ).toMatchInlineSnapshot(`
      "## tracegate: ❌ block

      1 case regressed

      - refund-limit: right-order passed 5 of 5 on main and 0 of 3 here.

      | evidence of a break | 1 to 400; ┃ is 20, where the gate blocks | |
      | --- | --- | ---: |
      | **all cases** | ██████████┃██▋░░░░░░░ | 44 |
      | refund-limit, right-order | ██████████┃██▋░░░░░░░ | 44 |

      | case | scorer | state | outcome | main | this change | evidence | why |
      | --- | --- | --- | --- | ---: | ---: | ---: | --- |
      | refund-limit | right-order | guarding | **regressed** | 5/5 | 0/3 | 44 | The answer names order A-12, the tool returned A-21. |

      - 1 trial on dataset harvested, commit def456.
      "
    `);
  });

  it("puts what broke first, marks advisory judges, and shows unscored trials", () => {
    const summary = summaryOf(
      report({
        verdict: {
          cases: [
            caseVerdict({ caseId: "held", outcome: "held", candidate: { passes: 3, trials: 3 } }),
            caseVerdict({ caseId: "silent", outcome: "unscored", unscored: 2, blocking: false }),
            caseVerdict({ caseId: "broke" }),
          ],
        },
      }),
      event,
    );
    const rows = summary.split("\n").filter((line) => /^\| (held|silent|broke) /.test(line));
    expect(rows.map((row) => row.split(" | ")[0])).toEqual(["| broke", "| silent", "| held"]);
    expect(rows[1]).toContain("(advisory)");
    expect(rows[1]).toContain("0/3, 2 unscored");
  });

  it("keeps untrusted text from being markup, wherever it stands", () => {
    const summary = summaryOf(
      report({
        verdict: {
          title: HOSTILE,
          reasons: [HOSTILE],
          cases: [caseVerdict({ caseId: HOSTILE, scorer: HOSTILE })],
        },
        results: [result({ caseId: HOSTILE, scores: [score({ name: HOSTILE, explanation: HOSTILE })] })],
        notes: [HOSTILE],
        run: { v: 1, dataset: HOSTILE, commit: HOSTILE, startedAt: 0, results: [] },
      }),
      { headCommit: HOSTILE, fromFork: false, limit: 20 },
    );
    expect(summary).not.toMatch(/<|\]\(|`|https:/);
    expect(summary.match(/^#.*/gm)).toEqual(["## tracegate: ❌ block"]);
    const table = summary.split("\n").filter((line) => line.startsWith("| "));
    expect(table.map((line) => line.split(" | ").length)).toEqual([3, 3, 3, 3, 8, 8, 8]);
  });

  it("stays under the size a step summary may have", () => {
    const cases = Array.from({ length: 3000 }, (_, index) =>
      caseVerdict({ caseId: `${index}-${"<".repeat(200)}` }),
    );
    const results = cases.map(({ caseId }) =>
      result({ caseId, scores: [score({ explanation: "<".repeat(5000) })] }),
    );
    const summary = summaryOf(report({ verdict: { cases }, results }), event);
    expect(Buffer.byteLength(summary)).toBeLessThan(1024 * 1024);
    expect(summary).toContain("2800 more rows are in the report.");
  });

  it("says when a change from a fork had no secrets, and when history was written", () => {
    const summary = summaryOf(report({ recorded: true }), { headCommit: "", fromFork: true, limit: 20 });
    expect(summary).toContain("comes from a fork");
    expect(summary).toContain("added to the history of main");
    expect(summary).toContain("commit abc123");
  });
});
