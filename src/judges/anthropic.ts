import type { Anthropic } from "@anthropic-ai/sdk";

import type { Judge, Question } from "../core/judge.ts";
import type { Usage } from "../core/trace.ts";
import { answerJsonSchema } from "./answer-schema.ts";
import { anthropicBatches } from "./anthropic-batches.ts";
import type { CallSetting } from "./provider-access.ts";
import type { ProviderReply } from "./provider-answer.ts";
import { judgeOf, type ProviderOptions } from "./provider-call.ts";
import { type QuestionTurn, turnsOf } from "./question-turns.ts";
import type { RequestSetting } from "./request-setting.ts";
import { sdkFailure } from "./sdk-failure.ts";

type Sdk = typeof import("@anthropic-ai/sdk");

/** A judge by Anthropic, through Messages with a JSON schema. */
export function anthropic(options: ProviderOptions): Judge {
  const baseURL = options.baseURL ?? ((options.env ?? process.env).ANTHROPIC_BASE_URL || undefined);
  let sdk: Sdk | undefined;
  const clientOf = async ({ apiKey, timeoutMs }: CallSetting): Promise<Anthropic> => {
    sdk = await import("@anthropic-ai/sdk");
    return new sdk.Anthropic({
      apiKey,
      authToken: null,
      baseURL: baseURL ?? "https://api.anthropic.com",
      maxRetries: 0,
      timeout: timeoutMs,
      logLevel: "off",
      // This SDK makes spans of its own calls. Those of a judge would come back to be judged.
      openTelemetry: false,
    });
  };
  return judgeOf(
    {
      id: "anthropic",
      title: "Anthropic",
      domain: "anthropic.com",
      apiKeyEnv: "ANTHROPIC_API_KEY",
      parameters: { baseURL },
      keepsPrompts: true,
      call: async (question, request, setting) =>
        askMessages(await clientOf(setting), question, options, request, setting.signal),
      batches: anthropicBatches({
        clientOf,
        body: (question, request) => messagesBody(question, options, request),
        read: readMessage,
      }),
      failureOf: (error) => (sdk === undefined ? undefined : sdkFailure(sdk, error)),
    },
    options,
  );
}

async function askMessages(
  client: Anthropic,
  question: Question,
  options: ProviderOptions,
  request: RequestSetting,
  signal: AbortSignal,
): Promise<ProviderReply> {
  const body = messagesBody(question, options, request);
  const { data, response } = await client.messages.create(body, { signal }).withResponse();
  return { ...readMessage(data), headers: response.headers };
}

function messagesBody(
  question: Question,
  { model, effort }: ProviderOptions,
  { maxOutputTokens, keepsInstructions, keepsFor }: RequestSetting,
): Anthropic.MessageCreateParamsNonStreaming {
  const kept: Anthropic.CacheControlEphemeral = { type: "ephemeral", ...(keepsFor && { ttl: keepsFor }) };
  const instructions = { type: "text" as const, text: question.instructions };
  return {
    model,
    max_tokens: maxOutputTokens,
    system: [{ ...instructions, ...(keepsInstructions && { cache_control: kept }) }],
    messages: turnsOf(question).map((turn) => messageOf(turn, kept)),
    output_config: {
      format: { type: "json_schema", schema: answerJsonSchema(question.labels) },
      ...(effort && { effort }),
    },
  };
}

/**
 * A part that others share is marked; the last part is nobody else's. Up to a mark the prompt is kept for five minutes or an hour, to be read
 * again at a tenth of the price. What is shorter than the model's minimum (1,024 tokens and more) is neither kept nor charged for.
 */
function messageOf(
  { role, parts }: QuestionTurn,
  kept: Anthropic.CacheControlEphemeral,
): Anthropic.MessageParam {
  const content = parts.map((text, index) => ({
    type: "text" as const,
    text,
    ...(index < parts.length - 1 && { cache_control: kept }),
  }));
  return { role, content };
}

function readMessage(message: Anthropic.Message): ProviderReply {
  const usage = usageOf(message.usage);
  const hourTokens = message.usage?.cache_creation?.ephemeral_1h_input_tokens ?? 0;
  return {
    outcome: outcomeOf(message),
    model: message.model,
    usage,
    ...(hourTokens > 0 && { billed: billedFor(usage, hourTokens) }),
  };
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

/** Keeping for an hour costs twice what reading costs, where prices of keeping are those of five minutes: one token is billed as two. */
function billedFor(usage: Usage, hourTokens: number): Usage {
  const { inputTokens = 0, cacheWriteTokens = 0 } = usage;
  return {
    ...usage,
    inputTokens: inputTokens + hourTokens,
    cacheWriteTokens: Math.max(0, cacheWriteTokens - hourTokens),
  };
}
