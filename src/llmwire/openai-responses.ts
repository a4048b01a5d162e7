import type { JsonObject } from "../core/json.ts";
import type { CompleteReply } from "./complete-reply.ts";
import type { ModelRequest } from "./model-request.ts";
import { openaiError } from "./openai-error.ts";
import { parseResponsesRequest } from "./parse-responses-request.ts";
import { streamResponsesReply } from "./stream-responses-reply.ts";
import { tokenLogprobs } from "./token-logprobs.ts";
import type { WireCodec } from "./wire-codec.ts";

/** OpenAI Responses (platform.openai.com/docs/api-reference/responses). */
export const openaiResponses: WireCodec = {
  path: "/v1/responses",
  parse: parseResponsesRequest,
  encode: encodeResponsesReply,
  stream: (reply, request) =>
    streamResponsesReply(encodeResponsesReply(reply, request), responseItems(reply)),
  error: openaiError,
};

/** The settings of a request come back in the response; some clients read them there. */
function encodeResponsesReply(reply: CompleteReply, { body }: ModelRequest): JsonObject {
  const cut = { length: "max_output_tokens", content_filter: "content_filter", stop: null, tool_call: null }[
    reply.finishReason
  ];
  return {
    id: `resp_${reply.id}`,
    object: "response",
    created_at: 0,
    status: cut === null ? "completed" : "incomplete",
    error: null,
    incomplete_details: cut === null ? null : { reason: cut },
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    metadata: body.metadata ?? {},
    model: reply.model,
    output: [...responseItems(reply)],
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    previous_response_id: body.previous_response_id ?? null,
    temperature: body.temperature ?? 1,
    tool_choice: body.tool_choice ?? "auto",
    tools: body.tools ?? [],
    top_p: body.top_p ?? 1,
    usage: {
      input_tokens: reply.usage.inputTokens,
      input_tokens_details: {
        cached_tokens: reply.usage.cacheReadTokens,
        cache_write_tokens: reply.usage.cacheWriteTokens,
      },
      output_tokens: reply.usage.outputTokens,
      output_tokens_details: { reasoning_tokens: reply.usage.reasoningTokens },
      total_tokens: reply.usage.inputTokens + reply.usage.outputTokens,
    },
  };
}

/** The output items: a message when there is text or a refusal, then one item per tool call. */
function responseItems(reply: CompleteReply): readonly JsonObject[] {
  const content: JsonObject[] = [];
  if (reply.text !== null)
    content.push({
      type: "output_text",
      text: reply.text,
      annotations: [],
      logprobs: [...tokenLogprobs(reply)],
    });
  if (reply.refusal !== null) content.push({ type: "refusal", refusal: reply.refusal });
  const status = reply.finishReason === "length" ? "incomplete" : "completed";
  const message = { type: "message", id: `msg_${reply.id}`, status, role: "assistant", content };
  const calls = reply.toolCalls.map((call, index) => ({
    type: "function_call",
    id: `fc_${reply.id}_${index}`,
    status: "completed",
    call_id: call.id,
    name: call.name,
    arguments: JSON.stringify(call.arguments),
  }));
  return content.length > 0 ? [message, ...calls] : calls;
}
