import type { OpenAI } from "openai";

import type { Question } from "../core/judge.ts";
import { ANSWER_SCHEMA_NAME, answerJsonSchema } from "./answer-schema.ts";
import type { CallSetting, ProviderOptions, ProviderReply } from "./provider-call.ts";

type Response = OpenAI.Responses.Response;

/** Asks through the Responses API. `store: false`: traces are not ours to leave there for 30 days. */
export async function askResponses(
  client: OpenAI,
  question: Question,
  options: ProviderOptions,
  setting: CallSetting,
): Promise<ProviderReply> {
  const response = await client.responses.create(
    {
      model: options.model,
      instructions: question.instructions,
      input: question.content,
      store: false,
      max_output_tokens: setting.maxOutputTokens,
      text: {
        format: {
          type: "json_schema",
          name: ANSWER_SCHEMA_NAME,
          strict: true,
          schema: answerJsonSchema(question.labels),
        },
      },
      ...(options.effort && { reasoning: { effort: options.effort } }),
    },
    { signal: setting.signal },
  );
  return { outcome: outcomeOf(response), model: response.model, usage: usageOf(response) };
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

function usageOf({ usage }: Response): ProviderReply["usage"] {
  if (!usage) return {};
  return {
    inputTokens: usage.input_tokens,
    outputTokens: usage.output_tokens,
    cacheReadTokens: usage.input_tokens_details?.cached_tokens ?? 0,
    cacheWriteTokens: usage.input_tokens_details?.cache_write_tokens ?? 0,
    reasoningTokens: usage.output_tokens_details?.reasoning_tokens ?? 0,
  };
}
