import type { OpenAI } from "openai";

import type { Judge } from "../core/judge.ts";
import { LearnedFormat } from "./chat-format.ts";
import { type OpenAiBatchApi, openaiBatches } from "./openai-batches.ts";
import { askChat, chatBody, readCompletion } from "./openai-chat.ts";
import { askDecisions } from "./openai-decisions.ts";
import { askResponses, readResponse, responsesBody } from "./openai-responses.ts";
import type { CallSetting } from "./provider-access.ts";
import type { ProviderBatches } from "./provider-batches.ts";
import { judgeOf, type ProviderOptions } from "./provider-call.ts";
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
  const clientOf = async ({ apiKey, timeoutMs }: CallSetting): Promise<OpenAI> => {
    // The SDK is loaded by the first question: whoever configures no judge never pays for it.
    sdk = await import("openai");
    return new sdk.OpenAI({
      apiKey,
      baseURL: baseURL ?? "https://api.openai.com/v1",
      // The queue decides when to try again; the SDK's own retries would hold the worker and may bill twice.
      maxRetries: 0,
      timeout: timeoutMs,
      logLevel: "off",
    });
  };
  const failureOf = (error: unknown) => (sdk === undefined ? undefined : sdkFailure(sdk, error));
  const format = new LearnedFormat();
  const batches = batchesFor(api, options, { clientOf, failureOf, format });
  return judgeOf(
    {
      id: "openai",
      title: "OpenAI",
      domain: "openai.com",
      apiKeyEnv: "OPENAI_API_KEY",
      parameters: { api, baseURL, effort, ...(probabilities && { probabilities: "first token" }) },
      keepsPrompts: api === "responses",
      paysOutput: api !== "decisions",
      async call(question, request, setting) {
        const client = await clientOf(setting);
        const { signal } = setting;
        if (api === "responses") return askResponses(client, question, options, request, signal);
        if (api === "decisions") return askDecisions(client, question, options, signal);
        return format.use(
          (chosen) => askChat(client, question, { ...options, format: chosen }, request, signal),
          failureOf,
        );
      },
      ...(batches && { batches }),
      failureOf,
    },
    shared,
  );
}

/** Batches are made of Responses and of Chat Completions; Decisions know none. */
function batchesFor(
  api: NonNullable<OpenAiOptions["api"]>,
  options: OpenAiOptions,
  {
    format,
    ...shared
  }: Pick<OpenAiBatchApi<never>, "clientOf" | "failureOf"> & { readonly format: LearnedFormat },
): ProviderBatches | undefined {
  if (api === "decisions") return undefined;
  if (api === "responses") {
    return openaiBatches<OpenAI.Responses.Response>({
      ...shared,
      endpoint: "/v1/responses",
      body: (question, request) => responsesBody(question, options, request),
      read: (body, question) => readResponse(body, question, options),
    });
  }
  return openaiBatches<OpenAI.Chat.Completions.ChatCompletion>({
    ...shared,
    endpoint: "/v1/chat/completions",
    body: (question, request) => chatBody(question, { ...options, format: format.best }, request),
    read: (body, question) => readCompletion(body, question, options),
  });
}
