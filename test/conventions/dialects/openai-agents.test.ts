import { expect, it } from "vitest";

import { traceOf } from "../../../src/testing/spans.ts";

const SCOPE = "@arizeai/openinference-instrumentation-openai-agents";

const response = (output: object[], more: object = {}) =>
  JSON.stringify({
    id: "resp_1",
    object: "response",
    status: "completed",
    model: "gpt-4o-mini-2024-07-18",
    output,
    ...more,
  });

const call = (attributes: object) => ({
  name: "response",
  attributes: { "openinference.span.kind": "LLM", "llm.finish_reason": "stop", ...attributes },
});

it("corrects what the bridge says of a response that calls a tool", () => {
  const [found] = traceOf({
    scope: SCOPE,
    spans: [
      call({
        "llm.input_messages.1.message.contents.0.message_content.text": "I should look.",
        "input.value": JSON.stringify([
          { type: "message", role: "user", content: "hi" },
          { type: "reasoning", content: [{ type: "input_text", text: "I should look." }] },
          { type: "function_call", id: "fc_1", callId: "call_1", name: "find", arguments: "{}" },
          { type: "function_call_result", callId: "call_1", output: { type: "text", text: '{"hits":0}' } },
        ]),
        "output.value": response(
          [
            { type: "reasoning", summary: [{ type: "summary_text", text: "Again." }] },
            { type: "function_call", call_id: "call_2", name: "find", arguments: '{"q":2}' },
          ],
          { instructions: "be kind" },
        ),
      }),
    ],
  }).llmCalls;
  expect(found).toMatchObject({
    finishReason: "tool_call",
    responseId: "resp_1",
    systemInstructions: "be kind",
  });
  expect(found?.input).toEqual([
    { role: "user", parts: [{ type: "text", content: "hi" }] },
    {
      role: "assistant",
      parts: [
        { type: "reasoning", content: "I should look." },
        { type: "tool_call", id: "call_1", name: "find", arguments: {} },
      ],
    },
    { role: "tool", parts: [{ type: "tool_result", id: "call_1", result: { hits: 0 } }] },
  ]);
  expect(found?.output).toEqual([
    {
      role: "assistant",
      parts: [
        { type: "reasoning", content: "Again." },
        { type: "tool_call", id: "call_2", name: "find", arguments: { q: 2 } },
      ],
    },
  ]);
});

it.each([
  [response([{ type: "message", role: "assistant", content: [] }]), "stop"],
  [response([], { status: "incomplete", incomplete_details: { reason: "max_output_tokens" } }), "length"],
  [response([], { status: "failed" }), "error"],
])("derives why the response %s ended", (output, reason) => {
  const [found] = traceOf({ scope: SCOPE, spans: [call({ "output.value": output })] }).llmCalls;
  expect(found?.finishReason).toBe(reason);
});

it("takes the failure of a run once, from the call that failed", () => {
  const trace = traceOf({
    scope: SCOPE,
    spans: [
      {
        name: "turn",
        attributes: { "openinference.span.kind": "CHAIN" },
        status: { code: "error", message: 'Error in agent run: {"error":"Error: 400 Invalid model"}' },
        children: [{ ...call({}), status: { code: "error", message: "400 Invalid model" } }],
      },
    ],
  });
  expect(trace.errors).toEqual([
    { spanId: "0000000000000002", type: "_OTHER", message: "400 Invalid model" },
  ]);
});
