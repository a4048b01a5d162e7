import type { NoAnswer } from "../core/judge.ts";
import { faultClassOf } from "../core/ledger-state.ts";
import type { UnscoredCode } from "../core/score.ts";
import { limitsOf } from "./provider-limits.ts";
import { retryAtOf } from "./retry-at.ts";
import { codeOfStatus } from "./status-code.ts";

/** How a call of a provider failed, told apart from its SDK's error classes. */
export type CallFailure =
  | { readonly kind: "aborted" }
  | { readonly kind: "timed-out" }
  | { readonly kind: "connection"; readonly message: string }
  | {
      readonly kind: "status";
      readonly status: number;
      readonly headers: Headers | undefined;
      /** `error.code` and `error.type` of the body, of those that are texts. */
      readonly words: readonly string[];
      /** The provider's own sentence. */
      readonly message: string;
    };

/** What a failure needs to become a sentence with advice in it. */
export interface FailureSetting {
  /** Who failed, e.g. `OpenAI` or `localhost:11434`. */
  readonly provider: string;
  readonly apiKeyEnv: string;
  /** Never shown; removed where a provider echoes it. */
  readonly apiKey: string;
  readonly timeoutMs: number;
  /** Unix ms. */
  readonly now: number;
}

/**
 * A failed call as the reason for which there is no answer. Passing faults say when to try again where the provider
 * named a time; everything else stays as it is until somebody changes something.
 */
export function noAnswerFor(failure: CallFailure, setting: FailureSetting): NoAnswer {
  const { provider } = setting;
  switch (failure.kind) {
    case "aborted":
      return {
        unscored: { code: "timed-out" },
        reason: `${provider} had not answered when the scorer was stopped.`,
      };
    case "timed-out":
      return {
        unscored: { code: "timed-out" },
        reason: `${provider} did not answer within ${setting.timeoutMs / 1000} s.`,
      };
    case "connection":
      return {
        unscored: { code: "provider-down" },
        reason: `${provider} could not be reached: ${withoutKey(failure.message, setting.apiKey)}`,
      };
    case "status":
      return statusAnswer({ ...failure, message: withoutKey(failure.message, setting.apiKey) }, setting);
  }
}

function statusAnswer(failure: CallFailure & { kind: "status" }, setting: FailureSetting): NoAnswer {
  const { status, message, headers } = failure;
  const code = codeOfStatus(failure);
  const said = `${setting.provider} said ${status}: ${message}`;
  const limits = limitsOf(headers, setting.now);
  const told = limits === undefined ? {} : { limits };
  if (faultClassOf(code) === "passing") {
    const retryAt = retryAtOf(headers, setting.now);
    return { unscored: { code, ...(retryAt !== undefined && { retryAt }) }, reason: said, ...told };
  }
  const advice = adviceFor(code, setting.apiKeyEnv);
  return { unscored: { code }, reason: [said, advice].filter(Boolean).join(" "), ...told };
}

function adviceFor(code: UnscoredCode, apiKeyEnv: string): string {
  switch (code) {
    case "key-refused":
      return `Check ${apiKeyEnv} and what its key may use.`;
    case "quota":
      return `The account of ${apiKeyEnv} has no money or quota left; top it up.`;
    case "unknown-model":
      return "Check the model's name and the base URL of the judge.";
    case "too-large":
      return "Lower budgetTokens of the scorer.";
    case "bad-request":
      return "The request itself is refused; check the options of the judge.";
    default:
      return "";
  }
}

/** The sentence without the key, whole or in the shortened forms in which providers echo it. */
function withoutKey(message: string, apiKey: string): string {
  const echoed = /\b(?:sk|key|pk)-[\w*.-]{4,}/gu;
  return (apiKey === "" ? message : message.replaceAll(apiKey, "[key]")).replace(echoed, "[key]");
}
