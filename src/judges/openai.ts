import type { OpenAI } from "openai";

import type { Judge, Question } from "../core/judge.ts";
import { LearnedFormat } from "./chat-format.ts";
import { askChat } from "./openai-chat.ts";
import { askDecisions } from "./openai-decisions.ts";
import { askResponses } from "./openai-responses.ts";
import type { ProviderReply } from "./provider-answer.ts";
import { type CallSetting, judgeOf, type ProviderOptions } from "./provider-call.ts";
import { sdkFailure } from "./sdk-failure.ts";

type Sdk = typeof import("openai");

/** Options of {@link openai}. */
export interface OpenAiOptions extends Omit<ProviderOptions, "effort"> {
  /**
   * `responses`: OpenAI's own API, nothing stored there. `chat`: Chat Completions, which compatible servers speak; one that knows no
   * JSON schema is asked without. `decisions`: a probability for each label in place of reasons, for a cheap first tier; beta.
   * Default: `chat` when a base URL is given, here or by `OPENAI_BASE_URL`, else `responses`.
   */
  readonly api?: "responses" | "chat" | "decisions";
  /** How much the model should reason. Default: the model's. Decisions know none. */
  readonly effort?: "none" | "low" | "medium" | "high";
  /**
   * With `responses` and `chat`: how probable each label was, by the log probabilities of its first token. Most models tell it only with
   * `effort: "none"`, and refuse the request otherwise. `decisions` always tells. Default false.
   */
  readonly probabilities?: boolean;
}

/** A judge by OpenAI, or by any server that speaks its Chat Completions. */
export function openai(options: OpenAiOptions): Judge {
  const baseURL = options.baseURL ?? ((options.env ?? process.env).OPENAI_BASE_URL || undefined);
  const api = options.api ?? (baseURL === undefined ? "responses" : "chat");
  const { effort, probabilities = false, ...shared } = options;
  let sdk: Sdk | undefined;
  const failureOf = (error: unknown) => (sdk === undefined ? undefined : sdkFailure(sdk, error));
  const format = new LearnedFormat();
  const ask = (client: OpenAI, question: Question, setting: CallSetting): Promise<ProviderReply> => {
    if (api === "responses") return askResponses(client, question, options, setting);
    if (api === "decisions") return askDecisions(client, question, options, setting);
    return format.use(
      (chosen) => askChat(client, question, { ...options, format: chosen }, setting),
      failureOf,
    );
  };
  return judgeOf(
    {
      id: "openai",
      title: "OpenAI",
      apiKeyEnv: "OPENAI_API_KEY",
      parameters: { api, baseURL, effort, ...(probabilities && { probabilities: "first token" }) },
      keepsPrompts: api === "responses",
      paysOutput: api !== "decisions",
      async call(question, setting) {
        // The SDK is loaded by the first question: whoever configures no judge never pays for it.
        sdk = await import("openai");
        const client = new sdk.OpenAI({
          apiKey: setting.apiKey,
          baseURL: baseURL ?? "https://api.openai.com/v1",
          // The queue decides when to try again; the SDK's own retries would hold the worker and may bill twice.
          maxRetries: 0,
          timeout: setting.timeoutMs,
          logLevel: "off",
        });
        return ask(client, question, setting);
      },
      failureOf,
    },
    shared,
  );
}
