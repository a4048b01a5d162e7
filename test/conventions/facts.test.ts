import { describe, expect, it } from "vitest";

import { readTrace } from "../../src/conventions/read-trace.ts";
import { logsJsonToProtobuf } from "../../src/otlp/logs-json-to-protobuf.ts";
import { mergeTraces } from "../../src/otlp/merge-traces.ts";
import { readSpans } from "../../src/otlp/read-spans.ts";
import { splitLogsByTrace } from "../../src/otlp/split-logs-by-trace.ts";
import { otlp, type SpanSketch, traceOf } from "../../src/testing/spans.ts";

/** A model call in today's GenAI names. */
function chat(
  attributes: NonNullable<SpanSketch["attributes"]> = {},
  more: Partial<SpanSketch> = {},
): SpanSketch {
  return { name: "chat", attributes: { "gen_ai.operation.name": "chat", ...attributes }, ...more };
}

const message = (role: string, content: string) => ({ role, parts: [{ type: "text", content }] });
const user = (content: string) => message("user", content);
const assistant = (content: string) => message("assistant", content);
const asked = { role: "assistant", parts: [{ type: "tool_call", id: "c", name: "find", arguments: {} }] };
const told = { role: "tool", parts: [{ type: "tool_call_response", id: "c", response: "found" }] };

const usage = (input: number, output: number) => ({
  "gen_ai.usage.input_tokens": input,
  "gen_ai.usage.output_tokens": output,
});

