import type { OpenAI } from "openai";

import type { Question } from "../core/judge.ts";
import { ANSWER_SCHEMA_NAME, answerJsonSchema } from "./answer-schema.ts";
import { jsonIn } from "./json-in.ts";
import { labelProbabilities } from "./label-probabilities.ts";
import type { ProviderReply } from "./provider-answer.ts";
import { turnsOf } from "./question-turns.ts";
import type { RequestSetting } from "./request-setting.ts";

type Completion = OpenAI.Chat.Completions.ChatCompletion;

/** How the answer's shape is asked for, from strict to not at all; see {@link ChatOptions}. */
export const CHAT_FORMATS = ["json_schema", "json_object", "text"] as const;

/** One of {@link CHAT_FORMATS}. */
export type ChatFormat = (typeof CHAT_FORMATS)[number];

/** What a judge by Chat Completions is told of its questions. */
export interface ChatOptions {
  readonly model: string;
  readonly effort?: "none" | "low" | "medium" | "high";
  /** How the answer's shape is asked for. Only `json_schema` is held by the server; below it, the schema stands in the prompt. */
  readonly format: ChatFormat;
  readonly probabilities?: boolean;
}

/** Asks through Chat Completions: OpenAI's older API, and that of vLLM, Ollama and most gateways. */
export async function askChat(
  client: OpenAI,
  question: Question,
  options: ChatOptions,
  request: RequestSetting,
  signal: AbortSignal,
): Promise<ProviderReply> {
  const body = chatBody(question, options, request);
  const { data, response } = await client.chat.completions.create(body, { signal }).withResponse();
  return { ...readCompletion(data, question, options), headers: response.headers };
}

/** The body of one request. */
export function chatBody(
  question: Question,
  { model, effort, format, probabilities = false }: ChatOptions,
  { maxOutputTokens }: RequestSetting,
): OpenAI.Chat.Completions.ChatCompletionCreateParamsNonStreaming {
  const schema = answerJsonSchema(question.labels);
  return {
    model,
    messages: [
      {
        role: "system",
        content: question.instructions + (format === "json_schema" ? "" : asked(schema)),
      },
      // One text each: not all compatible servers take a list of parts.
      ...turnsOf(question).map(({ role, parts }) => ({ role, content: parts.join("") })),
    ],
    max_completion_tokens: maxOutputTokens,
    ...(format === "json_schema" && {
      response_format: {
        type: format,
        json_schema: { name: ANSWER_SCHEMA_NAME, strict: true, schema },
      },
    }),
    ...(format === "json_object" && { response_format: { type: format } }),
    ...(effort && { reasoning_effort: effort }),
    ...(probabilities && { logprobs: true, top_logprobs: 20 }),
  };
}

/** What the body of a completion says. */
export function readCompletion(
  completion: Completion,
  { labels }: Question,
  { probabilities = false }: Pick<ChatOptions, "probabilities">,
): ProviderReply {
  const tokens = completion.choices?.[0]?.logprobs?.content ?? undefined;
  const told = probabilities && labelProbabilities(tokens, labels);
  return {
    outcome: outcomeOf(completion),
    model: completion.model,
    usage: usageOf(completion),
    ...(told && { probabilities: told }),
  };
}

function asked(schema: object): string {
  return `\n\nAnswer with one JSON object that follows this JSON Schema, and nothing else:\n${JSON.stringify(schema)}`;
}

function outcomeOf(completion: Completion): ProviderReply["outcome"] {
  // Compatible servers leave out what the types promise, so every step down is asked for.
  const choice = completion.choices?.[0];
  if (choice === undefined) return { kind: "failed", reason: "the reply has no choices" };
  if (choice.message?.refusal) return { kind: "refused", reason: choice.message.refusal };
  if (choice.finish_reason === "content_filter") return { kind: "refused", reason: "content filter" };
  if (choice.finish_reason === "length") return { kind: "cut", reason: "length" };
  // Some servers take a schema and ignore it.
  return { kind: "text", text: jsonIn(choice.message?.content ?? "") };
}

function usageOf({ usage }: Completion): ProviderReply["usage"] {
  if (!usage) return {};
  return {
    inputTokens: usage.prompt_tokens,
    outputTokens: usage.completion_tokens,
    cacheReadTokens: usage.prompt_tokens_details?.cached_tokens ?? 0,
    cacheWriteTokens: usage.prompt_tokens_details?.cache_write_tokens ?? 0,
    reasoningTokens: usage.completion_tokens_details?.reasoning_tokens ?? 0,
  };
}
