import { contentHash } from "../core/ids.ts";
import { stableJson } from "../core/json.ts";
import type { Judge, Question } from "../core/judge.ts";
import { ANSWER_SCHEMA_NAME } from "./answer-schema.ts";
import type { CallFailure } from "./no-answer.ts";
import { type CallSetting, providerAccess } from "./provider-access.ts";
import { answerOf, type ProviderReply } from "./provider-answer.ts";
import { batchesOf, type ProviderBatches } from "./provider-batches.ts";
import { maxOutputOf, type RequestSetting } from "./request-setting.ts";
import { sharingRecords } from "./share-records.ts";
import { type WhoAnswers, whoAnswers } from "./who-answers.ts";

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
  /** Of its own servers, e.g. `openai.com`. */
  readonly domain: string;
  readonly apiKeyEnv: string;
  /** What else changes answers: API, base URL. */
  readonly parameters: { readonly [name: string]: string | undefined };
  /** Whether it is told what to keep of a prompt, at a price; see {@link sharingRecords}. */
  readonly keepsPrompts: boolean;
  /** Whether it bills what the model writes. Default true. */
  readonly paysOutput?: boolean;
  /** One call. Throws what its SDK throws. */
  call(question: Question, request: RequestSetting, setting: CallSetting): Promise<ProviderReply>;
  /** Absent: it has none. */
  readonly batches?: ProviderBatches;
  /** Tells the SDK's exceptions apart; undefined for what no provider did. */
  failureOf(error: unknown): CallFailure | undefined;
}

const MAX_OUTPUT_TOKENS = 8_000;

const TIMEOUT_MS = 90_000;

/** At the least, ms: what goes up and down is as large as all questions of a batch together. */
const BATCH_TIMEOUT_MS = 300_000;

/** Makes a judge of a provider: the key, the schema, usage and cost, and one word for each way to fail. */
export function judgeOf(provider: Provider, options: ProviderOptions): Judge {
  const { maxOutputTokens = MAX_OUTPUT_TOKENS, model, effort, fallback } = options;
  const apiKeyEnv = options.apiKeyEnv ?? provider.apiKeyEnv;
  const ask = askOf(provider, options, apiKeyEnv);
  const batches = judgeBatchesOf(provider, options, apiKeyEnv);
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
    ...(batches && { batches }),
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

function whoOf({ title, domain, parameters: { baseURL } }: Provider): WhoAnswers {
  return whoAnswers(title, domain, baseURL);
}

/** One call, and every way in which it can end. */
function askOf(provider: Provider, options: ProviderOptions, apiKeyEnv: string): Judge["ask"] {
  const { timeoutMs = TIMEOUT_MS, maxOutputTokens = MAX_OUTPUT_TOKENS, model, env } = options;
  const { failureOf } = provider;
  const who = whoOf(provider);
  const { title } = who;
  const access = providerAccess({ who, apiKeyEnv, env, timeoutMs, failureOf });
  return (question, signal) =>
    access.call(signal, async (setting) => {
      const maxOutput = maxOutputOf(question, maxOutputTokens);
      const request = { maxOutputTokens: maxOutput, keepsInstructions: true };
      return answerOf(await provider.call(question, request, setting), question, { title, model });
    });
}

function judgeBatchesOf(provider: Provider, options: ProviderOptions, apiKeyEnv: string): Judge["batches"] {
  const { batches, failureOf } = provider;
  if (batches === undefined) return undefined;
  const { maxOutputTokens = MAX_OUTPUT_TOKENS, model, env } = options;
  const timeoutMs = Math.max(options.timeoutMs ?? 0, BATCH_TIMEOUT_MS);
  const who = whoOf(provider);
  const { title } = who;
  const access = providerAccess({ who, apiKeyEnv, env, timeoutMs, failureOf });
  return batchesOf(batches, { title, model, maxOutputTokens, apiKeyEnv, access, failureOf });
}
