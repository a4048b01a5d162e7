import { expect, it } from "vitest";

import { traceOf } from "../../../src/testing/spans.ts";

const SCOPE = "com.anthropic.sdk.typescript";

it("reads stop reason, retries, cut content and session from the spans of the Anthropic SDK", () => {
  const trace = traceOf({
    scope: SCOPE,
    spans: [
      {
        name: "anthropic.messages.create",
        attributes: {
          "gen_ai.operation.name": "chat",
          "anthropic.message.stop_reason": "max_tokens",
          "anthropic.content.truncated": true,
          "anthropic.session.id": "s",
          "http.request.resend_count": 2,
        },
      },
    ],
  });
  expect(trace.llmCalls[0]).toMatchObject({ finishReason: "length", retries: 2 });
  expect(trace.sessionId).toBe("s");
  expect(trace.quality.issues).toMatchObject([{ code: "content-cut", spanIds: ["0000000000000001"] }]);
});

it("does not say that there was no retry where none is recorded", () => {
  const spans = [{ name: "anthropic.messages.create", attributes: { "gen_ai.operation.name": "chat" } }];
  expect(traceOf({ scope: SCOPE, spans }).retries).toBeNull();
});

it("reads the tool that the tool runner called, with its description", () => {
  const trace = traceOf({
    scope: SCOPE,
    spans: [
      {
        name: "anthropic.custom_tool_use find",
        attributes: {
          "gen_ai.operation.name": "execute_tool",
          "gen_ai.tool.name": "find",
          "gen_ai.tool.description": "Finds",
          "anthropic.tool_result.content": '[{"type":"text","text":"{\\"hits\\":0}"}]',
        },
      },
    ],
  });
  expect(trace.toolCalls).toMatchObject([{ name: "find", result: { hits: 0 } }]);
  expect(trace.toolDefinitions).toEqual([{ name: "find", description: "Finds" }]);
});
