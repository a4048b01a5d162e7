import { describe, expect, it } from "vitest";

import { traceOf } from "../../../src/testing/spans.ts";

const run = (kind: string, attributes: object = {}) => ({
  name: kind,
  attributes: { "langsmith.span.kind": kind, "gen_ai.system": "langchain", ...attributes },
});

const traceWith = (...spans: ReturnType<typeof run>[]) => traceOf({ scope: "langsmith", spans });

describe("a LangSmith run", () => {
  it("is what its kind says, not what its operation says", () => {
    const spans = [
      run("retriever", { "gen_ai.operation.name": "embeddings" }),
      run("chain"),
      run("llm"),
      run("tool"),
    ];
    expect(traceWith(...spans).spans.map(({ type }) => type)).toEqual(["retrieval", "step", "llm", "tool"]);
  });

  it("has failed when it carries an exception, though its status says OK", () => {
    const failed = {
      ...run("llm", { "gen_ai.request.model": "m", "langsmith.metadata.ls_provider": "openai" }),
      status: { code: "ok" } as const,
      events: [{ name: "exception", attributes: { "exception.type": "Error", "exception.message": "400" } }],
    };
    const trace = traceOf({ scope: "langsmith", spans: [{ ...failed, name: "err", children: [failed] }] });
    expect(trace.errors).toEqual([{ spanId: "0000000000000002", type: "Error", message: "400" }]);
    expect(trace.llmCalls[0]).toMatchObject({ provider: "openai", error: { type: "Error", message: "400" } });
  });

  it("of a model gives request, answer, tools and whole tokens", () => {
    const trace = traceWith(
      run("llm", {
        "gen_ai.prompt": JSON.stringify({
          model: "gpt-4o-mini",
          messages: [{ role: "user", content: "hi" }],
          tools: [{ type: "function", function: { name: "find" } }],
          max_tokens: 9,
        }),
        "gen_ai.completion": JSON.stringify({
          choices: [
            {
              finish_reason: "tool_calls",
              message: {
                role: "assistant",
                tool_calls: [{ id: "c", function: { name: "find", arguments: "{}" } }],
              },
            },
          ],
        }),
        "gen_ai.response.finish_reasons": "tool_calls",
        "langsmith.usage_metadata": JSON.stringify({
          input_tokens: 82,
          output_tokens: 18,
          input_token_details: { cache_read: 64 },
          output_token_details: { reasoning: 8 },
        }),
        "langsmith.metadata.ls_temperature": "0.2",
        "langsmith.metadata.ls_model_name": "gpt-4o-mini",
      }),
    );
    expect(trace.llmCalls[0]).toMatchObject({
      provider: "openai",
      requestModel: "gpt-4o-mini",
      finishReason: "tool_call",
      parameters: { temperature: 0.2, maxTokens: 9 },
      usage: { inputTokens: 82, outputTokens: 18, cacheReadTokens: 64, reasoningTokens: 8 },
      input: [{ role: "user" }],
      output: [{ parts: [{ type: "tool_call", id: "c", name: "find" }] }],
    });
    expect(trace.toolDefinitions).toEqual([{ name: "find" }]);
    expect(trace.quality.issues).toEqual([]);
  });

  it("of a LangChain model gives the message inside the generations", () => {
    const message = {
      lc: 1,
      type: "constructor",
      id: ["langchain", "schema", "messages", "AIMessage"],
      kwargs: { content: "ho", tool_calls: [] },
    };
    const human = { ...message, id: ["langchain", "HumanMessage"], kwargs: { content: "hi" } };
    const [call] = traceWith(
      run("llm", {
        "gen_ai.prompt": JSON.stringify({ messages: [[human]] }),
        "gen_ai.completion": JSON.stringify({ generations: [[{ text: "ho", message }]] }),
      }),
    ).llmCalls;
    expect(call?.input).toEqual([{ role: "user", parts: [{ type: "text", content: "hi" }] }]);
    expect(call?.output).toEqual([{ role: "assistant", parts: [{ type: "text", content: "ho" }] }]);
  });

  it.each([
    ['{"outputs":"done"}', "done"],
    ['{"outputs":""}', ""],
    ['{"outputs":null}', null],
    [
      '{"output":{"lc":1,"id":["x","ToolMessage"],"kwargs":{"content":"{\\"ok\\":1}","tool_call_id":"c"}}}',
      { ok: 1 },
    ],
  ])("of a tool that gave %s has the bare result", (completion, result) => {
    const { toolCalls } = traceWith(
      run("tool", { "gen_ai.prompt": '{"input":{"q":1}}', "gen_ai.completion": completion }),
    );
    expect(toolCalls).toMatchObject([{ name: "tool", arguments: { q: 1 }, result }]);
  });

  it("of a retriever gives query and documents", () => {
    const trace = traceWith(
      run("retriever", {
        "gen_ai.prompt": '{"input":"refunds"}',
        "gen_ai.completion":
          '{"outputs":[{"page_content":"5 days","type":"Document","metadata":{"id":"d1"}}]}',
      }),
    );
    expect(trace.retrievals).toMatchObject([
      { query: "refunds", documents: [{ content: "5 days", metadata: { id: "d1" } }] },
    ]);
  });

  it("that is the root names people, feature and tags, and asks nothing when it has no input", () => {
    const trace = traceWith(
      run("chain", {
        "langsmith.is_root": true,
        "gen_ai.prompt": "{}",
        "gen_ai.completion": '{"outputs":"done"}',
        "langsmith.span.tags": "beta, eu",
        "langsmith.metadata.thread_id": "s",
        "langsmith.metadata.user_id": "u",
        "langsmith.metadata.org": "o",
        "langsmith.metadata.feature": "returns",
      }),
    );
    expect(trace).toMatchObject({
      output: "done",
      tags: ["beta", "eu"],
      sessionId: "s",
      userId: "u",
      organisationId: "o",
      feature: "returns",
    });
    expect(trace.input).toBe("");
  });
});
