import { expect, it } from "vitest";

import type { JsonObject } from "../../src/core/json.ts";
import type { TaskOutput } from "../../src/core/run.ts";
import { runDataset } from "../../src/pipeline/run-dataset.ts";
import { addSpending, agentSpending, judgeSpending } from "../../src/pipeline/trial-spending.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";
import { caseOf } from "../datasets/case-of.ts";
import { agent, decodeTrace, encodeTrace, evaluateAnswer, memoryCapture, ruleScore } from "./gate-fakes.ts";

const call = { model: "gpt-4o", usage: { inputTokens: 100, outputTokens: 20 }, cost: 0.01 };

it("takes the sums of the trace, a cost that its root reported included", () => {
  const trace = { ...makeTrace({ llmCalls: [call, call] }), cost: { usd: 0.5, unpricedModels: ["x"] } };
  expect(agentSpending(trace, {})).toEqual({ usd: 0.5, tokens: 240, unpriced: ["x"], untold: 0 });
});

it("counts only the calls that were paid for, where the task knows: over replay none", () => {
  const unpriced = { model: "house", usage: call.usage };
  const trace = makeTrace({ llmCalls: [call, unpriced, call] });
  expect(agentSpending(trace, { paidCalls: () => [] })).toEqual({
    usd: 0,
    tokens: 0,
    unpriced: [],
    untold: 0,
  });
  const second: TaskOutput = { paidCalls: (calls) => calls.slice(1, 2) };
  expect(agentSpending(trace, second)).toEqual({ usd: 0, tokens: 120, unpriced: ["house"], untold: 0 });
});

it("tells unknown from nothing: no trace, no tokens; a call that was refused cost none", () => {
  expect(agentSpending(null, {}).untold).toBe(1);
  expect(agentSpending(makeTrace({ llmCalls: [{ ...call, usage: {} }, call] }), {}).untold).toBe(1);
  const refused = { ...call, usage: {}, error: { type: "429" } };
  expect(agentSpending(makeTrace({ llmCalls: [refused, call] }), {}).untold).toBe(0);
});

it("counts what judges were paid now, not what they answered out of the store", () => {
  const judged = (metadata: JsonObject) => ({
    ...ruleScore("grounded", true),
    kind: "judge" as const,
    metadata,
  });
  const usage = { inputTokens: 90, outputTokens: 10 };
  const scores = [
    judged({ judgeModel: "gpt-4o-mini", usage, costUsd: 0.002 }),
    judged({ judgeModel: "gpt-4o-mini", usage, costUsd: 0.002, remembered: true }),
    judged({ judgeModel: "house-judge", usage }),
    judged({}),
    ruleScore("right", true),
  ];
  expect(judgeSpending(scores)).toEqual({ usd: 0.002, tokens: 200, unpriced: ["house-judge"], untold: 0 });
});

it("adds up, each model once", () => {
  const one = { usd: 0.1, tokens: 10, unpriced: ["a", "b"], untold: 1 };
  const sum = addSpending([one, { ...one, unpriced: ["b", "c"] }]);
  expect(sum).toEqual({ usd: expect.closeTo(0.2), tokens: 20, unpriced: ["a", "b", "c"], untold: 2 });
});

it("of a trial holds both attempts, and names the fault of the first", async () => {
  const capture = memoryCapture();
  let attempts = 0;
  const task = agent((_, { endpoint }): TaskOutput => {
    attempts += 1;
    capture.put(endpoint, encodeTrace(makeTrace({ output: "good", llmCalls: [call] })));
    return attempts === 1 ? { fault: { code: "agent-timed-out", message: "late" } } : {};
  });
  const tools = { capture, readTrace: decodeTrace, evaluate: evaluateAnswer };
  const run = await runDataset({ ...tools, dataset: { name: "cases" }, cases: [caseOf("a")], task });
  expect(run.results[0]).toMatchObject({
    fault: null,
    retried: "agent-timed-out",
    spent: { usd: expect.closeTo(0.02), tokens: 240, unpriced: [], untold: 0 },
  });
});

it("makes no second attempt once nothing may start any more", async () => {
  let attempts = 0;
  const task = agent((): TaskOutput => {
    attempts += 1;
    return { fault: { code: "agent-timed-out", message: "late" } };
  });
  const tools = { capture: memoryCapture(), readTrace: decodeTrace, evaluate: evaluateAnswer };
  const cases = ["a", "b", "c"].map((id) => caseOf(id));
  const mayStart = () => attempts < 1;
  const run = await runDataset({ ...tools, dataset: { name: "cases" }, cases, task, mayStart });
  expect({ attempts, ids: run.results.map(({ caseId }) => caseId) }).toEqual({ attempts: 1, ids: ["a"] });
  expect(run.results[0]?.fault?.message).toBe("late");
});
