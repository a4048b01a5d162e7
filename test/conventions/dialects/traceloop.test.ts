import { describe, expect, it } from "vitest";

import { traceOf } from "../../../src/testing/spans.ts";

const SDK = "@traceloop/node-server-sdk";

describe("a Traceloop span", () => {
  it("of a tool gives the named arguments and the result", () => {
    const trace = traceOf({
      scope: SDK,
      spans: [
        {
          name: "find.tool",
          attributes: {
            "traceloop.span.kind": "tool",
            "traceloop.entity.name": "find",
            "traceloop.entity.version": 7,
            "traceloop.entity.input": '{"args":[],"kwargs":{"q":"hat"}}',
            "traceloop.entity.output": '{"hits":0}',
          },
        },
      ],
    });
    expect(trace.toolCalls).toMatchObject([{ name: "find", arguments: { q: "hat" }, result: { hits: 0 } }]);
    // The tool's version is not the agent's.
    expect(trace.agent.version).toBeUndefined();
  });

  it("tells a tool that returned nothing from one whose result was not recorded", () => {
    const tool = (output?: string) => ({
      name: "t",
      attributes: {
        "traceloop.span.kind": "tool",
        "traceloop.entity.name": "t",
        ...(output === undefined ? {} : { "traceloop.entity.output": output }),
      },
    });
    const { toolCalls } = traceOf({ scope: SDK, spans: [tool('""'), tool("null"), tool()] });
    expect(toolCalls.map((call) => ("result" in call ? call.result : "absent"))).toEqual([
      "",
      null,
      "absent",
    ]);
  });

  it.each([
    ['{"args":["hello"],"kwargs":{}}', "hello"],
    ['{"args":[],"kwargs":{"question":"hello"}}', "hello"],
    ['{"inputs":{"input":"hello"},"tags":[],"metadata":{},"kwargs":{}}', "hello"],
    ['{"args":[[{"role":"user","content":"hello"}]],"kwargs":{}}', "hello"],
    // A function without arguments was asked nothing.
    ['{"args":[],"kwargs":{}}', undefined],
  ])("unwraps the input %s", (input, expected) => {
    const trace = traceOf({
      scope: SDK,
      spans: [
        { name: "w", attributes: { "traceloop.span.kind": "workflow", "traceloop.entity.input": input } },
      ],
    });
    expect(trace.input).toBe(expected);
  });

  it.each([
    ['"done"', "done"],
    ['{"outputs":{"output":"done"},"kwargs":{}}', "done"],
    [
      '{"id":"resp_1","object":"response","output":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"done"}]}]}',
      "done",
    ],
  ])("unwraps the output %s", (output, expected) => {
    const trace = traceOf({
      scope: SDK,
      spans: [
        { name: "w", attributes: { "traceloop.span.kind": "workflow", "traceloop.entity.output": output } },
      ],
    });
    expect(trace.output).toBe(expected);
  });

  it("names agent, version, prompt, user, session, organisation and feature", () => {
    const trace = traceOf({
      scope: SDK,
      spans: [
        {
          name: "helper.agent",
          attributes: {
            "traceloop.span.kind": "agent",
            "traceloop.entity.name": "helper",
            "traceloop.entity.version": 2,
            "traceloop.workflow.name": "support",
            "traceloop.association.properties.user_id": 42,
            "traceloop.association.properties.thread_id": "t",
            "traceloop.association.properties.tenant": "o",
          },
          children: [
            {
              name: "chat",
              attributes: {
                "gen_ai.operation.name": "chat",
                "traceloop.prompt.key": "greet",
                "traceloop.prompt.version": 4,
              },
            },
          ],
        },
      ],
    });
    expect(trace).toMatchObject({
      agent: { name: "helper", version: "2" },
      userId: "42",
      sessionId: "t",
      organisationId: "o",
      feature: "support",
      llmCalls: [{ promptName: "greet", promptVersion: "4" }],
    });
  });
});

