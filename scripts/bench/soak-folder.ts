import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { parseCase } from "../../src/datasets/case-schema.ts";
import { criteriaOf } from "../../src/pipeline/gate-criteria.ts";

const AGENT = `
export default async (one) => {
  if (process.env.BEHAVIOUR === "crashes") throw new Error("no such model");
  if (process.env.BEHAVIOUR === "noisy") {
    console.log("{ this is no JSON, and it is not yours");
    console.error("nor is this");
  }
  return process.env.BEHAVIOUR === "broken" ? "I do not know." : "The answer to " + one.id;
};
`;

const CONFIG = `
import { defineConfig, defineScorer, moduleTask } from "tracegate";
export default defineConfig({
  scorers: [
    defineScorer("is-answer", ({ trace }) => ({
      value: (trace.output ?? "").startsWith("The answer"),
      explanation: "It said: " + trace.output,
    })),
  ],
  gate: {
    task: moduleTask({ path: "agent.js", isolation: process.env.ISOLATION }),
    datasets: ["cases.jsonl"],
    history: "history.jsonl",
    concurrency: Number(process.env.CONCURRENCY),
  },
});
`;

/** Lines of history that a folder holds, about: reading them is not what is tested. */
const HISTORY_LINES = 4_000;

/** A folder with so many cases that main passes, made once. */
export function soakFolder(parent: string, cases: number): string {
  const folder = join(parent, String(cases));
  if (existsSync(join(folder, "tracegate.config.js"))) return folder;
  mkdirSync(folder, { recursive: true });
  const lines = Array.from({ length: cases }, (_, index) =>
    JSON.stringify({ id: `case-${index}`, input: `Question ${index}?`, review: { decision: "accepted" } }),
  );
  writeFileSync(join(folder, "cases.jsonl"), `${lines.join("\n")}\n`);
  writeFileSync(join(folder, "history.jsonl"), historyOf(lines));
  writeFileSync(join(folder, "agent.js"), AGENT);
  writeFileSync(join(folder, "tracegate.config.js"), CONFIG);
  return folder;
}

/** Main passed every case, up to twenty times. */
function historyOf(lines: readonly string[]): string {
  const criteria = criteriaOf(
    lines.map((line, index) => parseCase(line, `cases.jsonl:${index + 1}`)),
    {
      scorers: [{ name: "is-answer", version: "1", kind: "rule" }],
      taskIdentity: "module agent.js",
      trust: [],
    },
  );
  const trials = Math.max(4, Math.min(20, Math.floor(HISTORY_LINES / lines.length)));
  const now = Date.now();
  return criteria
    .flatMap(({ case: { id: caseId }, scorer, key }) =>
      Array.from({ length: trials }, (_, trial) => {
        const at = now - (trial + 1) * 3_600_000;
        return { caseId, scorer: scorer.name, key, passed: true, commit: null, at, evidenceHash: null };
      }),
    )
    .map((trial) => `${JSON.stringify(trial)}\n`)
    .join("");
}
