import { describe, expect, it } from "vitest";

import type { AttributeInput } from "../../src/otlp/write-traces.ts";
import { type SpanSketch, traceOf } from "../../src/testing/spans.ts";

const chat = (attributes: AttributeInput = {}, children: readonly SpanSketch[] = []): SpanSketch => ({
  name: "chat",
  attributes: { "gen_ai.operation.name": "chat", "gen_ai.request.model": "m", ...attributes },
  children,
});
const used = (input: number, output: number, more: AttributeInput = {}): AttributeInput => ({
  "gen_ai.usage.input_tokens": input,
  "gen_ai.usage.output_tokens": output,
  ...more,
});
const agent = (attributes: AttributeInput, children: readonly SpanSketch[]): SpanSketch => ({
  name: "invoke_agent helper",
  attributes: { "gen_ai.operation.name": "invoke_agent", ...attributes },
  children,
});

describe("model calls", () => {
  it("are counted once when two instrumentations nest, with the inner one's tokens", () => {
    const trace = traceOf({ spans: [agent({}, [chat(used(18, 5), [chat(used(82, 5))])])] });
    expect(trace.llmCalls).toMatchObject([
      { spanId: "0000000000000002", usage: { inputTokens: 82, outputTokens: 5 } },
    ]);
    expect(trace.usage).toEqual({ inputTokens: 82, outputTokens: 5 });
    expect(trace.quality.issues).toMatchObject([
      { code: "duplicate-llm-span", spanIds: ["0000000000000002", "0000000000000003"] },
    ]);
  });

  it("are two calls when their response ids or models differ", () => {
    const ids = (id: string) => ({ "gen_ai.response.id": id });
    expect(traceOf({ spans: [chat(ids("a"), [chat(ids("b"))])] }).llmCalls).toHaveLength(2);
    expect(traceOf({ spans: [chat({}, [chat({ "gen_ai.request.model": "n" })])] }).llmCalls).toHaveLength(2);
  });

  it("are one when three instrumentations saw the same response", () => {
    const id = { "gen_ai.response.id": "a" };
    const trace = traceOf({ spans: [chat(id, [chat(id, [chat({ ...id, ...used(3, 4) })])])] });
    expect(trace.llmCalls).toHaveLength(1);
    expect(trace.usage).toEqual({ inputTokens: 3, outputTokens: 4 });
  });

  it("below a model span that sums them up are the calls, not the sum", () => {
    const trace = traceOf({ spans: [chat(used(30, 3), [chat(used(10, 1)), chat(used(20, 2))])] });
    expect(trace.usage).toEqual({ inputTokens: 30, outputTokens: 3 });
    expect(trace.llmCalls).toHaveLength(2);
    expect(trace.quality.issues.map((issue) => issue.code)).toEqual(["aggregate-usage"]);
  });

  it("alone make the usage; an agent's sum counts only where no call is below", () => {
    const both = traceOf({ spans: [agent(used(100, 50), [chat(used(10, 1)), chat({})])] });
    expect(both.usage).toEqual({ inputTokens: 10, outputTokens: 1 });
    const sums = traceOf({ spans: [agent(used(100, 50), [agent(used(60, 30), [])])] });
    expect(sums.usage).toEqual({ inputTokens: 100, outputTokens: 50 });
    expect(sums.quality.issues.map((issue) => issue.code)).toEqual(["aggregate-usage"]);
  });

  it("cost what was reported, else what the price table says, else nothing that is known", () => {
    const priced = { "gen_ai.request.model": "gpt-4o-mini", ...used(1_000_000, 0) };
    const reported = { ...priced, "gen_ai.usage.cost": 2 };
    expect(traceOf({ spans: [chat(reported)] }).cost).toEqual({
      usd: 2,
      source: "reported",
      unpricedModels: [],
    });
    const estimated = traceOf({ spans: [chat(priced)] }).cost;
    expect(estimated).toMatchObject({
      source: "estimated",
      pricesAsOf: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    });
    expect(traceOf({ spans: [agent({}, [chat(priced), chat(reported)])] }).cost.source).toBe("mixed");
    expect(traceOf({ spans: [chat(used(1, 1))] }).cost).toEqual({ unpricedModels: ["m"] });
  });

  it("show retries only where something shows them", () => {
    const input = { "gen_ai.input.messages": "same question" };
    const failing = { ...chat(input), status: { code: "error", message: "429" } } as const;
    expect(traceOf({ spans: [agent({}, [chat(input)])] }).retries).toBeNull();
    const trace = traceOf({ spans: [agent({}, [failing, failing, chat(input), chat(input)])] });
    expect(trace.llmCalls.map((call) => call.retries)).toEqual([null, null, 2, null]);
    expect(trace.retries).toBe(2);
    const other = traceOf({ spans: [agent({}, [failing, chat({ "gen_ai.input.messages": "other" })])] });
    expect(other.retries).toBeNull();
  });

  it("without an answer in text leave the output empty; without any record it is absent", () => {
    const calls = JSON.stringify([{ role: "assistant", parts: [{ type: "tool_call", name: "f" }] }]);
    expect(traceOf({ spans: [chat({ "gen_ai.output.messages": calls })] }).output).toBe("");
    expect(traceOf({ spans: [chat()] }).output).toBeUndefined();
  });
});
