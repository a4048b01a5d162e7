import { describe, expect, it } from "vitest";

import { systemClock } from "../../src/core/clock.ts";
import type { TaskOutput } from "../../src/core/run.ts";
import { runTrial } from "../../src/pipeline/run-dataset-trial.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";
import { caseOf } from "../datasets/case-of.ts";
import { agent, decodeTrace, encodeTrace, memoryCapture } from "./gate-fakes.ts";

async function tryWith(output: TaskOutput) {
  const capture = memoryCapture();
  let tries = 0;
  const result = await runTrial(caseOf("a"), 1, {
    task: agent((_, { endpoint }) => {
      tries += 1;
      capture.put(endpoint, encodeTrace(makeTrace()));
      return output;
    }),
    capture,
    readTrace: decodeTrace,
    evaluate: async () => [],
    clock: systemClock,
    signal: new AbortController().signal,
  });
  return { result, tries };
}

describe("a trial", () => {
  it("keeps the notes of its task, and those that its trace tells", async () => {
    const notesOn = (trace: { readonly name: string }) => [`named ${trace.name}`];
    const { result } = await tryWith({ notes: ["a note"], notesOn });
    expect(result.notes).toEqual(["a note", `named ${makeTrace().name}`]);
    expect((await tryWith({ notes: [] })).result).not.toHaveProperty("notes");
  });

  it("that diverged from its recording is not tried again, a fault of the infrastructure is", async () => {
    const fault = (code: "replay-diverged" | "agent-timed-out") => ({ fault: { code, message: "m" } });
    const diverged = await tryWith({ ...fault("replay-diverged"), notes: ["why"] });
    expect(diverged).toMatchObject({ tries: 1, result: { fault: { message: "m" }, notes: ["why"] } });
    expect((await tryWith(fault("agent-timed-out"))).tries).toBe(2);
  });
});
