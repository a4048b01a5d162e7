import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";

import { runShippedAction } from "./shipped-action.ts";

/**
 * An agent in plain JavaScript: one root span, sent as OTLP JSON. It says its line and a random word, because trials with equal evidence
 * count once.
 */
const agent = (line: string) => `
import { randomBytes } from "node:crypto";
const answer = ${JSON.stringify(line)} + " " + randomBytes(8).toString("hex").replace(/\\d/g, "x");
const at = String(Date.now()) + "000000";
const value = (stringValue) => ({ stringValue });
const span = {
  traceId: randomBytes(16).toString("hex"), spanId: randomBytes(8).toString("hex"), name: "invoke_agent answerer",
  kind: 1, startTimeUnixNano: at, endTimeUnixNano: at, status: {},
  attributes: [
    { key: "openinference.span.kind", value: value("AGENT") },
    { key: "input.value", value: value("What is six times seven?") },
    { key: "output.value", value: value(answer) },
    { key: "tracegate.trace.complete", value: { boolValue: true } },
  ],
};
const body = { resourceSpans: [{ resource: {}, scopeSpans: [{ scope: { name: "agent" }, spans: [span] }] }] };
const response = await fetch(process.env.OTEL_EXPORTER_OTLP_ENDPOINT + "/v1/traces", {
  method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body),
});
if (!response.ok) throw new Error("receiver said " + response.status);
console.log(answer);
`;

const CONFIG = `
import { commandTask, defineConfig, defineScorer } from "tracegate";

console.log("::error::the configuration prints a workflow command");

export default defineConfig({
  scorers: [
    defineScorer("right-answer", ({ trace }) => ({
      value: (trace.output ?? "").startsWith("42"),
      explanation: "It said: " + trace.output,
    })),
  ],
  gate: { datasets: ["evals/cases.jsonl"], history: "evals/history.jsonl", task: commandTask({ command: ["node", "agent.mjs"] }) },
});
`;

const CASE = {
  v: 1,
  id: "six-times-seven",
  input: { messages: [{ role: "user", parts: [{ type: "text", content: "What is six times seven?" }] }] },
  mustPass: ["right-answer"],
  tags: [],
  source: { kind: "written" },
  review: { decision: "accepted" },
};

const repository = { name: "r", owner: { login: "o" }, full_name: "o/r", default_branch: "main" };
const PUSH = { name: "push", ref: "refs/heads/main", payload: { repository } };
const PULL_REQUEST = {
  name: "pull_request",
  ref: "refs/pull/3/merge",
  payload: { repository, pull_request: { number: 3, head: { sha: "beef", repo: { full_name: "o/r" } } } },
};

const workspaces: string[] = [];
afterEach(() => {
  for (const folder of workspaces.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function workspaceOf(files: { readonly [path: string]: string } = {}): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "tracegate-action-")));
  workspaces.push(folder);
  mkdirSync(join(folder, "evals"));
  const all = {
    "tracegate.config.ts": CONFIG,
    "agent.mjs": agent("42"),
    "evals/cases.jsonl": `\n${JSON.stringify(CASE)}\n`,
    ...files,
  };
  for (const [path, content] of Object.entries(all)) writeFileSync(join(folder, path), content);
  return folder;
}

/** A workspace whose main has passed its case often enough to guard it. */
async function guardedWorkspace(): Promise<string> {
  const workspace = workspaceOf();
  for (const _ of [1, 2, 3, 4, 5]) {
    const step = await runShippedAction({ workspace, event: PUSH });
    expect(step.exitCode, step.log).toBe(0);
  }
  return workspace;
}

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
    const workspace = await guardedWorkspace();
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
    const workspace = await guardedWorkspace();
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
    const workspace = await guardedWorkspace();
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
