import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { z } from "zod";

import { published, reportJsonSchema, reportSchema } from "../../src/action/report-schema.ts";
import { reportJson } from "../../src/app/write-reports.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";
import { copyOf, guardedWorkspace, PULL_REQUEST, PUSH, removeWorkspaces } from "./agent-workspace.ts";
import { caseVerdict, report, result, score } from "./reports.ts";
import { runShippedAction } from "./shipped-action.ts";

const SCHEMA = join(import.meta.dirname, "../../docs/schema/gate-report.schema.json");

afterAll(removeWorkspaces);

describe("the published schema of the report", () => {
  it("is the file in docs/schema; node scripts/report-schema.ts writes it", () => {
    expect(JSON.parse(readFileSync(SCHEMA, "utf8"))).toEqual(reportJsonSchema());
  });

  it("takes the reports that the shipped action writes, read back from JSON Schema", async () => {
    const schema = z.fromJSONSchema(JSON.parse(readFileSync(SCHEMA, "utf8")));
    const workspace = await guardedWorkspace();
    const pass = await runShippedAction({ workspace, event: PUSH });
    const faulty = copyOf(workspace);
    writeFileSync(join(faulty, "agent.mjs"), "process.exit(3);");
    const inconclusive = await runShippedAction({ workspace: faulty, event: PULL_REQUEST });
    for (const step of [pass, inconclusive]) {
      const written = JSON.parse(readFileSync(step.outputs.report ?? "", "utf8"));
      expect(schema.safeParse(written).error).toBeUndefined();
    }
  }, 60_000);

  it("takes every field that a report can have, also evidence beyond every number", () => {
    const full = report({
      verdict: {
        evidence: Number.POSITIVE_INFINITY,
        losses: [{ scorer: "right-order", margin: null, odds: 1 }],
        cases: [caseVerdict({ weight: 2, mustFix: true })],
      },
      results: [
        result({ trace: makeTrace(), notes: ["The prompt changed."] }),
        result({ scores: [score({ value: null, unscored: { code: "rate-limited", retryAt: 5 } })] }),
        result({ fault: { code: "no-trace", message: "Nothing came." } }),
      ],
    });
    const written = JSON.parse(reportJson(full));
    expect(reportSchema.safeParse(written).error).toBeUndefined();
    expect(written.verdict.evidence).toBeGreaterThan(1e300);
    expect(published(full).run.results).toHaveLength(3);
  });

  it.each([
    ["another version", { v: 2 }],
    ["another verdict", { verdict: { ...report().verdict, status: "fine" } }],
    ["counts below zero", { verdict: { ...report().verdict, cases: [caseVerdict({ unscored: -1 })] } }],
    ["no run", { run: undefined }],
  ])("refuses %s", (_, over) => {
    expect(reportSchema.safeParse({ ...report(), ...over }).success).toBe(false);
  });
});
