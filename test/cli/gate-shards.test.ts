import { statSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import type { GateReport } from "../../src/core/verdict.ts";
import { GateWorkspace } from "./gate-workspace.ts";

const workspace = new GateWorkspace(14);
beforeAll(async () => {
  expect((await workspace.gate(["--record"])).exitCode).toBe(0);
  workspace.commit("The history of main");
});
afterAll(() => workspace.remove());

const PARTS = [1, 2, 3];

/** Runs the parts as the jobs of a matrix do, each with its report in a folder of its own. */
async function runParts(folder: string, args: readonly string[] = []) {
  return Promise.all(
    PARTS.map((part) =>
      workspace.gate(["--shard", `${part}/3`, "--report", `${folder}/part-${part}/report.json`, ...args]),
    ),
  );
}

/** What a verdict says, without what depends on which process made which trial first. */
const essence = ({ verdict }: GateReport) => ({
  status: verdict.status,
  outcomes: verdict.cases.map(({ caseId, outcome }) => `${caseId} ${outcome}`),
});

describe("a gate in parts", () => {
  it("tries each case in one part, and no part gives a verdict", async () => {
    workspace.break();
    const ends = await runParts("good");
    for (const [index, end] of ends.entries()) {
      expect(end).toMatchObject({ exitCode: 0, stderr: "" });
      expect(end.stdout).toMatch(
        new RegExp(
          `^Part ${index + 1} of 3: (\\d+) of its \\1 cases tried\\. The verdict is made of all parts`,
        ),
      );
    }
    const reports = PARTS.map((part) => workspace.report(`good/part-${part}/report.json`));
    const ids = reports.flatMap(({ run }) => run.results.map(({ caseId }) => caseId));
    expect(ids.toSorted()).toEqual(workspace.caseIds.toSorted());
  });

  it("merges to a pass, with the page and the JUnit file of the whole run", async () => {
    const files = ["--report", "out/whole.json", "--html", "out/whole.html", "--junit", "out/whole.xml"];
    const merged = await workspace.gate(["merge", "good", ...files]);
    expect(merged).toMatchObject({ exitCode: 0, stderr: "" });
    expect(merged.stdout).toMatch(
      /^Pass: 14 guarding cases held\.\n {2}.*\n? {2}Spent \$0\.06 and 16,800 tokens in /,
    );
    expect(workspace.report("out/whole.json")).toMatchObject({ ended: "whole", spent: { tokens: 16_800 } });
    expect(workspace.read("out/whole.html")).toContain("Pass: 14 guarding cases held.");
    expect(workspace.read("out/whole.xml")).toContain('<testsuites name="tracegate" tests="14" failures="0"');
    expect(statSync(workspace.at("out/whole.html")).mode & 0o777).toBe(0o600);
  });

  it("blocks what one process blocks, and names the same cases", async () => {
    workspace.break("case-2", "case-5", "case-11");
    const ends = await runParts("bad");
    expect(ends.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    const merged = await workspace.gate(["merge", "bad", "--report", "out/merged.json"]);
    const whole = await workspace.gate(["--report", "out/unsharded.json"]);
    expect([merged.exitCode, whole.exitCode]).toEqual([1, 1]);
    expect(essence(workspace.report("out/merged.json"))).toEqual(
      essence(workspace.report("out/unsharded.json")),
    );
    expect(merged.stdout).toMatch(/^Blocked: 3 cases that main passes fail here\./);
  });

  it("says which part is missing, and finishes one that was cut short where it is told to", async () => {
    workspace.break();
    const missing = await workspace.gate(["merge", "good/part-1", "good/part-3/report.json"]);
    expect(missing).toMatchObject({ exitCode: 2, stdout: "" });
    expect(missing.stderr).toContain("Part 2 of 3 is missing");

    const budget = { env: { BUDGET: '{"tokens":1200}' } };
    const cut = await workspace.gate(["--shard", "2/3", "--report", "cut.json"], budget);
    expect(cut.exitCode).toBe(3);
    expect(cut.stdout).toContain("Raise gate.budget.tokens");
    const parts = ["good/part-1", "cut.json", "good/part-3"];
    const undecided = await workspace.gate(["merge", ...parts]);
    expect(undecided.exitCode).toBe(3);
    expect(undecided.stdout).toMatch(/^Inconclusive: \d of 14 cases were not tried\./);
    const tried = workspace.begun().length;
    const finished = await workspace.gate(["merge", ...parts, "--finish"]);
    expect(finished.exitCode).toBe(0);
    expect(finished.stdout).toMatch(/^Pass: 14 guarding cases held\./);
    expect(workspace.begun().length - tried).toBeGreaterThan(0);
    expect(workspace.begun().length - tried).toBeLessThan(6);
  });

  it("refuses parts of other rules, and of another commit", async () => {
    const env = { ERROR_RATE: "0.1" };
    expect((await workspace.gate(["--shard", "2/3", "--report", "loose.json"], { env })).exitCode).toBe(0);
    const rules = await workspace.gate(["merge", "good/part-1", "loose.json", "good/part-3"]);
    expect(rules).toMatchObject({ exitCode: 2, stdout: "" });
    expect(rules.stderr).toContain("loose.json, part 2: another gate.errorRate (0.1 and 0.05)");
    workspace.commit("Something else");
    const commit = await workspace.gate(["merge", "good"]);
    expect(commit.exitCode).toBe(2);
    expect(commit.stderr.match(/another commit/g)).toHaveLength(3);
  });

  it("records on main only what is merged", async () => {
    const before = workspace.read("evals/history.jsonl");
    const parts = await runParts("main", ["--record"]);
    expect(parts[0]?.stdout).toContain("A part records nothing; `tracegate gate merge --record` does.");
    expect(workspace.read("evals/history.jsonl")).toBe(before);
    expect((await workspace.gate(["merge", "main", "--record"])).exitCode).toBe(0);
    const added = workspace.read("evals/history.jsonl").split("\n").length - before.split("\n").length;
    expect(added).toBe(14);
  });

  it.each(["0/3", "4/3", "second"])("refuses %s as a part", async (part) => {
    const { exitCode, stderr } = await workspace.gate(["--shard", part]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("e.g. 2/5 for the second of five");
  });
});
