import type { ModelReply, ModelRequest } from "../../src/llmwire/model-request.ts";

/** What the model answers in the story of order A-1001, whatever wire format it is asked in. */
export function tellStory(request: ModelRequest): ModelReply {
  const answered = request.messages.some((message) => message.role === "tool");
  return request.provider === "anthropic" ? tellClaude(answered) : tellOthers(answered);
}

const CALL = { name: "get_order_status", arguments: { order_id: "A-1001" } };
const ANSWER = "Order A-1001 has shipped and should arrive on 2026-11-24.";

function tellOthers(answered: boolean): ModelReply {
  const model = "gpt-4o-mini-2024-07-18";
  const cached = { cacheReadTokens: 64, reasoningTokens: 8 };
  return answered
    ? { model, text: ANSWER, usage: { inputTokens: 120, outputTokens: 24, ...cached } }
    : {
        model,
        toolCalls: [{ id: "call_1", ...CALL }],
        usage: { inputTokens: 82, outputTokens: 18, ...cached },
      };
}

/** Input here is with what was read from and written to the cache; the wire format takes it apart. */
function tellClaude(answered: boolean): ModelReply {
  const model = "claude-sonnet-4-5-20250929";
  const cached = { cacheReadTokens: 64, cacheWriteTokens: 16 };
  return answered
    ? { model, text: ANSWER, usage: { inputTokens: 200, outputTokens: 24, ...cached } }
    : {
        model,
        text: "Let me check.",
        toolCalls: [{ id: "toolu_1", ...CALL }],
        usage: { inputTokens: 162, outputTokens: 18, ...cached },
      };
}
