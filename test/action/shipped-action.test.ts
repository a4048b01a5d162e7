import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import {
  agent,
  CASE,
  copyOf,
  guardedWorkspace,
  PULL_REQUEST,
  PUSH,
  removeWorkspaces,
  workspaceOf,
} from "./agent-workspace.ts";
import { runShippedAction } from "./shipped-action.ts";

let guarded = "";
beforeAll(async () => {
  guarded = await guardedWorkspace();
}, 60_000);
afterAll(removeWorkspaces);

describe("the shipped action", () => {
  it("passes an agent that does what it should, records main, and sets its outputs", async () => {
    const workspace = workspaceOf();
    const step = await runShippedAction({ workspace, event: PUSH });
    expect(step.exitCode, step.log).toBe(0);
    expect(step.outputs.verdict).toBe("pass");
    expect(step.summary).toContain("## tracegate: ✅ pass");
    expect(JSON.parse(readFileSync(step.outputs.report ?? "", "utf8"))).toMatchObject({
      v: 1,
      verdict: { status: "pass" },
      recorded: true,
    });
    expect(readFileSync(join(workspace, "evals/history.jsonl"), "utf8")).toContain("six-times-seven");
  });

  it("blocks the change that breaks what main passes, at the line of the case", async () => {
    const workspace = copyOf(guarded);
    const history = readFileSync(join(workspace, "evals/history.jsonl"), "utf8");
    writeFileSync(join(workspace, "agent.mjs"), agent("41"));
    const step = await runShippedAction({ workspace, event: PULL_REQUEST });
    expect(step.exitCode, step.log).toBe(1);
    expect(step.outputs.verdict).toBe("block");
    const errors = step.commands.filter((command) => command.name === "error");
    expect(errors[0]).toMatchObject({
      properties: { file: "evals/cases.jsonl", line: "2", title: "six-times-seven: regressed" },
      data: expect.stringContaining("It said: 41"),
    });
    expect(step.summary).toContain("**regressed**");
    expect(readFileSync(join(workspace, "evals/history.jsonl"), "utf8")).toBe(history);
  }, 60_000);

  it("obeys nothing that the agent says, in log, annotations and summary", async () => {
    const workspace = copyOf(guarded);
    const hostile = "41\n::warning::gotcha\n##[add-mask]x\n<img src=x> [l](https://evil.example) | `";
    writeFileSync(join(workspace, "agent.mjs"), agent(hostile));
    const step = await runShippedAction({ workspace, event: PULL_REQUEST });
    expect(step.exitCode, step.log).toBe(1);
    expect(step.commands.map((command) => command.data).join("\n")).not.toMatch(
      /^gotcha|prints a workflow command/m,
    );
    expect(step.commands.every((command) => ["error", "notice", "warning"].includes(command.name))).toBe(
      true,
    );
    expect(step.summary).not.toMatch(/<img|\]\(|https:/);
  }, 60_000);

  it("warns on a pull request and fails a release when nothing can be decided", async () => {
    const workspace = copyOf(guarded);
    writeFileSync(join(workspace, "agent.mjs"), "process.exit(3);");
    const change = await runShippedAction({ workspace, event: PULL_REQUEST });
    expect(change.outputs.verdict, change.log).toBe("inconclusive");
    expect(change.exitCode).toBe(0);
    expect(change.commands.some((command) => command.name === "warning")).toBe(true);
    const release = await runShippedAction({ workspace, event: PULL_REQUEST, inputs: { mode: "release" } });
    expect(release.outputs.verdict, release.log).toBe("inconclusive");
    expect(release.exitCode).toBe(1);
  }, 60_000);

  it("fails with a sentence when the inputs or the configuration are wrong", async () => {
    const workspace = workspaceOf();
    const inputs = await runShippedAction({ workspace, event: PULL_REQUEST, inputs: { mode: "prod" } });
    expect(inputs.exitCode).toBe(2);
    expect(inputs.commands[0]).toMatchObject({
      name: "error",
      data: expect.stringContaining('(found "prod")'),
    });
    const config = await runShippedAction({ workspace, event: PULL_REQUEST, inputs: { config: "gone.ts" } });
    expect(config.exitCode).toBe(2);
    expect(config.commands[0]?.data).toContain("gone.ts");
  });

  it("gives a configuration its own copy of tracegate, so that both know the same classes", async () => {
    const wrong = `import { defineScorer } from "tracegate"; export default { scorers: [defineScorer("No Name", () => 1)] };`;
    const workspace = workspaceOf({ "tracegate.config.ts": wrong });
    const step = await runShippedAction({ workspace, event: PULL_REQUEST });
    expect(step.exitCode).toBe(2);
    // An error of another copy would be wrapped as a foreign one.
    expect(step.commands[0]?.data).toContain("No Name");
    expect(step.commands[0]?.data).not.toContain("could not be imported");
  });

  it("takes dataset and working directory from its inputs", async () => {
    const workspace = workspaceOf();
    mkdirSync(join(workspace, "packages"));
    const inner = workspaceOf();
    for (const name of ["tracegate.config.ts", "agent.mjs"]) {
      writeFileSync(join(workspace, "packages", name), readFileSync(join(inner, name)));
    }
    writeFileSync(
      join(workspace, "packages/other.jsonl"),
      `${JSON.stringify({ ...CASE, id: "other-case" })}\n`,
    );
    const step = await runShippedAction({
      workspace,
      event: PULL_REQUEST,
      inputs: { "working-directory": "packages", dataset: "other.jsonl" },
    });
    expect(step.exitCode, step.log).toBe(0);
    expect(step.summary).toContain("other&#45;case");
  });
});
