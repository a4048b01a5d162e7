import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

import type { GateReport } from "../../src/core/verdict.ts";
import { GIT_ENVIRONMENT, GitClones, git } from "../datasets/git-clones.ts";
import { runCli } from "./run-cli.ts";

const CONFIG = `
import { defineConfig, defineScorer, moduleTask } from "tracegate";

export default defineConfig({
  scorers: [defineScorer("names-a-day", ({ trace }) => /day/.test(trace.output ?? ""))],
  gate: {
    datasets: ["cases.jsonl"],
    history: { branch: "tracegate/history" },
    task: moduleTask({ path: "agent.mjs", export: "answer" }),
    quietMs: 50,
  },
});
`;

const AGENT = `
import { readFileSync, writeFileSync } from "node:fs";

export async function answer() {
  writeFileSync("started", "");
  return readFileSync("behaviour", "utf8") + " " + crypto.randomUUID();
}
`;

const CASE = {
  v: 1,
  id: "when",
  input: { messages: [{ role: "user", parts: [{ type: "text", content: "When does it come?" }] }] },
  mustPass: ["names-a-day"],
  tags: [],
  source: { kind: "written" },
};

const clones = new GitClones();
afterAll(() => clones.remove());

/** A remote whose main has the agent. */
function repository(): string {
  const bare = clones.bare();
  const clone = clones.clone(bare);
  const files = {
    "tracegate.config.ts": CONFIG,
    "agent.mjs": AGENT,
    "cases.jsonl": `${JSON.stringify(CASE)}\n`,
  };
  for (const [name, content] of Object.entries(files)) writeFileSync(join(clone, name), content);
  git(clone, "add", ".");
  git(clone, "commit", "--quiet", "-m", "Add the agent");
  git(clone, "push", "--quiet");
  return bare;
}

const bare = repository();
const gitVariables: Record<string, string> = {};
for (const [name, value] of Object.entries(GIT_ENVIRONMENT)) {
  if (name.startsWith("GIT_") && value !== undefined) gitVariables[name] = value;
}

/** A checkout as a workflow makes it. */
function checkout(behaviour: "Monday" | "never"): string {
  const clone = clones.clone(bare, { depth: 1 });
  writeFileSync(join(clone, "behaviour"), behaviour);
  return clone;
}

const gate = (cwd: string, ...args: readonly string[]) =>
  runCli(["gate", ...args], { cwd, env: gitVariables });
const runsOnBranch = () =>
  git(bare, "ls-tree", "-r", "--name-only", "tracegate/history", "runs/").split("\n");

/** What happens to one repository, in order. */
describe("gate with main's history on a branch", () => {
  it("records on main from a checkout that is thrown away, and leaves its work tree as it was", async () => {
    const main = checkout("Monday");
    const { exitCode, stdout } = await gate(main, "--record");
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 0 });
    expect(runsOnBranch()).toHaveLength(1);
    expect(git(main, "status", "--porcelain")).toBe("?? behaviour\n?? started");
  });

  it("guards with it in another checkout: there a change that breaks the case is blocked", async () => {
    const { exitCode, stdout } = await gate(checkout("never"), "--format", "json");
    expect(exitCode).toBe(1);
    const { verdict }: GateReport = JSON.parse(stdout);
    expect(verdict.cases).toMatchObject([{ outcome: "regressed", main: { passes: 3, trials: 3 } }]);
    expect(runsOnBranch()).toHaveLength(1);
  });

  it("adopts the report of a merged change once, however often it is told to", async () => {
    const change = checkout("Monday");
    await gate(change, "--report", "report.json");
    const main = checkout("Monday");
    const report = join(change, "report.json");
    for (const _ of [1, 2])
      expect(await gate(main, "--adopt", report)).toMatchObject({ exitCode: 0, stderr: "" });
    expect(runsOnBranch()).toHaveLength(2);
  });

  it("plans with it", async () => {
    const { exitCode, stdout } = await gate(checkout("Monday"), "plan");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^1 guarding case of 1, 4 trials each on main/);
  });

  it("is inconclusive, runs no agent and says why when the branch cannot be read", async () => {
    const change = checkout("never");
    renameSync(bare, `${bare}.away`);
    const { exitCode, stdout } = await gate(change, "--record");
    const plan = await gate(change, "plan");
    renameSync(`${bare}.away`, bare);
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/^Inconclusive: no history of main could be read, so nothing was tried\./);
    expect(stdout).toContain("The branch tracegate/history of origin cannot be read");
    expect(existsSync(join(change, "started"))).toBe(false);
    expect(plan).toMatchObject({ exitCode: 3, stdout: "" });
    expect(plan.stderr).toContain("cannot be read");
  });

  it("gives its verdict although the branch cannot be pushed, says so, and records with the next run", async () => {
    const hook = join(bare, "hooks/pre-receive");
    writeFileSync(hook, "#!/bin/sh\nexit 1\n");
    chmodSync(hook, 0o755);
    const main = checkout("Monday");
    const { exitCode, stdout } = await gate(main, "--record", "--report", "report.json");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /Nothing was recorded: The history could not be pushed .* the trials wait in this clone/,
    );
    const report: GateReport = JSON.parse(readFileSync(join(main, "report.json"), "utf8"));
    expect(report.recorded).toBe(false);
    expect(await gate(main, "--adopt", "report.json")).toMatchObject({ exitCode: 3, stdout: "" });

    chmodSync(hook, 0o644);
    expect(await gate(checkout("Monday"), "--adopt", join(main, "report.json"))).toMatchObject({
      exitCode: 0,
    });
    await gate(main, "--record");
    expect(runsOnBranch()).toHaveLength(4);
  });
});
