import type { NoAnswer } from "../core/judge.ts";
import { DEFAULT_WAIT, retryAtOf } from "./retry-at.ts";

/** How a call of a provider failed, told apart from its SDK's error classes. */
export type CallFailure =
  | { readonly kind: "aborted" }
  | { readonly kind: "timed-out" }
  | { readonly kind: "connection"; readonly message: string }
  | {
      readonly kind: "status";
      readonly status: number;
      readonly headers: Headers | undefined;
      /** The provider's own sentence. */
      readonly message: string;
    };

/** What a failure needs to become a sentence with advice in it. */
export interface FailureSetting {
  /** E.g. `OpenAI`. */
  readonly provider: string;
  readonly apiKeyEnv: string;
  /** Never shown; removed where a provider echoes it. */
  readonly apiKey: string;
  readonly timeoutMs: number;
  /** Unix ms. */
  readonly now: number;
}

/**
 * A failed call as the reason for which there is no answer. Rate limits, faults of the provider and timeouts
 * may be tried again and say when; everything else stays as it is until somebody changes something.
 */
export function noAnswerFor(failure: CallFailure, setting: FailureSetting): NoAnswer {
  const soon = setting.now + DEFAULT_WAIT;
  const { provider } = setting;
  switch (failure.kind) {
    case "aborted":
      return {
        unscored: { code: "timed-out", retryAt: soon },
        reason: `${provider} had not answered when the scorer was stopped.`,
      };
    case "timed-out":
      return {
        unscored: { code: "timed-out", retryAt: soon },
        reason: `${provider} did not answer within ${setting.timeoutMs / 1000} s.`,
      };
    case "connection":
      return {
        unscored: { code: "provider-down", retryAt: soon },
        reason: `${provider} could not be reached: ${withoutKey(failure.message, setting.apiKey)}`,
      };
    case "status":
      return statusAnswer(
        failure.status,
        withoutKey(failure.message, setting.apiKey),
        failure.headers,
        setting,
      );
  }
}

function statusAnswer(
  status: number,
  message: string,
  headers: Headers | undefined,
  { provider, apiKeyEnv, now }: FailureSetting,
): NoAnswer {
  const said = `${provider} said ${status}: ${message}`;
  if (status === 401 || status === 403) {
    return { unscored: { code: "no-key" }, reason: `${said} Check ${apiKeyEnv} and what its key may use.` };
  }
  if (status === 429) {
    return { unscored: { code: "rate-limited", retryAt: retryAtOf(headers, now) }, reason: said };
  }
  if (status === 408)
    return { unscored: { code: "timed-out", retryAt: retryAtOf(headers, now) }, reason: said };
  if (status === 409 || status >= 500) {
    return { unscored: { code: "provider-down", retryAt: retryAtOf(headers, now) }, reason: said };
  }
  if (status === 413) {
    return { unscored: { code: "too-large" }, reason: `${said} Lower budgetTokens of the scorer.` };
  }
  return {
    unscored: { code: "scorer-error" },
    reason: `${said} The request itself is refused; check the model's name and the options of the judge.`,
  };
}

/** The sentence without the key, whole or in the shortened forms in which providers echo it. */
function withoutKey(message: string, apiKey: string): string {
  const echoed = /\b(?:sk|key|pk)-[\w*.-]{4,}/gu;
  return (apiKey === "" ? message : message.replaceAll(apiKey, "[key]")).replace(echoed, "[key]");
}
