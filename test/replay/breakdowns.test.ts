// A change that makes its agent throw, over recorded answers, with main tried beside it.
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

import { readTrace } from "../../src/conventions/read-trace.ts";
import { textMessage } from "../../src/core/message.ts";
import type { History } from "../../src/core/run.ts";
import { writeRecording } from "../../src/datasets/recordings.ts";
import { readSpans } from "../../src/otlp/read-spans.ts";
import { evaluate } from "../../src/pipeline/evaluate.ts";
import { runGate } from "../../src/pipeline/gate.ts";
import { openCapture } from "../../src/receiver/capture.ts";
import { replayTask } from "../../src/replay/replay-task.ts";
import { defineScorer } from "../../src/scorers/define-scorer.ts";
import { moduleTask } from "../../src/tasks/module-task.ts";
import type { TraceSketch } from "../../src/testing/make-trace.ts";
import { caseOf } from "../datasets/case-of.ts";
import { temporaryFolders } from "../datasets/temporary-folder.ts";
import { QUESTION, SYSTEM } from "./breakdowns.ts";
import { ANSWER, recordingOf } from "./recordings.ts";

const path = relative(process.cwd(), fileURLToPath(new URL("./breakdowns.ts", import.meta.url)));
const newFolder = temporaryFolders();
const scorers = [defineScorer("shipped", ({ trace }) => /shipped/.test(trace.output ?? ""))];

/** What is recorded of it. */
const ONE_ANSWER: TraceSketch = {
  systemInstructions: SYSTEM,
  toolCalls: [],
  llmCalls: [
    {
      provider: "openai",
      model: "gpt-4o-mini-2024-07-18",
      requestModel: "gpt-4o-mini",
      systemInstructions: SYSTEM,
      input: [textMessage("user", QUESTION)],
      output: [textMessage("assistant", ANSWER)],
      finishReason: "stop",
    },
  ],
  output: ANSWER,
};

/** Main has passed every case so often. Recorded answers alone never come to more than one trial. */
async function gate(change: string, mainTrials: number) {
  const recordings = newFolder();
  const recording = await writeRecording(recordings, recordingOf(ONE_ANSWER));
  const cases = Array.from({ length: 8 }, (_, index) =>
    caseOf(`case-${index}`, { recording, mustPass: ["shipped"], review: { decision: "accepted" } }),
  );
  const taskOf = (name: string) => replayTask({ task: moduleTask({ path, export: name }), recordings });
  const task = taskOf(change);
  const main = taskOf("answer");
  const history: History = {
    entries: async (keys) =>
      keys.map((key, at) => {
        const counts = { passes: mainTrials, trials: mainTrials };
        return { caseId: cases[at]?.id ?? "", scorer: "shipped", key, ...counts };
      }),
    record: async () => {},
  };
  const capture = await openCapture();
  try {
    return await runGate({
      capture,
      readTrace: (chunks) => readTrace(chunks.flatMap((chunk) => readSpans(chunk))),
      evaluate: (subject, signal) => evaluate(subject, scorers, { signal }),
      task,
      prepareMain: async () => ({
        task: main,
        commit: "ba5e",
        base: "origin/main",
        close: async () => {},
      }),
      dataset: { name: "shop", path: "shop.jsonl", cases },
      scorers,
      history,
      quietMs: 50,
      commit: "c0ffee",
    });
  } finally {
    await Promise.all([capture.close(), task.close(), main.close()]);
  }
}

describe("an agent that throws over recorded answers, where main gives the recorded ones", {
  timeout: 120_000,
}, () => {
  it.each([
    ["one case", "throwsOnOne", "1 guarding case"],
    ["all cases", "throwsOnAll", "8 guarding cases"],
  ])(
    "is inconclusive on %s, because equal answers of main count once, and says so",
    async (_, change, where) => {
      const { verdict, control } = await gate(change, 20);
      // The first that repeats an earlier one is the last.
      expect(
        Map.groupBy(control?.results ?? [], ({ caseId }) => caseId)
          .values()
          .next().value,
      ).toHaveLength(2);
      const hashes = new Set(control?.results.map(({ evidenceHash }) => evidenceHash));
      expect([...hashes]).toEqual([expect.any(String)]);
      expect(verdict.status).toBe("inconclusive");
      expect(verdict.title).toBe(
        `Inconclusive: the agent crashes on ${where} and main answers, but main's answers are the same each time, as recorded ones are, so they count once and cannot settle it.`,
      );
      expect(verdict.reasons.join("\n")).toContain("planted");
    },
  );

  it.each(["answer", "throwsOnOne", "throwsOnAll"])(
    "guards nothing by the one trial that recorded answers come to on main, and says so (%s)",
    async (change) => {
      const { verdict, notes } = await gate(change, 1);
      expect(verdict.cases.some(({ state }) => state === "guarding")).toBe(false);
      expect(verdict.status).toBe(change === "answer" ? "pass" : "inconclusive");
      expect(notes[0]).toBe(
        'No case guards, and none will: every answer is recorded, so a case says the same in all of its trials, which count as one, and it needs 3 on main. So nothing that this change breaks is blocked. Let the models live: replayTask with mode "models-live".',
      );
    },
  );
});
