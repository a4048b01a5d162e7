import { isObject, type JsonObject, type JsonValue } from "../core/json.ts";
import type { FinishReason, Message } from "../core/message.ts";
import { AttributeReader } from "./attribute-reader.ts";
import { readFinishReason } from "./finish-reason.ts";
import { textAt, unpackJson } from "./messages/shape.ts";
import { objectOf } from "./object-of.ts";
import { present } from "./present.ts";
import type { ReadingScope } from "./reading-scope.ts";
import type { SpanFields } from "./span-fields.ts";
import { whole, withCache } from "./whole-usage.ts";

/**
 * What a recorded answer of a model holds, as OpenAI (Chat Completions, Responses), Anthropic, Gemini,
 * Genkit and LangChain give it: messages, model, id, finish reason and usage. A text is the assistant's.
 */
export function readAnswerBody(value: JsonValue | undefined, scope: ReadingScope): SpanFields {
  if (value === undefined) return {};
  const body = unpackJson(value);
  if (!isObject(body)) return present({ outputMessages: scope.messages(value, "assistant") });
  return {
    ...present({
      responseModel: textAt(body, "model", "modelVersion", "model_version", "model_name"),
      responseId: textAt(body, "id", "responseId", "response_id"),
      outputMessages: messagesIn(body, scope),
      finishReason: readFinishReason(finishIn(body)),
    }),
    ...readBodyUsage(body.usage ?? body.usageMetadata ?? body.usage_metadata),
  };
}

/** Gemini and Genkit have no word for a stop that calls tools; OpenAI and Anthropic do. */
export function reasonWithCalls(
  reason: FinishReason | undefined,
  output: readonly Message[] | undefined,
): FinishReason | undefined {
  const calls = output?.some(({ parts }) => parts.some((part) => part.type === "tool_call")) ?? false;
  return reason === "stop" && calls ? "tool_call" : reason;
}

function messagesIn(body: JsonObject, scope: ReadingScope): readonly Message[] | undefined {
  const { content, message, choices, output, generations } = body;
  const candidates = listOf(body.candidates).flatMap((candidate) =>
    isObject(candidate) ? (candidate.content ?? candidate.message ?? []) : [],
  );
  if (Array.isArray(choices)) return scope.messages(choices, "assistant");
  if (candidates.length > 0) return scope.messages(candidates, "assistant");
  if (Array.isArray(output)) return scope.messages(output, "assistant");
  if (Array.isArray(generations)) return scope.messages(generations.flatMap(generated), "assistant");
  if (isObject(content)) return scope.messages(content, "assistant");
  if ("role" in body) return scope.messages(body, "assistant");
  if (message !== undefined) return scope.messages(message, "assistant");
  const text = content ?? body.text ?? output;
  return text === undefined ? undefined : scope.messages(text, "assistant");
}

/** LangChain: one list of generations per prompt, each with its message or only a text. */
function generated(batch: JsonValue): JsonValue[] {
  return listOf(batch).flatMap((generation) =>
    isObject(generation) ? [generation.message ?? generation.text ?? null] : [],
  );
}

function finishIn(body: JsonObject): JsonValue | undefined {
  const [choice] = [...listOf(body.choices), ...listOf(body.candidates)];
  for (const holder of [body, choice]) {
    if (!isObject(holder)) continue;
    const reason = textAt(holder, "stop_reason", "finish_reason", "finishReason");
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}

/**
 * Token counts as providers give them, in our meaning. Anthropic counts cached input apart and Gemini its
 * thoughts; all others include both.
 */
function readBodyUsage(value: JsonValue | undefined): Pick<SpanFields, "usage" | "tokensAdjusted"> {
  const body = objectOf(value);
  const input = objectOf(body.prompt_tokens_details ?? body.input_tokens_details);
  const output = objectOf(body.completion_tokens_details ?? body.output_tokens_details);
  const from = new AttributeReader({
    ...body,
    cachedInput: input.cached_tokens ?? null,
    reasoningOutput: output.reasoning_tokens ?? null,
  });
  const thoughts = from.count("thoughtsTokenCount", "thoughts_token_count");
  const counts = {
    inputTokens: from.count("input_tokens", "prompt_tokens", "promptTokenCount", "prompt_token_count"),
    outputTokens: from.count(
      "output_tokens",
      "completion_tokens",
      "candidatesTokenCount",
      "candidates_token_count",
    ),
    cacheReadTokens: from.count(
      "cachedInput",
      "cache_read_input_tokens",
      "cachedContentTokenCount",
      "cached_content_token_count",
    ),
    cacheWriteTokens: from.count("cache_creation_input_tokens"),
    reasoningTokens: from.count("reasoningOutput") ?? thoughts,
  };
  // Gateways that speak OpenAI's names (`prompt_tokens`) count the cache in, Anthropic itself does not.
  const isApart =
    "input_tokens" in body && ("cache_read_input_tokens" in body || "cache_creation_input_tokens" in body);
  return isApart ? withCache(counts) : whole(counts, 0, thoughts ?? 0);
}
