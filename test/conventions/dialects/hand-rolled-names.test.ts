import { expect, it } from "vitest";

import type { Trace } from "../../../src/core/trace.ts";
import { traceOf } from "../../../src/testing/spans.ts";

const call = (pick: (call: Trace["llmCalls"][number]) => unknown) => (trace: Trace) =>
  trace.llmCalls[0] && pick(trace.llmCalls[0]);
const tool = (pick: (call: Trace["toolCalls"][number]) => unknown) => (trace: Trace) =>
  trace.toolCalls[0] && pick(trace.toolCalls[0]);

/** A name, the value under it, what it must come out as, and which attribute makes the span what it is. */
const names: readonly (readonly [string, string | number, (trace: Trace) => unknown, unknown, object?])[] = [
  ["llm.model", "gpt-4o-mini", call(({ requestModel }) => requestModel), "gpt-4o-mini"],
  ["llm.prompt_tokens", 5, ({ usage }) => usage.inputTokens, 5, { "llm.model": "m" }],
  ["llm.usage.prompt_tokens", 5, ({ usage }) => usage.inputTokens, 5, { "llm.model": "m" }],
  ["llm.completion_tokens", "6", ({ usage }) => usage.outputTokens, 6, { "llm.model": "m" }],
  ["llm.usage.completion_tokens", 6, ({ usage }) => usage.outputTokens, 6, { "llm.model": "m" }],
  ["llm.temperature", 0.5, call(({ parameters }) => parameters.temperature), 0.5, { "llm.model": "m" }],
  [
    "llm.system_prompt",
    "be kind",
    ({ systemInstructions }) => systemInstructions,
    "be kind",
    { "llm.model": "m" },
  ],
  ["llm.retry_count", 2, ({ retries }) => retries, 2, { "llm.model": "m" }],
  ["retry_count", 0, ({ retries }) => retries, 0, { "llm.model": "m" }],
  ["cost", 0.25, ({ cost }) => cost.usd, 0.25, { "llm.model": "m" }],
  ["prompt", "hi", ({ input }) => input, "hi", { "llm.model": "m" }],
  ["completion", "ho", ({ output }) => output, "ho", { "llm.model": "m" }],
  ["input", "hi", ({ input }) => input, "hi"],
  ["output", "", ({ output }) => output, ""],
  ["tool.name", "find", tool(({ name }) => name), "find"],
  ["tool.arguments", '{"q":1}', tool((found) => found.arguments), { q: 1 }, { "tool.name": "t" }],
  ["tool.result", "null", tool(({ result }) => result), null, { "tool.name": "t" }],
  ["tool.execution_status", "failed", tool(({ error }) => error?.type), "_OTHER", { "tool.name": "t" }],
  ["tool.execution_status", "success", tool(({ error }) => error), null, { "tool.name": "t" }],
  ["agent.name", "helper", ({ agent }) => agent.name, "helper"],
  ["agent.version", 2, ({ agent }) => agent.version, "2"],
  ["agent.outcome", "resolved", ({ outcome }) => outcome, "resolved"],
  ["agent.decision_rationale", "because", ({ rationales }) => rationales[0]?.text, "because"],
  ["agent.user_id", "u", ({ userId }) => userId, "u"],
  ["conversation_id", "s", ({ sessionId }) => sessionId, "s"],
  ["org.id", "o", ({ organisationId }) => organisationId, "o"],
  ["tenant.id", "o", ({ organisationId }) => organisationId, "o"],
  ["feature", "returns", ({ feature }) => feature, "returns"],
];

it.each(names.map(([name, value, read, expected, beside]) => ({ name, value, read, expected, beside })))(
  "reads the hand-made name $name",
  ({ name, value, read, expected, beside }) => {
    const trace = traceOf({ spans: [{ name: "x", attributes: { ...beside, [name]: value } }] });
    expect(read(trace)).toEqual(expected);
    expect(trace.spans[0]?.attributes).toEqual({});
  },
);
