import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { parse } from "yaml";

import { PULL_REQUEST } from "./agent-workspace.ts";
import { runShippedAction } from "./shipped-action.ts";

const ROOT = join(import.meta.dirname, "../..");

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** This repository as its workflow checks it out, as far as the gate reads it. */
function checkout(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "tracegate-evals-")));
  folders.push(folder);
  cpSync(join(ROOT, "evals"), join(folder, "evals"), { recursive: true });
  // The agent's simulated model comes from our own source.
  for (const name of ["node_modules", "src"]) symlinkSync(join(ROOT, name), join(folder, name));
  writeFileSync(join(folder, "package.json"), '{ "type": "module", "private": true }\n');
  return folder;
}

it("is gated by its own action: the workflow uses it on pull requests, and keeps the history of main", () => {
  const { jobs } = parse(readFileSync(join(ROOT, ".github/workflows/evals.yml"), "utf8"));
  for (const job of [jobs.gate, jobs.history]) {
    expect(job.steps.some(({ uses }: { uses?: string }) => uses === "./")).toBe(true);
  }
});

it("passes as it is, by the history that is committed", async () => {
  const step = await runShippedAction({ workspace: checkout(), event: PULL_REQUEST });
  expect(step.exitCode, step.summary).toBe(0);
  expect(step.outputs.verdict, step.summary).toBe("pass");
  expect(step.summary).toContain("| guarding | held |");
}, 60_000);

it("is blocked when its agent looks up the wrong order again", async () => {
  const workspace = checkout();
  const agent = join(workspace, "evals/support-agent");
  cpSync(join(agent, "bugs/tools/orders.ts"), join(agent, "tools/orders.ts"));
  const step = await runShippedAction({ workspace, event: PULL_REQUEST });
  expect(step.exitCode, step.summary).toBe(1);
  expect(step.outputs.verdict, step.summary).toBe("block");
  expect(step.commands.find(({ name }) => name === "error")).toMatchObject({
    properties: { file: "evals/datasets/support.jsonl", title: expect.stringContaining(": regressed") },
    data: expect.stringContaining("right-order regressed"),
  });
  const page = readFileSync(step.outputs.html ?? "", "utf8");
  expect(page).toContain("Then, in production");
  expect(page).toContain("get_order");
}, 60_000);
