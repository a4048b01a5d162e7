import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";

import { agent, copyOf, guardedWorkspace, PULL_REQUEST, removeWorkspaces } from "./agent-workspace.ts";
import { runShippedAction } from "./shipped-action.ts";

afterAll(removeWorkspaces);

it("tries the parts in jobs of a matrix, and decides on their reports in a last one", async () => {
  const workspace = copyOf(await guardedWorkspace());
  writeFileSync(join(workspace, "agent.mjs"), agent("41"));
  for (const part of [1, 2]) {
    const step = await runShippedAction({ workspace, event: PULL_REQUEST, inputs: { shard: `${part}/2` } });
    expect(step.exitCode, step.log).toBe(0);
    expect(step.outputs).not.toHaveProperty("verdict");
    expect(step.outputs["comment-url"]).toBe("");
    expect(step.log).toContain(`Part ${part} of 2: `);
    // As download-artifact puts them: a folder for each artifact.
    mkdirSync(join(workspace, `parts/part-${part}`), { recursive: true });
    copyFileSync(step.outputs.report ?? "", join(workspace, `parts/part-${part}/report.json`));
  }
  const merged = await runShippedAction({ workspace, event: PULL_REQUEST, inputs: { merge: "parts" } });
  expect(merged.exitCode, merged.log).toBe(1);
  expect(merged.outputs.verdict).toBe("block");
  const report = JSON.parse(readFileSync(merged.outputs.report ?? "", "utf8"));
  expect(report.verdict.cases).toMatchObject([{ caseId: "six-times-seven", outcome: "regressed" }]);

  const missing = await runShippedAction({
    workspace,
    event: PULL_REQUEST,
    inputs: { merge: "parts/part-2" },
  });
  expect(missing.exitCode).toBe(2);
  expect(missing.log).toContain("Part 1 of 2 is missing");
}, 120_000);
