import type { OpenAI } from "openai";

import { contentHash } from "../core/ids.ts";
import type { Question } from "../core/judge.ts";
import { ANSWER_SCHEMA_NAME, answerJsonSchema } from "./answer-schema.ts";
import { labelProbabilities, type TokenChoice } from "./label-probabilities.ts";
import type { ProviderReply } from "./provider-answer.ts";
import { type QuestionTurn, turnsOf } from "./question-turns.ts";
import type { RequestSetting } from "./request-setting.ts";

type Response = OpenAI.Responses.Response;

/** What a judge by Responses is told of its questions. */
export interface ResponsesOptions {
  readonly model: string;
  readonly effort?: "none" | "low" | "medium" | "high";
  readonly probabilities?: boolean;
}

/** Asks through the Responses API. */
export async function askResponses(
  client: OpenAI,
  question: Question,
  options: ResponsesOptions,
  request: RequestSetting,
  signal: AbortSignal,
): Promise<ProviderReply> {
  const body = responsesBody(question, options, request);
  const { data, response } = await client.responses.create(body, { signal }).withResponse();
  return { ...readResponse(data, question, options), headers: response.headers };
}

/** The body of one request. `store: false`: traces are not ours to leave there for 30 days. */
export function responsesBody(
  question: Question,
  { model, effort, probabilities = false }: ResponsesOptions,
  { maxOutputTokens, keepsInstructions }: RequestSetting,
): OpenAI.Responses.ResponseCreateParamsNonStreaming {
  const keeps = keepsMarkedPrompts(model);
  return {
    model,
    input: [
      { role: "system", content: textParts([question.instructions], keeps && keepsInstructions && KEPT) },
      ...turnsOf(question).map((turn) => inputOf(turn, keeps)),
    ],
    store: false,
    max_output_tokens: maxOutputTokens,
    text: {
      format: {
        type: "json_schema",
        name: ANSWER_SCHEMA_NAME,
        strict: true,
        schema: answerJsonSchema(question.labels),
      },
    },
    prompt_cache_key: cacheKeyOf(question),
    ...(keeps && { prompt_cache_options: { mode: "explicit" } }),
    ...(effort && { reasoning: { effort } }),
    ...(probabilities && { top_logprobs: 20, include: ["message.output_text.logprobs"] }),
  };
}

/** What the body of a response says. */
export function readResponse(
  response: Response,
  { labels }: Question,
  { probabilities = false }: ResponsesOptions,
): ProviderReply {
  const told = probabilities && labelProbabilities(tokensOf(response), labels);
  return {
    outcome: outcomeOf(response),
    model: response.model,
    usage: responseUsage(response.usage),
    ...(told && { probabilities: told }),
  };
}

/** What equal beginnings are kept under, so that they meet on the same machine of the provider. */
export function cacheKeyOf({ instructions, content, sharedLength = 0 }: Question): string {
  return `tracegate-${contentHash([instructions, content.slice(0, sharedLength)])}`;
}

/**
 * From gpt-5.6 on, what is kept costs a quarter more than what is not, so only what other calls will read again is marked,
 * and nothing is kept unasked. Earlier models keep every beginning for nothing, and know no marks.
 */
export function keepsMarkedPrompts(model: string): boolean {
  const [, major = "0", minor = "0"] = /^gpt-(\d+)(?:\.(\d+))?/.exec(model) ?? [];
  return Number(major) > 5 || (Number(major) === 5 && Number(minor) >= 6);
}

const KEPT = { mode: "explicit" } as const;

function textParts(parts: readonly string[], lastKept: typeof KEPT | false) {
  return parts.map((text) => ({
    type: "input_text" as const,
    text,
    ...(lastKept && { prompt_cache_breakpoint: lastKept }),
  }));
}

/** A part that others share is marked; the last part is nobody else's. */
function inputOf({ role, parts }: QuestionTurn, keeps: boolean): OpenAI.Responses.EasyInputMessage {
  if (role === "assistant") return { role, content: parts.join("") };
  const shared = textParts(parts.slice(0, -1), keeps && KEPT);
  return { role, content: [...shared, ...textParts(parts.slice(-1), false)] };
}

function tokensOf({ output }: Response): readonly TokenChoice[] {
  const parts = output.flatMap((item) => (item.type === "message" ? item.content : []));
  return parts.flatMap((part) => (part.type === "output_text" ? (part.logprobs ?? []) : []));
}

function outcomeOf(response: Response): ProviderReply["outcome"] {
  if (response.status === "failed") {
    return { kind: "failed", reason: response.error?.message ?? "no reason given" };
  }
  const parts = response.output.flatMap((item) => (item.type === "message" ? item.content : []));
  const refusal = parts.find((part) => part.type === "refusal");
  if (refusal !== undefined) return { kind: "refused", reason: refusal.refusal };
  if (response.status === "incomplete") {
    const reason = response.incomplete_details?.reason ?? "no reason given";
    return { kind: reason === "content_filter" ? "refused" : "cut", reason };
  }
  return { kind: "text", text: parts.map((part) => (part.type === "output_text" ? part.text : "")).join("") };
}

/** Usage as Responses and Decisions tell it; compatible servers leave out what the types promise. */
export function responseUsage(usage: OpenAI.Responses.ResponseUsage | undefined): ProviderReply["usage"] {
  if (!usage) return {};
  return {
    inputTokens: usage.input_tokens,
    outputTokens: usage.output_tokens,
    cacheReadTokens: usage.input_tokens_details?.cached_tokens ?? 0,
    cacheWriteTokens: usage.input_tokens_details?.cache_write_tokens ?? 0,
    reasoningTokens: usage.output_tokens_details?.reasoning_tokens ?? 0,
  };
}