describe("a model call of Traceloop before version 0.23", () => {
  const legacy = {
    "llm.request.type": "chat",
    "gen_ai.system": "OpenAI",
    "gen_ai.request.model": "gpt-4o-mini",
    "llm.request.functions.0.name": "find",
    "llm.request.functions.0.parameters": '{"type":"object"}',
    "gen_ai.prompt.10.role": "user",
    "gen_ai.prompt.10.content": "last",
    "gen_ai.prompt.2.role": "assistant",
    "gen_ai.prompt.2.content": "null",
    "gen_ai.prompt.2.tool_calls.0.name": "find",
    "gen_ai.prompt.2.tool_calls.0.id": "c",
    "gen_ai.prompt.2.tool_calls.0.arguments": '{"q":1}',
    "gen_ai.prompt.3.role": "tool",
    "gen_ai.prompt.3.tool_call_id": "c",
    "gen_ai.prompt.3.content": "[1]",
    "gen_ai.prompt.0.role": "system",
    "gen_ai.prompt.0.content": "be kind",
    "gen_ai.completion.0.role": "assistant",
    "gen_ai.completion.0.content": "ok",
    "gen_ai.completion.0.finish_reason": "stop",
    "gen_ai.usage.prompt_tokens": 10,
    "gen_ai.usage.completion_tokens": 2,
    "llm.usage.total_tokens": 12,
    "llm.top_k": 5,
    "llm.chat.stop_sequences": '["END"]',
    "llm.user": "u",
  };

  it("has its messages put together in the order of their indices", () => {
    const [call] = traceOf({
      scope: "@traceloop/instrumentation-openai",
      spans: [{ name: "openai.chat", attributes: legacy }],
    }).llmCalls;
    expect(call).toMatchObject({
      provider: "openai",
      systemInstructions: "be kind",
      finishReason: "stop",
      usage: { inputTokens: 10, outputTokens: 2 },
      parameters: { topK: 5, stopSequences: ["END"] },
    });
    expect(call?.input).toEqual([
      { role: "assistant", parts: [{ type: "tool_call", id: "c", name: "find", arguments: { q: 1 } }] },
      { role: "tool", parts: [{ type: "tool_result", id: "c", result: [1] }] },
      { role: "user", parts: [{ type: "text", content: "last" }] },
    ]);
    expect(call?.output).toEqual([
      { role: "assistant", parts: [{ type: "text", content: "ok" }], finishReason: "stop" },
    ]);
  });

  it("leaves none of its attributes unread", () => {
    const trace = traceOf({
      scope: "@traceloop/instrumentation-openai",
      spans: [{ name: "openai.chat", attributes: legacy }],
    });
    expect(trace.spans[0]?.attributes).toEqual({});
    expect(trace.toolDefinitions).toEqual([{ name: "find", parameters: { type: "object" } }]);
    expect(trace.userId).toBe("u");
  });
});

describe("tokens from Traceloop", () => {
  const claude = (scope: string) =>
    traceOf({
      scope,
      spans: [
        {
          name: "chat",
          attributes: {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "anthropic",
            "gen_ai.usage.input_tokens": 82,
            "gen_ai.usage.output_tokens": 18,
            "gen_ai.usage.cache_read.input_tokens": 64,
            "gen_ai.usage.cache_creation.input_tokens": 16,
          },
        },
      ],
    });

  it("get the cache added where the JavaScript instrumentation of Anthropic left it out", () => {
    const trace = claude("@traceloop/instrumentation-anthropic");
    expect(trace.usage).toEqual({
      inputTokens: 162,
      outputTokens: 18,
      cacheReadTokens: 64,
      cacheWriteTokens: 16,
    });
    expect(trace.quality.issues.map(({ code }) => code)).toContain("adjusted-tokens");
  });

  it("stay as they are from the Python one, which adds it itself", () => {
    const trace = claude("opentelemetry.instrumentation.anthropic");
    expect(trace.usage.inputTokens).toBe(82);
    expect(trace.quality.issues).toEqual([]);
  });

  it("are called estimates when a call of the same instrumentation has none, as streamed calls do", () => {
    const call = (usage: object) => ({
      name: "chat",
      attributes: { "gen_ai.operation.name": "chat", ...usage },
    });
    const counted = call({ "gen_ai.usage.input_tokens": 5, "gen_ai.usage.output_tokens": 3 });
    const codesOf = (scope: string) =>
      traceOf({ scope, spans: [{ name: "w", children: [call({}), counted] }] }).quality.issues.map(
        ({ code }) => code,
      );
    expect(codesOf("@traceloop/instrumentation-openai")).toEqual(["estimated-tokens", "partial-usage"]);
    expect(codesOf("some-other-instrumentation")).toEqual(["partial-usage"]);
    const all = {
      scope: "@traceloop/instrumentation-openai",
      spans: [{ name: "w", children: [counted, counted] }],
    };
    expect(traceOf(all).quality.issues).toEqual([]);
  });
});

it("reads the documents that a vector database returned", () => {
  const trace = traceOf({
    scope: "opentelemetry.instrumentation.chromadb",
    spans: [
      {
        name: "chroma.query",
        attributes: { "db.system": "chroma", "db.operation": "query", "db.vector.query.top_k": 2 },
        events: [
          {
            name: "db.query.result",
            attributes: {
              "db.query.result.id": "d1",
              "db.query.result.score": 0.5,
              "db.query.result.document": "text",
              "db.query.result.metadata": '{"src":"kb"}',
            },
          },
        ],
      },
    ],
  });
  expect(trace.retrievals).toMatchObject([
    { documents: [{ id: "d1", score: 0.5, content: "text", metadata: { src: "kb" } }] },
  ]);
});
