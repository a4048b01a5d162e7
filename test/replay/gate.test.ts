// The demo agent, one of its faults, and the gate over the recording of the run that the fault spoiled.
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

import { readTrace } from "../../src/conventions/read-trace.ts";
import type { Case } from "../../src/core/case.ts";
import { textMessage } from "../../src/core/message.ts";
import type { History, Task } from "../../src/core/run.ts";
import type { Policy } from "../../src/core/verdict.ts";
import { writeRecording } from "../../src/datasets/recordings.ts";
import { readSpans } from "../../src/otlp/read-spans.ts";
import { evaluate } from "../../src/pipeline/evaluate.ts";
import { runGate } from "../../src/pipeline/gate.ts";
import { harvestTrace } from "../../src/pipeline/harvest-case.ts";
import { runDataset } from "../../src/pipeline/run-dataset.ts";
import { openCapture } from "../../src/receiver/capture.ts";
import { type ReplayTaskOptions, replayTask } from "../../src/replay/replay-task.ts";
import { toolErrors } from "../../src/scorers/tool-errors.ts";
import { moduleTask } from "../../src/tasks/module-task.ts";
import { caseOf } from "../datasets/case-of.ts";

const REPOSITORY = join(import.meta.dirname, "../..");
const SUPPORT = join(REPOSITORY, "evals/support-agent");
const scorers = [toolErrors()];

let folder: string;
/** Main, and a change that keeps the errors of tools from the model. */
let sound: Task;
let faulty: Task;
/** Harvested from a run of the faulty agent. */
let harvested: Case;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "tracegate-replay-"));
  sound = agentIn("sound");
  faulty = agentIn("faulty", "run-tool.ts");
  const seen = caseOf("seen", { input: { messages: [textMessage("user", "Please refund order A-14863.")] } });
  const run = await withCapture((tools) =>
    runDataset({ ...tools, dataset: { name: "traffic" }, cases: [seen], task: faulty }),
  );
  const [result] = run.results;
  const made = result?.trace ? harvestTrace(result.trace, result.scores) : null;
  if (made?.kind !== "case" || made.recording === null)
    throw new Error(`not harvested: ${JSON.stringify(result?.fault)}`);
  await writeRecording(recordings(), made.recording);
  harvested = { ...made.case, review: { decision: "accepted" } };
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const recordings = () => join(folder, "recordings");

/** A copy of the agent, with some of its files in their faulty version. */
function agentIn(name: string, ...bugs: readonly string[]): Task {
  const root = join(folder, name);
  const target = join(root, "evals/support-agent");
  mkdirSync(root);
  for (const shared of ["node_modules", "src"]) symlinkSync(join(REPOSITORY, shared), join(root, shared));
  cpSync(SUPPORT, target, { recursive: true });
  for (const bug of bugs) cpSync(join(SUPPORT, "bugs", bug), join(target, bug));
  return moduleTask({ path: join(target, "task.ts") });
}

async function withCapture<T>(
  use: (tools: Pick<Parameters<typeof runDataset>[0], "capture" | "readTrace" | "evaluate">) => Promise<T>,
): Promise<T> {
  const capture = await openCapture();
  try {
    return await use({
      capture,
      readTrace: (chunks) => readTrace(chunks.flatMap((chunk) => readSpans(chunk))),
      evaluate: (subject, signal) => evaluate(subject, scorers, { signal }),
    });
  } finally {
    await capture.close();
  }
}

/** Main has passed everything twenty times. */
const history: History = {
  entries: async (keys) =>
    keys.map((key) => ({ caseId: harvested.id, scorer: "tool-errors", key, passes: 20, trials: 20 })),
  record: async () => {},
};

function gate(task: Task, options: Partial<ReplayTaskOptions> = {}, policy: Partial<Policy> = {}) {
  const replayed = replayTask({
    task,
    recordings: recordings(),
    environment: { SUPPORT_AGENT_MODEL_URL: "models" },
    ...options,
  });
  return withCapture((tools) =>
    runGate({
      ...tools,
      task: replayed,
      dataset: { name: "support", path: "support.jsonl", cases: [harvested] },
      scorers,
      history,
      policy,
      commit: "c0ffee",
    }),
  ).finally(() => replayed.close());
}

describe("the gate over replay, on a case harvested from the demo agent", { timeout: 120_000 }, () => {
  it("blocks the planted regression when the tools are recorded and the models live", async () => {
    const { verdict, run } = await gate(faulty, { mode: "models-live" });
    expect(verdict.status, verdict.title).toBe("block");
    expect(run.results.map(({ fault }) => fault)).toEqual(run.results.map(() => null));
    expect(run.results[0]?.trace?.toolCalls[0]?.error?.message).toBe(
      "Payment provider declined the refund: card expired.",
    );
  });

  it("passes the fix, and names a prompt that changed with it", async () => {
    const { verdict, notes } = await gate(agentIn("fixed", "prompt.ts"), { mode: "models-live" });
    expect(verdict.status, verdict.title).toBe("pass");
    expect(notes).toEqual(["1 case: the system prompt changed since the recording."]);
  });

  it("says again what was said when all is recorded: the faulty agent fails, once, however often it is tried", async () => {
    const { verdict, run } = await gate(faulty, {}, { maxTrials: 2 });
    expect(verdict.status).toBe("inconclusive");
    expect(verdict.cases).toMatchObject([{ candidate: { passes: 0, trials: 1 } }]);
    expect(run.results).toHaveLength(2);
    expect(new Set(run.results.map(({ evidenceHash }) => evidenceHash)).size).toBe(1);
  });

  it("is inconclusive when all is recorded and the fix tells the model what the recorded agent kept from it", async () => {
    const { verdict, run } = await gate(sound);
    expect(verdict.status).toBe("inconclusive");
    expect(run.results[0]?.fault?.code).toBe("replay-diverged");
    const told = 'tool: {"error":"Payment provider declined the refund: card expired."}';
    expect(verdict.reasons.join("\n")).toContain(
      `A model (claude-haiku-4-5) was asked with 1 earlier turn(s) and then "${told}". Expected: claude-haiku-4-5 with 1 earlier turn(s) and then "tool: {}".`,
    );
  });

  it("sees how an agent takes a fault that is planted in a tool", async () => {
    const faults = [{ tool: "create_refund", kind: "timeout", holdMs: 50 }] as const;
    const { run, notes } = await gate(sound, { mode: "models-live", faults });
    expect(run.results[0]?.trace?.output).toContain("The reason was: no answer within 50 ms");
    expect(notes).toEqual(["1 case: planted on purpose: timeout in create_refund."]);
  });
});
