import { describe, expect, it } from "vitest";

import { traceOf } from "../../../src/testing/spans.ts";

const SCOPE = "langfuse-sdk";

const generation = (attributes: object) => ({
  name: "answer",
  attributes: { "langfuse.observation.type": "generation", ...attributes },
});

const usageOf = (details: object) => {
  const spans = [generation({ "langfuse.observation.usage_details": JSON.stringify(details) })];
  const trace = traceOf({ scope: SCOPE, spans });
  return { ...trace.usage, isAdjusted: trace.quality.issues.some(({ code }) => code === "adjusted-tokens") };
};

describe("tokens of Langfuse", () => {
  it("get what stands beside input and output added", () => {
    expect(
      usageOf({ input: 18, output: 10, total: 100, input_cached_tokens: 64, output_reasoning_tokens: 8 }),
    ).toEqual({
      inputTokens: 82,
      outputTokens: 18,
      cacheReadTokens: 64,
      reasoningTokens: 8,
      isAdjusted: true,
    });
  });

  it("are left alone where the total shows that they overlap", () => {
    expect(usageOf({ input: 82, output: 18, total: 100, input_cached_tokens: 64 })).toEqual({
      inputTokens: 82,
      outputTokens: 18,
      cacheReadTokens: 64,
      isAdjusted: false,
    });
  });

  it("are left alone under the provider's own names", () => {
    expect(
      usageOf({
        prompt_tokens: 82,
        completion_tokens: 18,
        total_tokens: 100,
        prompt_tokens_details: { cached_tokens: 64 },
        completion_tokens_details: { reasoning_tokens: 8 },
      }),
    ).toEqual({
      inputTokens: 82,
      outputTokens: 18,
      cacheReadTokens: 64,
      reasoningTokens: 8,
      isAdjusted: false,
    });
  });

  it("of Claude are whole with what was read from and written to the cache", () => {
    expect(
      usageOf({ input: 82, output: 18, cache_read_input_tokens: 64, cache_creation_input_tokens: 16 }),
    ).toMatchObject({ inputTokens: 162, cacheReadTokens: 64, cacheWriteTokens: 16, isAdjusted: true });
  });
});

describe("a Langfuse observation", () => {
  it.each([
    ["generation", "llm"],
    ["agent", "agent"],
    ["tool", "tool"],
    ["chain", "step"],
    ["retriever", "retrieval"],
    ["embedding", "embedding"],
    ["guardrail", "guardrail"],
    ["evaluator", "evaluator"],
    ["span", "step"],
  ])("%s is a span of the type %s", (said, type) => {
    const spans = [{ name: "x", attributes: { "langfuse.observation.type": said } }];
    expect(traceOf({ scope: SCOPE, spans }).spans[0]?.type).toBe(type);
  });

  it("of no particular type leaves the word to others", () => {
    const attributes = { "langfuse.observation.type": "span", "gen_ai.operation.name": "chat" };
    expect(traceOf({ scope: "app", spans: [{ name: "x", attributes }] }).spans[0]?.type).toBe("llm");
  });

  it("has failed at level ERROR, whatever its status", () => {
    const failed = generation({
      "langfuse.observation.level": "ERROR",
      "langfuse.observation.status_message": "Error: 400 Invalid model",
      "langfuse.observation.model.name": "m",
    });
    const trace = traceOf({
      scope: SCOPE,
      spans: [{ name: "err", status: { code: "error", message: "400 Invalid model" }, children: [failed] }],
    });
    // The parent only passes it on, less the name of the class.
    expect(trace.errors).toEqual([
      { spanId: "0000000000000002", type: "_OTHER", message: "Error: 400 Invalid model" },
    ]);
    expect(trace.llmCalls[0]).toMatchObject({ requestModel: "m", error: { type: "_OTHER" } });
  });

  it("is no failure at level WARNING", () => {
    const spans = [generation({ "langfuse.observation.level": "WARNING" })];
    expect(traceOf({ scope: SCOPE, spans }).errors).toEqual([]);
  });

  it("gives the time to the first token from a date that is quoted twice", () => {
    const startTime = Date.parse("2026-11-20T08:00:00.000Z");
    const spans = [
      {
        ...generation({ "langfuse.observation.completion_start_time": '"2026-11-20T08:00:00.250Z"' }),
        startTime,
      },
    ];
    expect(traceOf({ scope: SCOPE, spans }).llmCalls[0]?.timeToFirstTokenMs).toBe(250);
  });

  it("gives cost, parameters, prompt, tools and messages of a model call", () => {
    const spans = [
      generation({
        "langfuse.observation.input": JSON.stringify({
          messages: [
            { role: "system", content: "be kind" },
            { role: "user", content: "hi" },
          ],
          tools: [{ type: "function", function: { name: "find" } }],
        }),
        "langfuse.observation.output": '{"role":"assistant","content":"ho"}',
        "langfuse.observation.model.name": "claude-x",
        "langfuse.observation.model.parameters": '{"temperature":0.2,"max_tokens":"30","response_format":""}',
        "langfuse.observation.cost_details": '{"input":0.1,"output":0.2,"total":0.3}',
        "langfuse.observation.prompt.name": "greet",
        "langfuse.observation.prompt.version": 3,
      }),
    ];
    const trace = traceOf({ scope: SCOPE, spans });
    expect(trace.llmCalls[0]).toMatchObject({
      provider: "anthropic",
      responseModel: "claude-x",
      systemInstructions: "be kind",
      input: [{ role: "user", parts: [{ type: "text", content: "hi" }] }],
      output: [{ role: "assistant", parts: [{ type: "text", content: "ho" }] }],
      parameters: { temperature: 0.2, maxTokens: 30 },
      cost: 0.3,
      promptName: "greet",
      promptVersion: "3",
    });
    expect(trace.toolDefinitions).toEqual([{ name: "find" }]);
    expect(trace.cost).toMatchObject({ usd: 0.3, source: "reported" });
  });

  it("that is the application's root speaks for the trace", () => {
    const trace = traceOf({
      scope: SCOPE,
      spans: [
        {
          name: "GET /ask",
          scope: "http",
          children: [
            {
              name: "helper",
              attributes: {
                "langfuse.internal.is_app_root": true,
                "langfuse.observation.type": "agent",
                "langfuse.observation.input": "inner",
                "langfuse.trace.input": "asked",
                "langfuse.trace.output": "answered",
                "langfuse.trace.name": "support",
                "langfuse.trace.tags": ["a"],
                "langfuse.trace.metadata.org": "o",
                "langfuse.user.id": "u",
                "langfuse.session.id": "s",
                "langfuse.version": "v3",
                "langfuse.release": "1.0",
                "langfuse.environment": "live",
              },
            },
          ],
        },
      ],
    });
    expect(trace).toMatchObject({
      rootSpanId: "0000000000000002",
      name: "helper",
      input: "asked",
      output: "answered",
      feature: "support",
      tags: ["a"],
      organisationId: "o",
      userId: "u",
      sessionId: "s",
      agent: { name: "helper", version: "v3" },
      service: { environment: "live" },
    });
  });

  it("of a retriever gives query and documents", () => {
    const spans = [
      {
        name: "search",
        attributes: {
          "langfuse.observation.type": "retriever",
          "langfuse.observation.input": "refunds",
          "langfuse.observation.output": '[{"id":"d1","content":"5 days","score":0.9}]',
        },
      },
    ];
    expect(traceOf({ scope: SCOPE, spans }).retrievals).toMatchObject([
      { query: "refunds", documents: [{ id: "d1", content: "5 days", score: 0.9 }] },
    ]);
  });
});
