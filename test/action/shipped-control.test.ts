import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";

import { agent, guardedWorkspace, PULL_REQUEST, removeWorkspaces } from "./agent-workspace.ts";
import { runShippedAction } from "./shipped-action.ts";

afterAll(removeWorkspaces);

const git = (cwd: string, ...args: string[]) =>
  execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@localhost", ...args], { cwd, stdio: "pipe" });

it("tries main in a worktree before it blocks a pull request, and shows both in the summary", async () => {
  const workspace = await guardedWorkspace();
  git(workspace, "init", "--quiet", "--initial-branch=main");
  writeFileSync(join(workspace, ".gitignore"), ".tracegate/\n");
  git(workspace, "add", "--all");
  git(workspace, "commit", "--quiet", "--message", "Main");
  git(workspace, "switch", "--quiet", "--create", "change");
  writeFileSync(join(workspace, "agent.mjs"), agent("41"));
  git(workspace, "commit", "--quiet", "--all", "--message", "Break it");

  const step = await runShippedAction({
    workspace,
    event: PULL_REQUEST,
    environment: { GITHUB_BASE_REF: "main" },
  });
  expect(step.outputs.verdict).toBe("block");
  expect(step.exitCode).toBe(1);
  const report = JSON.parse(readFileSync(step.outputs.report ?? "", "utf8"));
  expect(report.verdict.controlled).toBe(true);
  expect(report.control.base).toBe("main");
  expect(step.summary).toContain("### Main now beside this change");
  // What the configuration of main prints is in the log of the control, not in that of the step.
  expect(readFileSync(join(workspace, ".tracegate/control.log"), "utf8")).toContain("::error::");
  expect(git(workspace, "worktree", "list").toString().trim().split("\n")).toHaveLength(1);
}, 120_000);
