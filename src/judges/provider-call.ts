import { systemClock } from "../core/clock.ts";
import { contentHash } from "../core/ids.ts";
import { stableJson } from "../core/json.ts";
import type { Judge, NoAnswer, Question } from "../core/judge.ts";
import { ANSWER_SCHEMA_NAME } from "./answer-schema.ts";
import { type CallFailure, noAnswerFor } from "./no-answer.ts";
import { answerOf, type ProviderReply } from "./provider-answer.ts";
import { sharingRecords } from "./share-records.ts";
import { untraced } from "./untraced.ts";

/** Options that all providers share. */
export interface ProviderOptions {
  /** Model as the provider names it. */
  readonly model: string;
  /** Where the API is served. Default: the provider's own address. */
  readonly baseURL?: string;
  /** Environment variable that holds the key. It is read when the judge is first asked. */
  readonly apiKeyEnv?: string;
  /** Environment to read. Default: that of the process. */
  readonly env?: { readonly [name: string]: string | undefined };
  /** One call may take so long, ms. Default 90,000. */
  readonly timeoutMs?: number;
  /** Tokens the judge may write, its reasoning included. Default 8,000; an answer that was cut is asked for once more with twice as many. */
  readonly maxOutputTokens?: number;
  /** How much the model should reason, in the provider's own words. Default: the model's. */
  readonly effort?: "low" | "medium" | "high";
  /** Asked once where this judge refuses; best of another family. */
  readonly fallback?: Judge;
}

/** What a provider is, besides the options of the user. */
export interface Provider {
  /** E.g. `openai`. */
  readonly id: string;
  /** E.g. `OpenAI`, for sentences. */
  readonly title: string;
  readonly apiKeyEnv: string;
  /** What else changes answers: API, base URL. */
  readonly parameters: { readonly [name: string]: string | undefined };
  /** Whether it is told what to keep of a prompt, at a price; see {@link sharingRecords}. */
  readonly keepsPrompts: boolean;
  /** Whether it bills what the model writes. Default true. */
  readonly paysOutput?: boolean;
  /** One call. Throws what its SDK throws. */
  call(question: Question, setting: CallSetting): Promise<ProviderReply>;
  /** Tells the SDK's exceptions apart; undefined for what no provider did. */
  failureOf(error: unknown): CallFailure | undefined;
}

/** What one call is given. */
export interface CallSetting {
  readonly apiKey: string;
  readonly timeoutMs: number;
  readonly maxOutputTokens: number;
  readonly signal: AbortSignal;
}

const MAX_OUTPUT_TOKENS = 8_000;

/** Makes a judge of a provider: the key, the schema, usage and cost, and one word for each way to fail. */
export function judgeOf(provider: Provider, options: ProviderOptions): Judge {
  const { maxOutputTokens = MAX_OUTPUT_TOKENS, model, effort, fallback } = options;
  const apiKeyEnv = options.apiKeyEnv ?? provider.apiKeyEnv;
  const ask = askOf(provider, options, apiKeyEnv);
  return {
    provider: provider.id,
    model,
    identity: stableJson({
      provider: provider.id,
      model,
      effort,
      maxOutputTokens,
      schema: ANSWER_SCHEMA_NAME,
      // Some of the answers are then its.
      fallback: fallback?.identity,
      ...provider.parameters,
    }),
    terms: { sharesRecords: provider.keepsPrompts, paysOutput: provider.paysOutput ?? true },
    ...(fallback && { fallback }),
    get lane() {
      const apiKey = (options.env ?? process.env)[apiKeyEnv] ?? "";
      // A short hash: it tells keys apart and gives none away.
      const key = contentHash([provider.parameters.baseURL, apiKey], 8);
      return `${provider.id} ${model} ${key}`;
    },
    ask: provider.keepsPrompts ? sharingRecords(ask) : ask,
  };
}

/** One call, and every way in which it can end. */
function askOf(provider: Provider, options: ProviderOptions, apiKeyEnv: string): Judge["ask"] {
  const { timeoutMs = 90_000, maxOutputTokens = MAX_OUTPUT_TOKENS, model } = options;
  const { title } = provider;
  return async (question, signal) => {
    const apiKey = (options.env ?? process.env)[apiKeyEnv] ?? "";
    if (apiKey === "") {
      const reason = `No key for ${title}: set the environment variable ${apiKeyEnv}.`;
      return { unscored: { code: "no-key" }, reason };
    }
    const failed = (failure: CallFailure): NoAnswer =>
      noAnswerFor(failure, { provider: title, apiKeyEnv, apiKey, timeoutMs, now: systemClock.now() });
    if (signal.aborted) return failed({ kind: "aborted" });
    const factor = question.secondTry?.kind === "more-output" ? 2 : 1;
    const setting = { apiKey, timeoutMs, maxOutputTokens: factor * maxOutputTokens, signal };
    try {
      const reply = await untraced(() => provider.call(question, setting));
      return answerOf(reply, question, { title, model });
    } catch (error) {
      const failure = signal.aborted ? ({ kind: "aborted" } as const) : provider.failureOf(error);
      if (failure === undefined) throw error;
      return failed(failure);
    }
  };
}
