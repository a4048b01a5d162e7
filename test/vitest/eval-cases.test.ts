import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { gateRepository } from "../../src/app/gate.ts";
import { parseConfig } from "../../src/config/parse-config.ts";
import { defineScorer } from "../../src/scorers/define-scorer.ts";
import { functionTask } from "../../src/vitest/function-task.ts";
import { ChildProject } from "./child-project.ts";

const caseOf = (id: string, over: object = {}) =>
  JSON.stringify({
    v: 1,
    id,
    input: { messages: [{ role: "user", parts: [{ type: "text", content: `Question of ${id}?` }] }] },
    mustPass: ["right-answer"],
    tags: [],
    source: { kind: "written" },
    review: { decision: "accepted" },
    ...over,
  });

const harvested = {
  source: {
    kind: "trace",
    traceId: "0af7651916cd43dd8448eb211c80319c",
    endedAt: "2026-01-01T00:00:00.000Z",
    condemned: [],
  },
  review: undefined,
};

const DATASET = `${[caseOf("guarded"), caseOf("open"), caseOf("unseen", harvested)].join("\n")}\n`;

/** Says a random word too, because trials with equal evidence count once. */
const AGENT = `
import { appendFileSync } from "node:fs";

export function answer(one) {
  appendFileSync("asked.txt", one.id + " ");
  if (process.env.AGENT === "down") throw new Error("no connection to the model");
  const good = one.id === "guarded" ? process.env.AGENT !== "broken" : process.env.AGENT === "fixed";
  return (good ? "42 " : "41 ") + Math.random().toString(36).replace(/\\d/g, "x");
}
`;

const TESTS = `
import { defineScorer } from "tracegate";
import { evalCases } from "tracegate/vitest";
import { answer } from "./agent.ts";

const rightAnswer = defineScorer("right-answer", ({ trace }) => ({
  value: (trace.output ?? "").startsWith("42"),
  explanation: "It said: " + trace.output,
}));
evalCases("evals/cases.jsonl", { run: answer, scorers: [rightAnswer], quietMs: 0 });
`;

let project: ChildProject;
let history: string;

beforeAll(async () => {
  project = new ChildProject({ "evals/cases.jsonl": DATASET, "agent.ts": AGENT, "evals.test.ts": TESTS });
  const answer = (one: { readonly id: string }) =>
    `${one.id === "guarded" ? 42 : 41} ${crypto.randomUUID().replace(/\d/g, "x")}`;
  const scorer = defineScorer("right-answer", ({ trace }) => (trace.output ?? "").startsWith("42"));
  const gate = { datasets: ["evals/cases.jsonl"], task: functionTask(answer), quietMs: 1 };
  for (const _ of [1, 2, 3, 4, 5]) {
    await gateRepository({
      config: parseConfig({ scorers: [scorer], gate }, "test"),
      cwd: project.path,
      env: {},
      signal: new AbortController().signal,
      record: true,
    });
  }
  history = readFileSync(join(project.path, "evals/history.jsonl"), "utf8");
}, 60_000);
afterAll(() => project?.remove());

const GUARDED = "guarded: Question of guarded?";
const OPEN = "open: Question of open?";
const UNSEEN = "unseen: Question of unseen? (not reviewed yet)";

describe("the cases of a dataset as tests of vitest", () => {
  it("pass, are skipped where main fails too, and wait for a review, as the gate has it", async () => {
    const run = await project.vitest();
    expect(run.tests, run.said).toEqual([
      [GUARDED, "passed"],
      [OPEN, "skipped"],
      [UNSEEN, "todo"],
      ["the verdict", "passed"],
    ]);
    expect(run.said).toContain("right-answer fails on main too: main passes 0 of");
    expect(run.exitCode).toBe(0);
  }, 60_000);

  it("fail where the gate blames the case, after it was tried again, with the scorer's words", async () => {
    const run = await project.vitest({ environment: { AGENT: "broken" } });
    expect(Object.fromEntries(run.tests), run.said).toMatchObject({
      [GUARDED]: "failed",
      [OPEN]: "skipped",
      "the verdict": "failed",
    });
    expect(run.said).toMatch(
      /right-answer regressed: main passes 7 of 7 trials, this code 0 of [2-6]\. It said: 41/,
    );
    expect(run.exitCode).toBe(1);
  }, 60_000);

  it("pass where the change fixes what main fails", async () => {
    const run = await project.vitest({ environment: { AGENT: "fixed" } });
    expect(Object.fromEntries(run.tests), run.said).toMatchObject({
      [OPEN]: "passed",
      "the verdict": "passed",
    });
  }, 60_000);

  it("blame no case when the agent cannot run, and are not green either", async () => {
    const run = await project.vitest({ environment: { AGENT: "down" } });
    expect(Object.fromEntries(run.tests), run.said).toMatchObject({
      [GUARDED]: "skipped",
      [OPEN]: "skipped",
      "the verdict": "failed",
    });
    expect(run.said).toContain("which is no regression");
    expect(run.said).toContain("no connection to the model");
  }, 60_000);

  it("run only those that a filter leaves", async () => {
    project.write({ "asked.txt": "" });
    const run = await project.vitest({ args: ["-t", "guarded"], environment: { AGENT: "broken" } });
    expect(readFileSync(join(project.path, "asked.txt"), "utf8")).toMatch(/^(guarded )+$/);
    expect(Object.fromEntries(run.tests), run.said).toMatchObject({
      [GUARDED]: "failed",
      [OPEN]: "skipped",
      "the verdict": "skipped",
    });
    expect(run.said).not.toContain("fails on main too");
  }, 60_000);

  it("leave main's history as it is", () => {
    expect(readFileSync(join(project.path, "evals/history.jsonl"), "utf8")).toBe(history);
  });
});
