import { systemClock } from "../core/clock.ts";
import { stableJson } from "../core/json.ts";
import type { Answer, Judge, NoAnswer, Question } from "../core/judge.ts";
import { costOf } from "../core/prices.ts";
import type { Usage } from "../core/trace.ts";
import { ANSWER_SCHEMA_NAME, readAnswer } from "./answer-schema.ts";
import { type CallFailure, noAnswerFor } from "./no-answer.ts";

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
  /** Tokens the judge may write, its reasoning included. Default 8,000. */
  readonly maxOutputTokens?: number;
  /** How much the model should reason, in the provider's own words. Default: the model's. */
  readonly effort?: "low" | "medium" | "high";
}

/** What came back over the wire, before it is an answer: the outcome, and what was paid for it. */
export interface ProviderReply {
  readonly outcome:
    | { readonly kind: "text"; readonly text: string }
    | { readonly kind: "refused"; readonly reason: string }
    | { readonly kind: "cut"; readonly reason: string }
    | { readonly kind: "failed"; readonly reason: string };
  readonly model: string;
  readonly usage: Usage;
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

/** Makes a judge of a provider: the key, the schema, usage and cost, and one word for each way to fail. */
export function judgeOf(provider: Provider, options: ProviderOptions): Judge {
  const { timeoutMs = 90_000, maxOutputTokens = 8_000 } = options;
  const apiKeyEnv = options.apiKeyEnv ?? provider.apiKeyEnv;
  const { model, effort } = options;
  return {
    provider: provider.id,
    model,
    identity: stableJson({
      provider: provider.id,
      model,
      effort,
      maxOutputTokens,
      schema: ANSWER_SCHEMA_NAME,
      ...provider.parameters,
    }),
    async ask(question, signal) {
      const apiKey = (options.env ?? process.env)[apiKeyEnv] ?? "";
      if (apiKey === "") {
        const reason = `No key for ${provider.title}: set the environment variable ${apiKeyEnv}.`;
        return { unscored: { code: "no-key" }, reason };
      }
      const failed = (failure: CallFailure): NoAnswer =>
        noAnswerFor(failure, {
          provider: provider.title,
          apiKeyEnv,
          apiKey,
          timeoutMs,
          now: systemClock.now(),
        });
      if (signal.aborted) return failed({ kind: "aborted" });
      try {
        const reply = await provider.call(question, { apiKey, timeoutMs, maxOutputTokens, signal });
        return answerOf(reply, question, provider.title, model);
      } catch (error) {
        const failure = signal.aborted ? ({ kind: "aborted" } as const) : provider.failureOf(error);
        if (failure === undefined) throw error;
        return failed(failure);
      }
    },
  };
}

function answerOf(
  reply: ProviderReply,
  question: Question,
  title: string,
  requested: string,
): Answer | NoAnswer {
  // A gateway may answer under a name of its own; then the model that was asked for decides the price.
  const cost = costOf(reply.model, reply.usage) ?? costOf(requested, reply.usage);
  const paid = { usage: reply.usage, ...(cost !== undefined && { cost }) };
  const { outcome } = reply;
  switch (outcome.kind) {
    case "refused":
      return { unscored: { code: "refused" }, reason: `${title} refused: ${outcome.reason}`, ...paid };
    case "cut":
      return {
        unscored: { code: "cut" },
        reason: `${title} stopped before the answer was complete (${outcome.reason}). Raise maxOutputTokens of the judge, or lower its effort.`,
        ...paid,
      };
    case "failed": {
      const retryAt = systemClock.now() + 60_000;
      return {
        unscored: { code: "provider-down", retryAt },
        reason: `${title} failed: ${outcome.reason}`,
        ...paid,
      };
    }
    case "text": {
      const written = readAnswer(outcome.text, question.labels);
      if (typeof written !== "string") return { ...written, model: reply.model, ...paid };
      return {
        unscored: { code: "schema-broken" },
        reason: `${title} broke the schema of the answer: ${written}.`,
        ...paid,
      };
    }
  }
}
