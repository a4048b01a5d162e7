import type { Anthropic } from "@anthropic-ai/sdk";

import type { Judge, Question } from "../core/judge.ts";
import { answerJsonSchema } from "./answer-schema.ts";
import type { ProviderReply } from "./provider-answer.ts";
import { type CallSetting, judgeOf, type ProviderOptions } from "./provider-call.ts";
import { type QuestionTurn, turnsOf } from "./question-turns.ts";
import { sdkFailure } from "./sdk-failure.ts";

type Sdk = typeof import("@anthropic-ai/sdk");

/** A judge by Anthropic, through Messages with a JSON schema. */
export function anthropic(options: ProviderOptions): Judge {
  const baseURL = options.baseURL ?? ((options.env ?? process.env).ANTHROPIC_BASE_URL || undefined);
  let sdk: Sdk | undefined;
  return judgeOf(
    {
      id: "anthropic",
      title: "Anthropic",
      apiKeyEnv: "ANTHROPIC_API_KEY",
      parameters: { baseURL },
      keepsPrompts: true,
      async call(question, setting) {
        sdk = await import("@anthropic-ai/sdk");
        const client = new sdk.Anthropic({
          apiKey: setting.apiKey,
          authToken: null,
          baseURL: baseURL ?? "https://api.anthropic.com",
          maxRetries: 0,
          timeout: setting.timeoutMs,
          logLevel: "off",
          // This SDK makes spans of its own calls. Those of a judge would come back to be judged.
          openTelemetry: false,
        });
        return askMessages(client, question, options, setting);
      },
      failureOf: (error) => (sdk === undefined ? undefined : sdkFailure(sdk, error)),
    },
    options,
  );
}

async function askMessages(
  client: Anthropic,
  question: Question,
  options: ProviderOptions,
  setting: CallSetting,
): Promise<ProviderReply> {
  const { data, response } = await client.messages
    .create(
      {
        model: options.model,
        max_tokens: setting.maxOutputTokens,
        system: [{ type: "text", text: question.instructions, cache_control: KEPT }],
        messages: turnsOf(question).map(messageOf),
        output_config: {
          format: { type: "json_schema", schema: answerJsonSchema(question.labels) },
          ...(options.effort && { effort: options.effort }),
        },
      },
      { signal: setting.signal },
    )
    .withResponse();
  const { headers } = response;
  return { outcome: outcomeOf(data), model: data.model, usage: usageOf(data.usage), headers };
}

/**
 * Up to here the prompt is kept for five minutes, to be read again at a tenth of the price. What is shorter than the model's
 * minimum (1,024 tokens and more) is neither kept nor charged for.
 */
const KEPT = { type: "ephemeral" } as const;

/** A part that others share is marked; the last part is nobody else's. */
function messageOf({ role, parts }: QuestionTurn): Anthropic.MessageParam {
  const content = parts.map((text, index) => ({
    type: "text" as const,
    text,
    ...(index < parts.length - 1 && { cache_control: KEPT }),
  }));
  return { role, content };
}

function outcomeOf(message: Anthropic.Message): ProviderReply["outcome"] {
  switch (message.stop_reason) {
    case "refusal": {
      const details = message.stop_details;
      return { kind: "refused", reason: details?.explanation ?? details?.category ?? "no reason given" };
    }
    case "max_tokens":
    case "model_context_window_exceeded":
      return { kind: "cut", reason: message.stop_reason };
    default:
      return {
        kind: "text",
        text: message.content.map((block) => (block.type === "text" ? block.text : "")).join(""),
      };
  }
}

/** Anthropic counts the cached part of the input apart; ours is the whole. */
function usageOf(usage: Anthropic.Usage | undefined): ProviderReply["usage"] {
  if (!usage) return {};
  const cacheReadTokens = usage.cache_read_input_tokens ?? 0;
  const cacheWriteTokens = usage.cache_creation_input_tokens ?? 0;
  return {
    inputTokens: usage.input_tokens + cacheReadTokens + cacheWriteTokens,
    outputTokens: usage.output_tokens,
    cacheReadTokens,
    cacheWriteTokens,
    reasoningTokens: usage.output_tokens_details?.thinking_tokens ?? 0,
  };
}
