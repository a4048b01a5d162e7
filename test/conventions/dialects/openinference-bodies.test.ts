import { expect, it } from "vitest";

import { traceOf } from "../../../src/testing/spans.ts";

const callOf = (output: unknown, attributes: object = {}) =>
  traceOf({
    scope: "openinference.instrumentation.langchain",
    spans: [
      {
        name: "llm",
        attributes: {
          "openinference.span.kind": "LLM",
          "llm.model_name": "requested",
          "output.value": typeof output === "string" ? output : JSON.stringify(output),
          ...attributes,
        },
      },
    ],
  }).llmCalls[0];

it.each([
  ["OpenAI", { id: "chatcmpl-1", model: "answered", choices: [{ finish_reason: "tool_calls" }] }],
  ["Anthropic", { id: "msg_1", model: "answered", stop_reason: "tool_use", content: [] }],
  ["a list of one", [{ id: "chatcmpl-1", model: "answered", choices: [{ finish_reason: "tool_calls" }] }]],
  [
    "LangChain",
    {
      generations: [
        [
          {
            message: {
              lc: 1,
              id: ["langchain", "AIMessage"],
              kwargs: {
                id: "run-1",
                response_metadata: { model_name: "answered", finish_reason: "tool_calls" },
              },
            },
          },
        ],
      ],
    },
  ],
])("reads model, id and finish reason from the kept response of %s", (_, output) => {
  expect(callOf(output)).toMatchObject({
    requestModel: "requested",
    responseModel: "answered",
    finishReason: "tool_call",
    responseId: expect.stringMatching(/-1$|_1$/),
  });
});

it("lets the flat attributes win where they say the same", () => {
  const output = { id: "x", model: "other", choices: [{ finish_reason: "stop" }] };
  expect(
    callOf(output, { "llm.response.model_name": "answered", "llm.finish_reason": "length" }),
  ).toMatchObject({ responseModel: "answered", finishReason: "length" });
});

it.each(["plain text", "[not json", "{}", '{"role":"assistant","content":"hi"}'])(
  "keeps the requested model for the output %s",
  (output) => {
    expect(callOf(output)?.responseModel).toBe("requested");
  },
);
