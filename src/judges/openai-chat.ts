import type { OpenAI } from "openai";

import type { Question } from "../core/judge.ts";
import { ANSWER_SCHEMA_NAME, answerJsonSchema } from "./answer-schema.ts";
import type { CallSetting, ProviderOptions, ProviderReply } from "./provider-call.ts";

type Completion = OpenAI.Chat.Completions.ChatCompletion;

/** Asks through Chat Completions: OpenAI's older API, and that of vLLM, Ollama and most gateways. */
export async function askChat(
  client: OpenAI,
  question: Question,
  options: ProviderOptions,
  setting: CallSetting,
): Promise<ProviderReply> {
  const completion = await client.chat.completions.create(
    {
      model: options.model,
      messages: [
        { role: "system", content: question.instructions },
        { role: "user", content: question.content },
      ],
      max_completion_tokens: setting.maxOutputTokens,
      response_format: {
        type: "json_schema",
        json_schema: { name: ANSWER_SCHEMA_NAME, strict: true, schema: answerJsonSchema(question.labels) },
      },
      ...(options.effort && { reasoning_effort: options.effort }),
    },
    { signal: setting.signal },
  );
  return { outcome: outcomeOf(completion), model: completion.model, usage: usageOf(completion) };
}

function outcomeOf(completion: Completion): ProviderReply["outcome"] {
  // Compatible servers leave out what the types promise, so every step down is asked for.
  const choice = completion.choices?.[0];
  if (choice === undefined) return { kind: "failed", reason: "the reply has no choices" };
  if (choice.message?.refusal) return { kind: "refused", reason: choice.message.refusal };
  if (choice.finish_reason === "content_filter") return { kind: "refused", reason: "content filter" };
  if (choice.finish_reason === "length") return { kind: "cut", reason: "length" };
  return { kind: "text", text: choice.message?.content ?? "" };
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
