import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { runShippedAction } from "./shipped-action.ts";

/**
 * An agent in plain JavaScript: one root span, sent as OTLP JSON. It says its line and a random word, because trials with equal evidence
 * count once.
 */
export const agent = (line: string) => `
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

export const CONFIG = `
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

export const CASE = {
  v: 1,
  id: "six-times-seven",
  input: { messages: [{ role: "user", parts: [{ type: "text", content: "What is six times seven?" }] }] },
  mustPass: ["right-answer"],
  tags: [],
  source: { kind: "written" },
  review: { decision: "accepted" },
};

export const repository = { name: "r", owner: { login: "o" }, full_name: "o/r", default_branch: "main" };
export const PUSH = { name: "push", ref: "refs/heads/main", payload: { repository } };
export const PULL_REQUEST = {
  name: "pull_request",
  ref: "refs/pull/3/merge",
  payload: { repository, pull_request: { number: 3, head: { sha: "beef", repo: { full_name: "o/r" } } } },
};

const workspaces: string[] = [];

/** Removes every folder that was made here. */
export function removeWorkspaces(): void {
  for (const folder of workspaces.splice(0)) rmSync(folder, { recursive: true, force: true });
}

function newFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "tracegate-action-")));
  workspaces.push(folder);
  return folder;
}

/** A copy of a workspace, to be changed. */
export function copyOf(workspace: string): string {
  const folder = newFolder();
  cpSync(workspace, folder, { recursive: true });
  return folder;
}

/** A repository with an agent, one case and no history. */
export function workspaceOf(files: { readonly [path: string]: string } = {}): string {
  const folder = newFolder();
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
export async function guardedWorkspace(): Promise<string> {
  const workspace = workspaceOf();
  for (const _ of [1, 2, 3, 4, 5]) {
    const step = await runShippedAction({ workspace, event: PUSH });
    if (step.exitCode !== 0) throw new Error(step.log);
  }
  return workspace;
}
