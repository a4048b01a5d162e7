import type { Judge } from "../core/judge.ts";
import { askChat } from "./openai-chat.ts";
import { askResponses } from "./openai-responses.ts";
import { judgeOf, type ProviderOptions } from "./provider-call.ts";
import { sdkFailure } from "./sdk-failure.ts";

type Sdk = typeof import("openai");

/** Options of {@link openai}. */
export interface OpenAiOptions extends ProviderOptions {
  /**
   * `responses`: OpenAI's own API, nothing stored there. `chat`: Chat Completions, which compatible servers speak.
   * Default: `chat` when a base URL is given, here or by `OPENAI_BASE_URL`, else `responses`.
   */
  readonly api?: "responses" | "chat";
}

/** A judge by OpenAI, or by any server that speaks its Chat Completions with a JSON schema. */
export function openai(options: OpenAiOptions): Judge {
  const baseURL = options.baseURL ?? ((options.env ?? process.env).OPENAI_BASE_URL || undefined);
  const api = options.api ?? (baseURL === undefined ? "responses" : "chat");
  let sdk: Sdk | undefined;
  return judgeOf(
    {
      id: "openai",
      title: "OpenAI",
      apiKeyEnv: "OPENAI_API_KEY",
      parameters: { api, baseURL },
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
        const ask = api === "chat" ? askChat : askResponses;
        return ask(client, question, options, setting);
      },
      failureOf: (error) => (sdk === undefined ? undefined : sdkFailure(sdk, error)),
    },
    options,
  );
}