/** What the reader has to cope with because real clients do it, one fact after the other. */
describe("fact", () => {
  describe("1: content is in five different places:", () => {
    const output = [assistant("ho")];
    it.each([
      ["a structured attribute", chat({ "gen_ai.output.messages": output })],
      ["an attribute of JSON text", chat({ "gen_ai.output.messages": JSON.stringify(output) })],
      [
        "a span event",
        chat(
          {},
          {
            events: [
              { name: "gen_ai.choice", attributes: { message: '{"role":"assistant","content":"ho"}' } },
            ],
          },
        ),
      ],
      [
        "a whole response in one attribute",
        chat({ "gen_ai.completion": '{"choices":[{"message":{"role":"assistant","content":"ho"}}]}' }),
      ],
    ])("%s", (_, span) => {
      expect(traceOf({ spans: [span] }).output).toBe("ho");
    });

    it("a log record, sent apart from its span", () => {
      const span = otlp({ spans: [chat()] });
      const log = {
        resourceLogs: [
          {
            scopeLogs: [
              {
                logRecords: [
                  {
                    traceId: "1".padStart(32, "0"),
                    spanId: "1".padStart(16, "0"),
                    attributes: [{ key: "event.name", value: { stringValue: "gen_ai.choice" } }],
                    body: {
                      kvlistValue: {
                        values: [
                          {
                            key: "message",
                            value: {
                              kvlistValue: { values: [{ key: "content", value: { stringValue: "ho" } }] },
                            },
                          },
                        ],
                      },
                    },
                  },
                ],
              },
            ],
          },
        ],
      };
      const { fragments } = splitLogsByTrace(logsJsonToProtobuf(JSON.stringify(log)));
      const bytes = mergeTraces([...fragments.map((fragment) => fragment.bytes), span]);
      expect(readTrace(readSpans(bytes)).output).toBe("ho");
    });
  });

  it("2: one process mixes dialects in one trace, so each span is looked at for itself", () => {
    const trace = traceOf({
      spans: [
        {
          name: "agent",
          attributes: { "openinference.span.kind": "AGENT", "input.value": "hi" },
          children: [
            chat({ "gen_ai.system": "openai", "gen_ai.request.model": "a" }),
            chat({ "gen_ai.provider.name": "openai", "gen_ai.request.model": "b" }),
            { name: "t", attributes: { "traceloop.span.kind": "tool", "traceloop.entity.name": "find" } },
          ],
        },
      ],
    });
    expect(trace.llmCalls.map(({ requestModel }) => requestModel)).toEqual(["a", "b"]);
    expect(trace.toolCalls.map(({ name }) => name)).toEqual(["find"]);
    expect(trace.quality.dialects).toEqual(["openinference", "otel-genai", "traceloop"]);
  });

  it("3: two instrumentations record the same call, which is counted once", () => {
    const inner = chat(
      { "gen_ai.response.id": "msg_1", "gen_ai.request.model": "m", ...usage(162, 18) },
      { scope: "com.anthropic.sdk.typescript" },
    );
    const outer = {
      name: "Anthropic Messages",
      scope: "openinference",
      attributes: { "openinference.span.kind": "LLM", "llm.model_name": "m", "llm.token_count.prompt": 162 },
      children: [inner],
    };
    const trace = traceOf({ spans: [outer] });
    expect(trace.llmCalls).toHaveLength(1);
    expect(trace.usage).toEqual({ inputTokens: 162, outputTokens: 18 });
    expect(trace.quality.issues.map(({ code }) => code)).toEqual(["duplicate-llm-span"]);
  });

  it.each([
    ["sums", usage(30, 12)],
    ["only the last step", usage(20, 8)],
  ])("4: agent spans carry %s, which is never added to their calls", (_, aggregate) => {
    const agent = { name: "a", attributes: { "gen_ai.operation.name": "invoke_agent", ...aggregate } };
    const trace = traceOf({ spans: [{ ...agent, children: [chat(usage(10, 4)), chat(usage(20, 8))] }] });
    expect(trace.usage).toEqual({ inputTokens: 30, outputTokens: 12 });
    const alone = traceOf({ spans: [agent] });
    expect(alone.usage.inputTokens).toBe(aggregate["gen_ai.usage.input_tokens"]);
    expect(alone.quality.issues.map(({ code }) => code)).toEqual(["aggregate-usage"]);
  });

  it("5: token counts differ in meaning, and are made equal", () => {
    const langfuse = {
      name: "g",
      scope: "langfuse-sdk",
      attributes: {
        "langfuse.observation.type": "generation",
        "langfuse.observation.usage_details": '{"input":18,"input_cached_tokens":64,"output":18,"total":100}',
      },
    };
    const cached = { ...usage(82, 18), "gen_ai.usage.cache_read.input_tokens": 64 };
    const usages = [langfuse, chat(cached)].map((span) => traceOf({ spans: [span] }).usage);
    expect(usages[0]).toEqual(usages[1]);
    expect(traceOf({ spans: [langfuse] }).quality.issues.map(({ code }) => code)).toEqual([
      "adjusted-tokens",
    ]);
  });

  it.each<[string, SpanSketch]>([
    [
      "an exception event below status OK",
      chat({}, { status: { code: "ok" }, events: [{ name: "exception", attributes: {} }] }),
    ],
    ["a level of Langfuse", { name: "g", attributes: { "langfuse.observation.level": "ERROR" } }],
    ["the finish reason", chat({ "gen_ai.response.finish_reasons": ["error"] }, { status: { code: "ok" } })],
    ["error.type", chat({ "error.type": "timeout" })],
    [
      "the status of a tool",
      { name: "t", attributes: { "gen_ai.tool.name": "t", "gen_ai.tool.status": "error" } },
    ],
  ])("6: a failure shows by %s", (_, span) => {
    expect(traceOf({ spans: [span] }).errors).toHaveLength(1);
  });

  it("7: the root may never come; that is a state, not an error", () => {
    const trace = traceOf({
      spans: [chat({ "gen_ai.input.messages": [user("hi")] }, { parentSpanId: "aaaaaaaaaaaaaaaa" })],
    });
    expect(trace).toMatchObject({ rootSpanId: null, input: "hi", errors: [] });
    expect(trace.quality.issues.map(({ code }) => code)).toContain("rootless");
  });

  it("8: the root may be empty; input and output come from the calls below", () => {
    const call = chat({ "gen_ai.input.messages": [user("hi")], "gen_ai.output.messages": [assistant("ho")] });
    expect(traceOf({ spans: [{ name: "invocation", children: [call] }] })).toMatchObject({
      input: "hi",
      output: "ho",
    });
  });

  it("9: a call may bring only what is new", () => {
    const spans = [
      chat({ "gen_ai.input.messages": [user("hi")], "gen_ai.output.messages": [asked] }),
      chat({ "gen_ai.input.messages": [told], "gen_ai.output.messages": [assistant("ho")] }),
    ];
    const { messages, input } = traceOf({ spans: [{ name: "r", children: spans }] });
    expect(messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "assistant"]);
    expect(input).toBe("hi");
  });

  it("10: a first call may show what was only said later", () => {
    const all = [user("hi"), asked, told, assistant("ho")];
    const spans = [
      chat({ "gen_ai.input.messages": all, "gen_ai.output.messages": [asked] }),
      chat({ "gen_ai.input.messages": all, "gen_ai.output.messages": [assistant("ho")] }),
    ];
    const trace = traceOf({ spans: [{ name: "r", children: spans }] });
    expect(trace.messages).toHaveLength(4);
    expect(trace.toolCalls).toHaveLength(1);
    expect(trace.output).toBe("ho");
  });

  it("11: the root's own message may have lost the order, so the calls' messages count", () => {
    const root = {
      name: "invoke_agent",
      attributes: {
        "gen_ai.operation.name": "invoke_agent",
        "gen_ai.output.messages": [
          { role: "assistant", parts: [{ type: "text", content: "ho" }, ...asked.parts, ...told.parts] },
        ],
      },
      children: [
        chat({ "gen_ai.input.messages": [user("hi")], "gen_ai.output.messages": [asked] }),
        chat({
          "gen_ai.input.messages": [user("hi"), asked, told],
          "gen_ai.output.messages": [assistant("ho")],
        }),
      ],
    };
    const trace = traceOf({ spans: [root] });
    expect(trace.messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool", "assistant"]);
    expect(trace.output).toBe("ho");
  });

  it.each([
    ["strands-agents", "gpt-4o", "openai"],
    ["langchain", "claude-sonnet-4-5", "anthropic"],
    ["gcp.vertex.agent", "gemini-2.5-pro", "gcp.gemini"],
    ["microsoft.agent_framework", "gpt-4o", "openai"],
    ["openai.responses", "gpt-4o", "openai"],
    ["OpenAI", "gpt-4o", "openai"],
  ])(
    "12: the provider may be the framework (%s), which says nothing of the model",
    (name, model, provider) => {
      const spans = [chat({ "gen_ai.provider.name": name, "gen_ai.request.model": model })];
      expect(traceOf({ spans }).llmCalls[0]?.provider).toBe(provider);
    },
  );

  it("13: retries are almost never visible: known, derived, or null", () => {
    const request = { "gen_ai.input.messages": [user("hi")], "gen_ai.request.model": "m" };
    const failed = chat(request, { status: { code: "error" } });
    const retriesOf = (...spans: SpanSketch[]) =>
      traceOf({ spans: [{ name: "r", children: spans }] }).retries;
    expect(retriesOf(chat(request))).toBeNull();
    expect(retriesOf(chat({ ...request, "http.request.resend_count": 2 }))).toBe(2);
    expect(retriesOf(failed, failed, chat(request))).toBe(2);
    // Another question is no retry.
    expect(retriesOf(failed, chat({ ...request, "gen_ai.input.messages": [user("ho")] }))).toBeNull();
  });

  it("14: ended spans cannot change, so scores come on carriers of their own and are no part of the run", () => {
    const score = { "gen_ai.evaluation.name": "politeness", "gen_ai.evaluation.score.value": 0.5 };
    const trace = traceOf({
      spans: [
        chat({}, { events: [{ name: "gen_ai.evaluation.result", attributes: score }] }),
        {
          name: "evaluate",
          attributes: {
            "openinference.span.kind": "EVALUATOR",
            "trace.evaluations.0.evaluation.name": "tone",
            "trace.evaluations.0.evaluation.label": "good",
          },
        },
      ],
    });
    expect(trace.annotations).toMatchObject([
      { name: "politeness", value: 0.5 },
      { name: "tone", label: "good" },
    ]);
    expect(trace.llmCalls).toHaveLength(1);
  });
});
