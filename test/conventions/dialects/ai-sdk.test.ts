import { describe, expect, it } from "vitest";

import { traceOf } from "../../../src/testing/spans.ts";

const call = (attributes: object) => ({
  name: "ai.generateText.doGenerate",
  attributes: { "ai.operationId": "ai.generateText.doGenerate", "ai.model.id": "m", ...attributes },
});

const callOf = (attributes: object) => traceOf({ scope: "ai", spans: [call(attributes)] }).llmCalls[0];

describe("a span of the AI SDK", () => {
  it.each([
    ["ai.generateText", "agent"],
    ["ai.streamObject", "agent"],
    ["ai.streamText.doStream", "llm"],
    ["ai.generateObject.doGenerate", "llm"],
    ["ai.toolCall", "tool"],
    ["ai.embed", "embedding"],
    ["ai.embedMany.doEmbed", "embedding"],
    ["ai.rerank.doRerank", "retrieval"],
  ])("%s is of the type %s", (operation, type) => {
    const [span] = traceOf({
      scope: "ai",
      spans: [{ name: operation, attributes: { "ai.operationId": operation } }],
    }).spans;
    expect(span?.type).toBe(type);
  });

  it.each([
    ["openai.responses", "openai"],
    ["anthropic.messages", "anthropic"],
    ["google.generative-ai", "gcp.gemini"],
    ["google.vertex.chat", "gcp.vertex_ai"],
    ["azure-openai.chat", "azure.ai.openai"],
    ["amazon-bedrock", "aws.bedrock"],
    ["xai.chat", "x_ai"],
    ["mistral.chat", "mistral_ai"],
  ])("of the provider %s calls %s", (name, provider) => {
    expect(callOf({ "ai.model.provider": name })?.provider).toBe(provider);
  });

  it("puts reasoning, text and tool calls of an answer into one message", () => {
    const answer = callOf({
      "ai.response.reasoning": "hm",
      "ai.response.text": "hi",
      "ai.response.toolCalls": '[{"toolCallId":"c","toolName":"find","input":"{\\"q\\":1}"}]',
      "ai.response.finishReason": "tool-calls",
    });
    expect(answer?.finishReason).toBe("tool_call");
    expect(answer?.output).toEqual([
      {
        role: "assistant",
        parts: [
          { type: "reasoning", content: "hm" },
          { type: "text", content: "hi" },
          { type: "tool_call", id: "c", name: "find", arguments: { q: 1 } },
        ],
      },
    ]);
  });

  it("tells an empty answer from one that was not recorded", () => {
    expect(callOf({ "ai.response.text": "" })?.output).toEqual([{ role: "assistant", parts: [] }]);
    expect(callOf({})?.output).toBeUndefined();
  });

  it("reads the names of version 4", () => {
    expect(
      callOf({
        "ai.prompt.messages": '[{"role":"user","content":[{"type":"text","text":"hi"}]}]',
        "ai.usage.promptTokens": 10,
        "ai.usage.completionTokens": 2,
        "ai.settings.maxTokens": 50,
        "ai.response.providerMetadata": '{"openai":{"cachedPromptTokens":4,"reasoningTokens":1}}',
        "ai.result.text": "ho",
      }),
    ).toMatchObject({
      input: [{ role: "user", parts: [{ type: "text", content: "hi" }] }],
      output: [{ parts: [{ type: "text", content: "ho" }] }],
      usage: { inputTokens: 10, outputTokens: 2, cacheReadTokens: 4, reasoningTokens: 1 },
      parameters: { maxTokens: 50 },
    });
  });

  it("drops the vectors of embeddings", () => {
    const [span] = traceOf({
      scope: "ai",
      spans: [
        {
          name: "ai.embed",
          attributes: { "ai.operationId": "ai.embed", "ai.embedding": "[0.1]", "ai.value": '"x"' },
        },
      ],
    }).spans;
    expect(span?.attributes).toEqual({});
  });

  it.each(["ai.telemetry.metadata.", "ai.settings.context."])("finds the people below %s", (prefix) => {
    const trace = traceOf({
      scope: "ai",
      spans: [
        {
          name: "ai.generateText",
          attributes: {
            "ai.operationId": "ai.generateText",
            "ai.telemetry.functionId": "helper",
            "ai.prompt": '{"system":"be kind","prompt":"hi"}',
            [`${prefix}userId`]: "u",
            [`${prefix}sessionId`]: "s",
            [`${prefix}org`]: "o",
            [`${prefix}feature`]: "f",
            [`${prefix}tags`]: ["a", "b"],
          },
          children: [call({})],
        },
      ],
    });
    expect(trace).toMatchObject({
      agent: { name: "helper" },
      input: "hi",
      systemInstructions: "be kind",
      userId: "u",
      sessionId: "s",
      organisationId: "o",
      feature: "f",
      tags: ["a", "b"],
    });
  });

  it("reads the prompt of Langfuse from the metadata", () => {
    expect(callOf({ "ai.telemetry.metadata.langfusePrompt": '{"name":"greet","version":3}' })).toMatchObject({
      promptName: "greet",
      promptVersion: "3",
    });
  });

  it("counts the failed attempt before a success as a retry", () => {
    const asked = { "ai.prompt.messages": '[{"role":"user","content":"hi"}]' };
    const trace = traceOf({
      scope: "ai",
      spans: [
        {
          name: "ai.generateText",
          attributes: { "ai.operationId": "ai.generateText" },
          children: [{ ...call(asked), status: { code: "error", message: "Rate limit" } }, call(asked)],
        },
      ],
    });
    expect(trace.llmCalls.map(({ retries }) => retries)).toEqual([null, 1]);
    expect(trace.retries).toBe(1);
  });
});

describe("tokens of Claude through the AI SDK", () => {
  const usageOf = (attributes: object) => {
    const trace = traceOf({
      scope: "ai",
      spans: [call({ "ai.model.provider": "anthropic.messages", ...attributes })],
    });
    return {
      ...trace.usage,
      isAdjusted: trace.quality.issues.some(({ code }) => code === "adjusted-tokens"),
    };
  };

  it("get the cache added in version 4, where it is left out", () => {
    expect(
      usageOf({
        "ai.usage.promptTokens": 82,
        "ai.usage.completionTokens": 18,
        "ai.response.providerMetadata":
          '{"anthropic":{"cacheCreationInputTokens":16,"cacheReadInputTokens":64}}',
      }),
    ).toEqual({
      inputTokens: 162,
      outputTokens: 18,
      cacheReadTokens: 64,
      cacheWriteTokens: 16,
      isAdjusted: true,
    });
  });

  const raw =
    '{"anthropic":{"usage":{"input_tokens":82,"cache_creation_input_tokens":16,"cache_read_input_tokens":64}}}';
  it.each([
    [82, true],
    [162, false],
  ])(
    "of which %d are called input are whole, going by the provider's own figures",
    (inputTokens, isAdjusted) => {
      expect(
        usageOf({
          "ai.usage.inputTokens": inputTokens,
          "ai.usage.outputTokens": 18,
          "ai.usage.cachedInputTokens": 64,
          "ai.response.providerMetadata": raw,
        }),
      ).toEqual({
        inputTokens: 162,
        outputTokens: 18,
        cacheReadTokens: 64,
        cacheWriteTokens: 16,
        isAdjusted,
      });
    },
  );
});
