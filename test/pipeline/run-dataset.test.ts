import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";

import type { Result, TaskOutput } from "../../src/core/run.ts";
import type { Subject } from "../../src/core/scorer.ts";
import { runDataset } from "../../src/pipeline/run-dataset.ts";
import { evidenceHash } from "../../src/pipeline/run-dataset-evidence.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";
import { caseOf } from "../datasets/case-of.ts";
import { agent, decodeTrace, encodeTrace, evaluateAnswer, memoryCapture } from "./gate-fakes.ts";

const cases = ["a", "b", "c", "d", "e"].map((id) => caseOf(id));
const dataset = { name: "cases" };

function tools() {
  const capture = memoryCapture();
  return { dataset, cases, capture, readTrace: decodeTrace, evaluate: evaluateAnswer };
}

describe("running a dataset", () => {
  it("tries every case as often as asked and hands on each result at once", async () => {
    const seen: Result[] = [];
    const run = await runDataset({
      ...tools(),
      task: agent((one) => `good ${one.id}`),
      trials: 2,
      commit: "c0ffee",
      onResult: (result) => void seen.push(result),
    });
    expect(run).toMatchObject({ v: 1, dataset: "cases", commit: "c0ffee" });
    expect(run.results.map(({ caseId, trial }) => `${caseId}${trial}`).join(" ")).toBe(
      "a1 a2 b1 b2 c1 c2 d1 d2 e1 e2",
    );
    expect(seen).toHaveLength(10);
    expect(run.results[0]).toMatchObject({ fault: null, scores: [{ name: "right", value: 1 }] });
  });

  it("has no more trials under way than allowed", async () => {
    let underWay = 0;
    let most = 0;
    const task = agent(async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      await pause(5);
      underWay -= 1;
      return { answer: "good" };
    });
    await runDataset({ ...tools(), task, concurrency: 2, trials: 3 });
    expect(most).toBe(2);
  });

  it("lets the agent go on while scores are behind, but no further than allowed", async () => {
    const scored = Promise.withResolvers<void>();
    let tried = 0;
    const task = agent(() => {
      tried += 1;
      return { answer: "good" };
    });
    const evaluate = async (subject: Subject) => {
      await scored.promise;
      return evaluateAnswer(subject);
    };
    const given = { ...tools(), task, evaluate, trials: 4 };
    const running = runDataset({ ...given, concurrency: 1, scoresBehind: 6 });
    await expect.poll(() => tried).toBe(7);
    await pause(20);
    expect(tried).toBe(7);
    scored.resolve();
    expect((await running).results.map(({ scores }) => scores[0]?.value)).toEqual(Array(20).fill(1));
  });

  it("stops at a scorer that breaks while the agent goes on, and throws what it threw", async () => {
    let tried = 0;
    const task = agent(async () => {
      await pause(2);
      tried += 1;
      return { answer: "good" };
    });
    const evaluate = () => Promise.reject(new Error("no such scorer"));
    const running = runDataset({ ...tools(), task, evaluate, trials: 50, concurrency: 1, scoresBehind: 3 });
    await expect(running).rejects.toThrow("no such scorer");
    expect(tried).toBeLessThan(10);
  });

  it("scores the trace that the agent sent, and takes the task's answer where no span has one", async () => {
    const given = tools();
    const task = agent((one, setting): TaskOutput => {
      const output = one.id === "a" ? null : "good by span";
      given.capture.put(setting.endpoint, encodeTrace(makeTrace({ output, llmCalls: [] })));
      return { answer: "good by task" };
    });
    const run = await runDataset({ ...given, cases: cases.slice(0, 2), task });
    expect(run.results.map(({ trace }) => trace?.output)).toEqual(["good by task", "good by span"]);
  });

  it("shows the scorers the case beside the trace, for those that compare", async () => {
    const subjects: Subject[] = [];
    const evaluate = async (subject: Subject) => {
      subjects.push(subject);
      return [];
    };
    const one = caseOf("a", { expected: 42 });
    await runDataset({ ...tools(), cases: [one], evaluate, task: agent(() => "good") });
    expect(subjects.map((subject) => subject.case)).toEqual([one]);
  });

  it("makes a bare trace of an answer without spans, which says what is missing", async () => {
    const run = await runDataset({ ...tools(), cases: [caseOf("a")], task: agent(() => "good") });
    const [result] = run.results;
    expect(result?.trace).toMatchObject({
      input: "Question a?",
      output: "good",
      rootSpanId: null,
      messages: [{ role: "user" }, { role: "assistant", parts: [{ type: "text", content: "good" }] }],
      quality: { missing: ["spans", "llmCalls", "toolCalls", "usage"], issues: [{ code: "rootless" }] },
    });
    expect(result?.evidenceHash).toBeNull();
  });

  it("reports an agent that sends and says nothing as a fault with the remedy", async () => {
    const run = await runDataset({ ...tools(), cases: [caseOf("a")], task: agent(() => ({})) });
    expect(run.results[0]).toMatchObject({ trace: null, scores: [], fault: { code: "no-trace" } });
    expect(run.results[0]?.fault?.message).toBe(
      "agent.ts: no span arrived at memory:a.1.again and the task gave no answer. Send the spans to OTEL_EXPORTER_OTLP_ENDPOINT and flush them before the agent ends, or let the task return its answer.\n(Tried twice.)",
    );
  });

  it("tries a fault once more, and a failing score never", async () => {
    const tried: string[] = [];
    const task = agent((one) => {
      tried.push(one.id);
      const fault = { code: "agent-timed-out", message: "late" } as const;
      if (one.id === "b" && tried.filter((id) => id === "b").length === 1) return { fault };
      if (one.id === "c") throw new Error("the task itself broke");
      return one.id === "a" ? "bad" : "good";
    });
    const run = await runDataset({ ...tools(), cases: cases.slice(0, 3), task, concurrency: 1 });
    expect(tried.join("")).toBe("abbcc");
    expect(run.results.map(({ fault }) => fault?.code ?? null)).toEqual([
      null,
      null,
      "agent-failed-to-start",
    ]);
    expect(run.results[2]?.fault?.message).toContain("the task itself broke");
  });

  it("stops when the signal fires: trials under way end as aborted, the rest is not begun", async () => {
    const controller = new AbortController();
    const task = agent(async (one) => {
      if (one.id === "b") controller.abort();
      return { answer: "good" };
    });
    const run = await runDataset({ ...tools(), task, concurrency: 1, signal: controller.signal });
    expect(run.results.map(({ caseId, fault }) => [caseId, fault?.code ?? null])).toEqual([
      ["a", null],
      ["b", "aborted"],
    ]);
  });

  it("passes on what is thrown beside the agent, e.g. by a full disk", async () => {
    const onResult = () => {
      throw new Error("no space left");
    };
    const attempt = runDataset({ ...tools(), task: agent(() => "good"), onResult });
    await expect(attempt).rejects.toThrow("no space left");
  });

  it("keeps trials apart whose case ids differ only in what a URL may not hold", async () => {
    const endpoints = new Set<string>();
    const task = agent((_, { endpoint }) => {
      endpoints.add(endpoint);
      return "good";
    });
    await runDataset({ ...tools(), cases: [caseOf("a:1"), caseOf("a_1")], task, concurrency: 2 });
    expect(endpoints.size).toBe(2);
    for (const endpoint of endpoints) expect(endpoint).toMatch(/^memory:[\w.-]+$/);
  });
});

describe("the evidence of a trial", () => {
  const call = { responseId: "r-1", model: "m" };
  const hash = (sketch: Parameters<typeof makeTrace>[0]) => evidenceHash(makeTrace(sketch));

  it("is the same for an answer that came out of a cache, whenever it came", () => {
    expect(hash({ output: "x", llmCalls: [call], startTime: 5 })).toBe(
      hash({ output: "x", llmCalls: [call] }),
    );
  });

  it("is another one when the model was asked again, though it said the same", () => {
    expect(hash({ output: "x", llmCalls: [{ ...call, responseId: "r-2" }] })).not.toBe(
      hash({ output: "x", llmCalls: [call] }),
    );
  });

  it("is another one when a tool returned something else", () => {
    const withTool = (result: string) => hash({ llmCalls: [call], toolCalls: [{ name: "t", result }] });
    expect(withTool("a")).not.toBe(withTool("b"));
    expect(withTool("a")).toBe(withTool("a"));
  });

  it("is none for an agent without a model: nothing of it can come out of a model's cache", () => {
    expect(hash({ output: "x", llmCalls: [] })).toBeNull();
  });
});
