import type { JsonObject } from "../core/json.ts";
import type { CompleteReply } from "./complete-reply.ts";
import { objectField } from "./json-fields.ts";
import type { ModelRequest, ReplyFinishReason } from "./model-request.ts";
import { openaiError } from "./openai-error.ts";
import { parseChatRequest } from "./parse-chat-request.ts";
import { pieces, type ServerSentEvent } from "./server-sent-event.ts";
import { tokenLogprobs } from "./token-logprobs.ts";
import type { WireCodec } from "./wire-codec.ts";

/**
 * OpenAI Chat Completions (platform.openai.com/docs/api-reference/chat), which most OpenAI-compatible
 * servers speak too.
 */
export const openaiChat: WireCodec = {
  path: "/v1/chat/completions",
  parse: parseChatRequest,
  encode: encodeChatReply,
  stream: streamChatReply,
  error: openaiError,
};

const FINISH_REASONS: { readonly [reason in ReplyFinishReason]: string } = {
  stop: "stop",
  length: "length",
  tool_call: "tool_calls",
  content_filter: "content_filter",
};

function encodeChatReply(reply: CompleteReply, { body }: ModelRequest): JsonObject {
  return {
    id: `chatcmpl-${reply.id}`,
    object: "chat.completion",
    created: 0,
    model: reply.model,
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: reply.text,
          refusal: reply.refusal,
          ...(reply.toolCalls.length > 0 && { tool_calls: reply.toolCalls.map(encodeToolCall) }),
        },
        logprobs: body.logprobs === true ? { content: [...tokenLogprobs(reply)], refusal: null } : null,
        finish_reason: FINISH_REASONS[reply.finishReason],
      },
    ],
    usage: encodeUsage(reply.usage),
  };
}

function encodeToolCall(call: CompleteReply["toolCalls"][number]): JsonObject {
  return {
    id: call.id,
    type: "function",
    function: { name: call.name, arguments: JSON.stringify(call.arguments) },
  };
}

function encodeUsage(usage: CompleteReply["usage"]): JsonObject {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: {
      cached_tokens: usage.cacheReadTokens,
      ...(usage.cacheWriteTokens > 0 && { cache_write_tokens: usage.cacheWriteTokens }),
    },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens },
  };
}

/** Usage comes in a last chunk without choices, and only when `stream_options.include_usage` asks for it. */
function streamChatReply(reply: CompleteReply, request: ModelRequest): readonly ServerSentEvent[] {
  const head = {
    id: `chatcmpl-${reply.id}`,
    object: "chat.completion.chunk",
    created: 0,
    model: reply.model,
  };
  const chunk = (delta: JsonObject, finish: string | null = null): ServerSentEvent => ({
    data: { ...head, choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }] },
  });
  const options = objectField(request.body, "stream_options");
  return [
    chunk({ role: "assistant", content: reply.text === null ? null : "" }),
    ...pieces(reply.text ?? "").map((content) => chunk({ content })),
    ...pieces(reply.refusal ?? "").map((refusal) => chunk({ refusal })),
    ...reply.toolCalls.flatMap((call, index) => [
      chunk({
        tool_calls: [{ index, id: call.id, type: "function", function: { name: call.name, arguments: "" } }],
      }),
      ...pieces(JSON.stringify(call.arguments)).map((text) =>
        chunk({ tool_calls: [{ index, function: { arguments: text } }] }),
      ),
    ]),
    chunk({}, FINISH_REASONS[reply.finishReason]),
    ...(options?.include_usage === true
      ? [{ data: { ...head, choices: [], usage: encodeUsage(reply.usage) } }]
      : []),
    { data: "[DONE]" },
  ];
}
