import { describe, expect, it } from "vitest";

import type { Case } from "../../src/core/case.ts";
import type { Result, Run } from "../../src/core/run.ts";
import type { Score } from "../../src/core/score.ts";
import { criteriaOf } from "../../src/pipeline/gate-criteria.ts";
import { passingRuns } from "../../src/pipeline/passing-runs.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";
import { result, score } from "../action/reports.ts";

const one: Case = {
  v: 1,
  id: "refund",
  input: { messages: [] },
  mustPass: [],
  tags: [],
  source: { kind: "written" },
};

const criteria = criteriaOf([one], {
  scorers: [
    { name: "right", version: "1", kind: "rule" },
    { name: "advisory", version: "1", kind: "judge" },
  ],
  taskIdentity: "task",
  trust: [],
});

const right = (value: number | null): Score => score({ name: "right", value });
const trial = (number: number, output: string, scores: readonly Score[]): Result =>
  result({ caseId: "refund", trial: number, trace: makeTrace({ output }), scores });
const runOf = (...results: readonly Result[]): Run => {
  return { v: 1, dataset: "d", commit: "c0ffee", startedAt: 0, results };
};

describe("the passing runs of a gate run", () => {
  it("are the first trial of a case that passed all that may block", () => {
    const run = runOf(
      trial(1, "wrong", [right(0)]),
      trial(2, "right", [right(1), score({ name: "advisory", value: 0 })]),
      trial(3, "right again", [right(1)]),
    );
    expect(passingRuns(criteria, run)).toMatchObject([
      { v: 1, caseId: "refund", commit: "c0ffee", answer: "right", recording: { v: 1 } },
    ]);
  });

  it("are none of a case that failed, or that gave no score", () => {
    expect(passingRuns(criteria, runOf(trial(1, "wrong", [right(0)])))).toEqual([]);
    expect(passingRuns(criteria, runOf(trial(1, "unknown", [right(null)])))).toEqual([]);
    expect(passingRuns(criteria, runOf(trial(1, "nothing", [])))).toEqual([]);
  });

  it("are redacted and cut", () => {
    const output = `Write to ada.lovelace@example.org. ${"x".repeat(10_000)}`;
    const calls = Array.from({ length: 100 }, (_, index) => ({
      name: "get",
      result: `${index} ${"y".repeat(1_000)}`,
    }));
    const long = result({
      caseId: "refund",
      trace: makeTrace({ output, toolCalls: calls }),
      scores: [right(1)],
    });
    const [kept] = passingRuns(criteria, runOf(long));
    expect(kept?.answer).toMatch(/^Write to \[email-1\]\. x+$/);
    expect(kept?.answer).toHaveLength(4_000);
    expect(kept?.recording).toMatchObject({ truncated: true, redactions: { email: 2 } });
    expect(JSON.stringify(kept).length).toBeLessThan(25_000);
  });

  it("are left out when they hold what looks like a credential", () => {
    // In two parts, so that no scanner takes this file for a leak.
    const token = ["ghp", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"].join("_");
    expect(passingRuns(criteria, runOf(trial(1, `Use ${token}`, [right(1)])))).toEqual([]);
  });
});
