import { describe, expect, it } from "vitest";

import { type SpanSketch, traceOf } from "../../../src/testing/spans.ts";

const json = (value: unknown): string => JSON.stringify(value);
const said = (role: string, content: string) => ({ role, parts: [{ type: "text", content }] });
const called = (id: string) => ({
  role: "assistant",
  parts: [{ type: "tool_call", id, name: "lookup", arguments: {} }],
});
const returned = (id: string, response: unknown) => ({
  role: "tool",
  parts: [{ type: "tool_call_response", id, response }],
});
const chat = (
  input: readonly unknown[],
  output: readonly unknown[],
  more: Partial<SpanSketch> = {},
): SpanSketch => ({
  name: "chat",
  ...more,
  attributes: {
    "gen_ai.operation.name": "chat",
    "gen_ai.request.model": "gpt-4o-mini",
    "gen_ai.input.messages": json(input),
    "gen_ai.output.messages": json(output),
    ...more.attributes,
  },
});
const turnsOf = (spans: readonly SpanSketch[]) =>
  traceOf({ spans }).messages.map(({ role, parts }) => `${role}: ${parts.map(({ type }) => type).join(" ")}`);

describe("a trace whose root says nothing", () => {
  const calls = [
    chat([said("user", "Where is A-1001?")], [called("c1")]),
    chat(
      [said("user", "Where is A-1001?"), called("c1"), returned("c1", { ok: true })],
      [said("assistant", "Shipped.")],
    ),
  ];

  it("has its request and answer from what lies below", () => {
    const trace = traceOf({ spans: [{ name: "POST /chat", scope: "app", children: calls }] });
    expect(trace).toMatchObject({ input: "Where is A-1001?", output: "Shipped.", name: "POST /chat" });
    expect(trace.quality.issues).toEqual([]);
  });

  it("prefers the top-most agent to the calls below it", () => {
    const told = {
      name: "invoke_agent support",
      attributes: {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.input.messages": json([said("user", "Hello?")]),
        "gen_ai.output.messages": json([said("assistant", "Bye.")]),
      },
      children: calls,
    };
    expect(traceOf({ spans: [{ name: "invocation", children: [told] }] })).toMatchObject({
      input: "Hello?",
      output: "Bye.",
    });
  });

  it("or has none has them too, and is no error", () => {
    const orphans = calls.map((call) => ({ ...call, parentSpanId: "00000000000000ff" }));
    const trace = traceOf({ spans: orphans });
    expect(trace).toMatchObject({
      rootSpanId: null,
      input: "Where is A-1001?",
      output: "Shipped.",
      errors: [],
    });
    expect(trace.quality.issues.map(({ code }) => code)).toEqual(["rootless", "parent-missing"]);
  });

  it("says nothing where nobody said anything", () => {
    const trace = traceOf({ spans: [{ name: "POST /chat", children: [{ name: "GET /db" }] }] });
    expect(trace).not.toHaveProperty("input");
    expect(trace).not.toHaveProperty("output");
    expect(trace.quality.missing).toEqual(expect.arrayContaining(["input", "output", "llmCalls"]));
  });
});

describe("histories", () => {
  const whole = ["user: text", "assistant: tool_call", "tool: tool_result", "assistant: text"];

  it("sent as deltas give the whole conversation, and the result its call", () => {
    const spans = [
      chat([said("user", "Where?")], [called("c1")]),
      chat([returned("c1", { ok: true })], [said("assistant", "There.")]),
    ];
    expect(turnsOf(spans)).toEqual(whole);
    expect(traceOf({ spans }).toolCalls).toMatchObject([{ callId: "c1", result: { ok: true } }]);
  });

  it("that hold the future already give each turn once, in its order", () => {
    const future = [
      said("user", "Where?"),
      called("c1"),
      returned("c1", { ok: true }),
      said("assistant", "There."),
    ];
    expect(turnsOf([chat(future, [called("c1")]), chat(future, [said("assistant", "There.")])])).toEqual(
      whole,
    );
  });

  it("cut at the attribute limit keep what arrived, in order, and quality says so", () => {
    const trace = traceOf({
      spans: [
        {
          name: "ChatOpenAI",
          scope: "openinference.instrumentation.langchain",
          droppedAttributes: 40,
          attributes: {
            "openinference.span.kind": "LLM",
            "llm.model_name": "gpt-4o-mini",
            "llm.input_messages.10.message.role": "user",
            "llm.input_messages.10.message.content": "third",
            "llm.input_messages.0.message.role": "user",
            "llm.input_messages.0.message.content": "first",
            "llm.input_messages.3.message.content": "second",
            "llm.input_messages.7.message.role": "tool",
          },
        },
      ],
    });
    const texts = trace.messages.flatMap(({ parts }) =>
      parts.flatMap((part) => (part.type === "text" ? [part.content] : [])),
    );
    expect(texts).toEqual(["first", "second", "third"]);
    expect(trace.quality.issues.map(({ code }) => code)).toContain("attributes-dropped");
  });
});

