import { contentHash } from "../core/ids.ts";
import type { JsonObject } from "../core/json.ts";
import { stableJson } from "../core/json.ts";
import type { Usage } from "../core/trace.ts";
import type { ModelReply, ModelRequest, ReplyFinishReason } from "./model-request.ts";

/** A reply with nothing left open: what the encoders write. */
export interface CompleteReply {
  /** 16 hex digits, without the prefix a format puts before it. */
  readonly id: string;
  readonly model: string;
  readonly text: string | null;
  readonly refusal: string | null;
  readonly toolCalls: readonly {
    readonly id: string;
    readonly name: string;
    readonly arguments: JsonObject;
  }[];
  readonly finishReason: ReplyFinishReason;
  readonly usage: Required<Usage>;
  readonly probabilities: { readonly [choice: string]: number } | null;
}

/**
 * Fills in what a reply leaves out. Ids follow from the request and `ordinal` (how often the same request
 * came before), so that equal runs give equal bytes.
 */
export function completeReply(reply: ModelReply, request: ModelRequest, ordinal: number): CompleteReply {
  const id = contentHash([request.format, request.body, ordinal]);
  const toolCalls = (reply.toolCalls ?? []).map((call, index) => ({
    id: call.id ?? `${request.provider === "anthropic" ? "toolu" : "call"}_${contentHash([id, index])}`,
    name: call.name,
    arguments: call.arguments,
  }));
  return {
    id,
    model: reply.model ?? request.model,
    text: reply.text ?? null,
    refusal: reply.refusal ?? null,
    toolCalls,
    finishReason: reply.finishReason ?? (toolCalls.length > 0 ? "tool_call" : "stop"),
    usage: completeUsage(reply, request),
    probabilities: reply.probabilities ?? null,
  };
}

function completeUsage(reply: ModelReply, request: ModelRequest): Required<Usage> {
  const written = [reply.text, reply.refusal, reply.toolCalls && stableJson(reply.toolCalls)].join("");
  return {
    inputTokens: tokens(stableJson([request.messages, request.tools, request.responseSchema])),
    outputTokens: tokens(written),
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    reasoningTokens: 0,
    ...reply.usage,
  };
}

/** Four characters to a token, at least one: a stand-in where no tokenizer is at hand. */
function tokens(text: string): number {
  return Math.max(1, Math.ceil(text.length / 4));
}
