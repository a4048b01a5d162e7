import { describe, expect, it } from "vitest";
import type { AttributeInput } from "../../src/otlp/write-traces.ts";
import { traceOf } from "../../src/testing/spans.ts";

const chat = (attributes: AttributeInput = {}) => ({
  name: "chat m",
  attributes: { "gen_ai.operation.name": "chat", "gen_ai.request.model": "m", ...attributes },
});
const callOf = (attributes: AttributeInput) => traceOf({ spans: [chat(attributes)] }).llmCalls[0];

describe("OTel GenAI", () => {
  it("reads all sampling parameters", () => {
    const call = callOf({
      "gen_ai.request.temperature": 0.2,
      "gen_ai.request.top_p": 0.9,
      "gen_ai.request.top_k": 40,
      "gen_ai.request.max_tokens": 300,
      "gen_ai.openai.request.seed": 7,
      "gen_ai.request.frequency_penalty": 0.1,
      "gen_ai.request.presence_penalty": 0.3,
      "gen_ai.request.stop_sequences": ["END"],
      "gen_ai.request.reasoning.level": "high",
    });
    expect(call?.parameters).toEqual({
      temperature: 0.2,
      topP: 0.9,
      topK: 40,
      maxTokens: 300,
      seed: 7,
      frequencyPenalty: 0.1,
      presencePenalty: 0.3,
      stopSequences: ["END"],
      reasoningEffort: "high",
    });
  });

  it.each([
    [
      "gen_ai.usage.cache_write.input_tokens",
      "gen_ai.usage.cache_read.input_tokens",
      "gen_ai.usage.reasoning.output_tokens",
    ],
    [
      "gen_ai.usage.cache_creation.input_tokens",
      "gen_ai.usage.cache_read_input_tokens",
      "gen_ai.usage.reasoning_tokens",
    ],
    [
      "gen_ai.usage.cache_creation_input_tokens",
      "gen_ai.usage.cache_read_input_tokens",
      "gen_ai.usage.reasoning_tokens",
    ],
  ])("reads cache and reasoning tokens as %s and its like", (write, read, reasoning) => {
    expect(callOf({ [write]: 1, [read]: 2, [reasoning]: 3 })?.usage).toEqual({
      cacheWriteTokens: 1,
      cacheReadTokens: 2,
      reasoningTokens: 3,
    });
  });

  it.each([
    [["tool-calls"], "tool_call"],
    ["end_turn", "stop"],
    ['["max_tokens"]', "length"],
    [["SAFETY"], "content_filter"],
    [["something new"], "other"],
  ])("reads the finish reason %j", (value, expected) => {
    expect(callOf({ "gen_ai.response.finish_reasons": value })?.finishReason).toBe(expected);
  });

  it.each([
    ["OpenAI", undefined, "openai"],
    ["openai.chat", undefined, "openai"],
    ["strands-agents", "gpt-4o", "openai"],
    ["langchain", "claude-sonnet-5", "anthropic"],
    ["vertex_ai", undefined, "gcp.vertex_ai"],
    ["strands-agents", "my-model", undefined],
    [undefined, "gemini-3-pro", "gcp.gemini"],
  ])("reads provider %s with model %s as %s", (system, model, expected) => {
    const call = callOf({
      ...(system ? { "gen_ai.system": system } : {}),
      ...(model ? { "gen_ai.request.model": model } : {}),
    });
    expect(call?.provider).toBe(expected);
  });

  it("reads content that is structured, JSON text or plain text", () => {
    const messages = [{ role: "user", parts: [{ type: "text", content: "hi" }] }];
    for (const value of [messages, JSON.stringify(messages), "hi"]) {
      expect(callOf({ "gen_ai.input.messages": value })?.input).toEqual(messages);
    }
  });

  it("reads the oldest form: prompt and completion events", () => {
    const trace = traceOf({
      spans: [
        {
          ...chat(),
          events: [
            {
              name: "gen_ai.content.prompt",
              attributes: { "gen_ai.prompt": '[{"role":"user","content":"hi"}]' },
            },
            {
              name: "gen_ai.content.completion",
              attributes: { "gen_ai.completion": '[{"role":"assistant","content":"ho"}]' },
            },
          ],
        },
      ],
    });
    expect([trace.input, trace.output]).toEqual(["hi", "ho"]);
  });

  it("reads retrievals and memory operations", () => {
    const trace = traceOf({
      spans: [
        {
          name: "retrieval docs",
          attributes: {
            "gen_ai.operation.name": "retrieval",
            "gen_ai.retrieval.query.text": "refunds",
            "gen_ai.retrieval.documents": '[{"id":"d1","score":0.5,"content":"5 days"}]',
          },
        },
        {
          name: "search_memory",
          attributes: {
            "gen_ai.operation.name": "search_memory",
            "gen_ai.memory.store.id": "m",
            "gen_ai.memory.query.text": "name",
            "gen_ai.memory.records": '[{"content":"Ada"}]',
          },
        },
      ],
    });
    expect(trace.retrievals).toMatchObject([
      { query: "refunds", documents: [{ id: "d1", score: 0.5, content: "5 days" }], error: null },
    ]);
    expect(trace.memoryOperations).toMatchObject([
      { operation: "search_memory", storeId: "m", query: "name", records: [{ content: "Ada" }] },
    ]);
  });

  it("reads scores that other evaluators left as events", () => {
    const trace = traceOf({
      spans: [
        {
          ...chat(),
          events: [
            {
              name: "gen_ai.evaluation.result",
              attributes: {
                "gen_ai.evaluation.name": "tone",
                "gen_ai.evaluation.score.value": 0.5,
                "gen_ai.evaluation.score.label": "so-so",
                "gen_ai.evaluation.explanation": "dry",
              },
            },
          ],
        },
      ],
    });
    expect(trace.annotations).toEqual([
      { spanId: "0000000000000001", name: "tone", value: 0.5, label: "so-so", explanation: "dry" },
    ]);
  });

  it("takes reasoning parts, plans and recorded rationales as rationales", () => {
    const output = [{ role: "assistant", parts: [{ type: "reasoning", content: "look it up" }] }];
    const trace = traceOf({
      spans: [
        chat({ "gen_ai.output.messages": JSON.stringify(output) }),
        {
          name: "plan",
          attributes: { "gen_ai.operation.name": "plan", "gen_ai.output.messages": "first this" },
        },
        { name: "decide", attributes: { "agent.decision_rationale": "it is cheaper" } },
      ],
    });
    expect(trace.rationales.map((rationale) => rationale.text)).toEqual([
      "look it up",
      "first this",
      "it is cheaper",
    ]);
  });
});
