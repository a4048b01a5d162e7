import type { JsonObject } from "../core/json.ts";
import type { CompleteReply } from "./complete-reply.ts";
import type { ModelRequest, ReplyFinishReason } from "./model-request.ts";
import { parseMessagesRequest } from "./parse-messages-request.ts";
import { pieces, type ServerSentEvent } from "./server-sent-event.ts";
import type { WireCodec } from "./wire-codec.ts";

/** Anthropic Messages (docs.anthropic.com/en/api/messages). */
export const anthropicMessages: WireCodec = {
  path: "/v1/messages",
  parse: parseMessagesRequest,
  encode: encodeMessagesReply,
  stream: streamMessagesReply,
  error: (status, message) => ({ type: "error", error: { type: errorType(status), message } }),
};

const STOP_REASONS: { readonly [reason in ReplyFinishReason]: string } = {
  stop: "end_turn",
  length: "max_tokens",
  tool_call: "tool_use",
  content_filter: "refusal",
};

const ERROR_TYPES: { readonly [status: number]: string } = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  529: "overloaded_error",
};

function errorType(status: number): string {
  return ERROR_TYPES[status] ?? (status >= 500 ? "api_error" : "invalid_request_error");
}

/** A refusal is a stop reason here; its words go into `stop_details`. */
function encodeMessagesReply(reply: CompleteReply, request: ModelRequest): JsonObject {
  return {
    id: `msg_${reply.id}`,
    type: "message",
    role: "assistant",
    model: reply.model,
    container: null,
    content: [...contentBlocks(reply)],
    ...stop(reply),
    usage: encodeUsage(reply.usage, request),
  };
}

function stop(reply: CompleteReply): JsonObject {
  const refused = reply.refusal !== null || reply.finishReason === "content_filter";
  return {
    stop_reason: refused ? "refusal" : STOP_REASONS[reply.finishReason],
    stop_sequence: null,
    stop_details: refused ? { type: "refusal", category: null, explanation: reply.refusal } : null,
  };
}

function contentBlocks(reply: CompleteReply): readonly JsonObject[] {
  const calls = reply.toolCalls.map((call) => ({
    type: "tool_use",
    id: call.id,
    name: call.name,
    input: call.arguments,
    caller: { type: "direct" },
  }));
  return reply.text === null ? calls : [{ type: "text", text: reply.text, citations: null }, ...calls];
}

/** `input_tokens` counts only what neither came from nor went into the cache. */
function encodeUsage(usage: CompleteReply["usage"], { body }: ModelRequest): JsonObject {
  const isForAnHour = JSON.stringify(body).includes('"ttl":"1h"');
  return {
    input_tokens: Math.max(0, usage.inputTokens - usage.cacheReadTokens - usage.cacheWriteTokens),
    cache_creation_input_tokens: usage.cacheWriteTokens,
    cache_creation: {
      ephemeral_5m_input_tokens: isForAnHour ? 0 : usage.cacheWriteTokens,
      ephemeral_1h_input_tokens: isForAnHour ? usage.cacheWriteTokens : 0,
    },
    cache_read_input_tokens: usage.cacheReadTokens,
    output_tokens: usage.outputTokens,
    output_tokens_details: usage.reasoningTokens > 0 ? { thinking_tokens: usage.reasoningTokens } : null,
    service_tier: "standard",
  };
}

function streamMessagesReply(reply: CompleteReply, request: ModelRequest): readonly ServerSentEvent[] {
  const events: ServerSentEvent[] = [];
  const emit = (type: string, data: JsonObject): void => {
    events.push({ event: type, data: { type, ...data } });
  };
  const usage = encodeUsage(reply.usage, request);
  const begun = { stop_reason: null, stop_sequence: null, stop_details: null };
  emit("message_start", {
    message: {
      ...encodeMessagesReply(reply, request),
      content: [],
      ...begun,
      usage: { ...usage, output_tokens: 0 },
    },
  });
  contentBlocks(reply).forEach((block, index) => {
    const isText = block.type === "text";
    emit("content_block_start", {
      index,
      content_block: isText ? { ...block, text: "" } : { ...block, input: {} },
    });
    for (const piece of pieces(isText ? String(block.text) : JSON.stringify(block.input))) {
      const delta = isText
        ? { type: "text_delta", text: piece }
        : { type: "input_json_delta", partial_json: piece };
      emit("content_block_delta", { index, delta });
    }
    emit("content_block_stop", { index });
  });
  emit("message_delta", { delta: stop(reply), usage });
  emit("message_stop", {});
  return events;
}
