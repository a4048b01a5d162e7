import { expect, it } from "vitest";

import { traceOf } from "../../src/testing/spans.ts";

it("reads spans that were instrumented by hand", () => {
  const trace = traceOf({
    spans: [
      {
        name: "agent.run",
        attributes: {
          "agent.name": "helper",
          "agent.outcome": "resolved",
          "agent.user_id": "u",
          "tenant.id": "t",
          feature: "returns",
          input: "hi",
          output: "ho",
        },
        children: [
          {
            name: "llm",
            attributes: {
              "llm.model": "gpt-4o-mini",
              "llm.prompt_tokens": "10",
              "llm.completion_tokens": 5,
              "llm.temperature": 0.5,
              cost: 0.25,
              "llm.retry_count": 2,
            },
          },
          {
            name: "t",
            attributes: { "tool.name": "find", input: '{"q":1}', "tool.execution_status": "failed" },
          },
        ],
      },
    ],
  });
  expect(trace).toMatchObject({
    agent: { name: "helper" },
    outcome: "resolved",
    userId: "u",
    organisationId: "t",
    feature: "returns",
    input: "hi",
    output: "ho",
    usage: { inputTokens: 10, outputTokens: 5 },
    cost: { usd: 0.25, source: "reported" },
    retries: 2,
    llmCalls: [{ model: "gpt-4o-mini", provider: "openai", parameters: { temperature: 0.5 } }],
    toolCalls: [{ name: "find", arguments: { q: 1 }, error: { type: "_OTHER" } }],
    quality: { dialects: ["hand-rolled"] },
  });
});

it("lets every other dialect win over hand-made names", () => {
  const trace = traceOf({
    spans: [
      {
        name: "chat",
        attributes: {
          "gen_ai.operation.name": "chat",
          "gen_ai.request.model": "right",
          "llm.model": "wrong",
        },
      },
    ],
  });
  expect(trace.llmCalls[0]?.model).toBe("right");
});