describe("clocks", () => {
  it("that run backwards give no negative durations, and are named", () => {
    const start = Date.UTC(2026, 0, 1);
    const trace = traceOf({
      spans: [
        {
          name: "root",
          startTime: start,
          endTime: start + 1000,
          children: [
            { name: "too early", startTime: start - 5000, endTime: start - 4000 },
            { name: "backwards", startTime: start + 500, endTime: start + 100 },
          ],
        },
      ],
    });
    for (const { durationMs } of trace.spans) expect(durationMs).toBeGreaterThanOrEqual(0);
    expect(trace).toMatchObject({ startTime: start - 5000, endTime: start + 1000, durationMs: 6000 });
    expect(trace.rootSpanId).toBe(trace.spans.find(({ name }) => name === "root")?.spanId);
    expect(trace.quality.issues).toEqual([
      expect.objectContaining({ code: "clock-skew", spanIds: ["0000000000000002", "0000000000000003"] }),
    ]);
  });
});

describe("null, empty and absent", () => {
  const tool = (result: SpanSketch["attributes"]): SpanSketch => ({
    name: "execute_tool lookup",
    attributes: { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "lookup", ...result },
  });
  const resultOf = (attributes: SpanSketch["attributes"]) =>
    traceOf({ spans: [tool(attributes)] }).toolCalls[0];

  it.each([
    ["an empty text", "", ""],
    ["an empty list", "[]", []],
    ["an empty object", "{}", {}],
    ["null", "null", null],
    ["zero", 0, 0],
    ["false", false, false],
  ])("%s is a result", (_, recorded, result) => {
    const call = resultOf({ "gen_ai.tool.call.result": recorded });
    expect(call).toHaveProperty("result");
    expect(call?.result).toEqual(result);
    expect(traceOf({ spans: [tool({ "gen_ai.tool.call.result": recorded })] }).quality.missing).not.toContain(
      "toolCalls.result",
    );
  });

  it("no record is none", () => {
    expect(resultOf({})).not.toHaveProperty("result");
    expect(traceOf({ spans: [tool({})] }).quality.missing).toContain("toolCalls.result");
  });

  it("an empty answer of the model is an output, an unrecorded one is not", () => {
    expect(traceOf({ spans: [chat([said("user", "Hi")], [said("assistant", "")])] }).output).toBe("");
    expect(
      traceOf({ spans: [{ name: "chat", attributes: { "gen_ai.operation.name": "chat" } }] }),
    ).not.toHaveProperty("output");
  });

  it("zero tokens are a count, no tokens are none", () => {
    const counted = chat([], [], { attributes: { "gen_ai.usage.output_tokens": 0 } });
    expect(traceOf({ spans: [counted] }).usage).toEqual({ outputTokens: 0 });
    expect(traceOf({ spans: [chat([], [])] }).usage).toEqual({});
  });

  it("retries that cannot be seen are null, not none", () => {
    expect(traceOf({ spans: [chat([], [])] }).retries).toBeNull();
    const seen = chat([], [], { attributes: { "http.request.resend_count": 0 } });
    expect(traceOf({ spans: [seen] }).retries).toBe(0);
  });
});
