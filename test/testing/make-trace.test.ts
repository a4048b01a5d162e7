import { describe, expect, it } from "vitest";
import { SPAN_ID, TRACE_ID } from "../../src/core/ids.ts";
import { textMessage } from "../../src/core/message.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";

describe("makeTrace", () => {
  it("makes a short, complete conversation out of nothing", () => {
    const trace = makeTrace();
    expect(trace.traceId).toMatch(TRACE_ID);
    expect(trace).toMatchObject({ input: "Where is my order?", output: "Your order is on its way." });
    expect(trace.spans.map((span) => [span.type, span.parentSpanId])).toEqual([
      ["agent", null],
      ["llm", trace.rootSpanId],
    ]);
    expect(JSON.parse(JSON.stringify(trace))).toEqual(trace);
  });

  it("makes the same trace from the same sketch", () => {
    const sketch = { toolCalls: [{ name: "a" }, { name: "b" }] };
    expect(makeTrace(sketch)).toEqual(makeTrace(sketch));
  });

  it("gives each call a span, a time and its place in the conversation", () => {
    const trace = makeTrace({ toolCalls: [{ name: "get_order", arguments: { id: 1 }, result: "sent" }] });
    const [call] = trace.toolCalls;
    const span = trace.spans.find(({ spanId }) => spanId === call?.spanId);
    expect(span).toMatchObject({ type: "tool", name: "execute_tool get_order", startTime: call?.startTime });
    expect(span?.spanId).toMatch(SPAN_ID);
    expect(trace.messages.map((message) => message.role)).toEqual(["user", "assistant", "tool", "assistant"]);
    expect(trace.durationMs).toBe(200);
  });

  it("collects errors, and marks their spans", () => {
    const trace = makeTrace({ toolCalls: [{ name: "pay", error: { type: "timeout" } }] });
    expect(trace.errors).toEqual([{ type: "timeout", spanId: trace.toolCalls[0]?.spanId }]);
    expect(trace.spans[1]?.status.code).toBe("error");
  });

  it("sums usage and cost over the LLM calls, and leaves out what no call knows", () => {
    const known = makeTrace({
      llmCalls: [
        { usage: { inputTokens: 5 }, cost: 0.5 },
        { usage: { inputTokens: 2 }, cost: 1 },
      ],
    });
    expect(known.usage).toEqual({ inputTokens: 7 });
    expect(known.cost).toEqual({ usd: 1.5, source: "reported", unpricedModels: [] });
    expect(makeTrace().cost).toEqual({ unpricedModels: [] });
  });

  it("takes input and output from given messages, and only an answer at the end for the output", () => {
    const messages = [textMessage("user", "Hi"), textMessage("assistant", "Hello")];
    expect(makeTrace({ messages })).toMatchObject({ input: "Hi", output: "Hello" });
    expect(makeTrace({ messages: messages.toReversed() })).not.toHaveProperty("output");
  });

  it("leaves out what is null", () => {
    const trace = makeTrace({ input: null, output: null });
    expect(trace).not.toHaveProperty("input");
    expect(trace).not.toHaveProperty("output");
    expect(trace.messages).toEqual([]);
  });

  it("makes no span for a call that has none, and takes given fields as they are", () => {
    const trace = makeTrace({
      toolCalls: [{ name: "a", spanId: null }],
      traceId: "ab".repeat(16),
      tags: ["x"],
    });
    expect(trace.toolCalls[0]).not.toHaveProperty("startTime");
    expect(trace.spans).toHaveLength(2);
    expect(trace).toMatchObject({ traceId: "ab".repeat(16), tags: ["x"] });
  });
});
