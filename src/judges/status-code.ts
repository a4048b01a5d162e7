import type { UnscoredCode } from "../core/score.ts";

/** An HTTP error of a provider, as far as it decides what the error means. */
export interface RefusedCall {
  readonly status: number;
  /** `error.code` and `error.type` of the body, of those that are texts. */
  readonly words: readonly string[];
  /** The provider's own sentence. */
  readonly message: string;
}

/**
 * Codes that decide, whatever the status. OpenAI sends a spent quota as 429 and a hard billing limit as 400
 * (platform.openai.com/docs/guides/error-codes); Anthropic has types (docs.anthropic.com/en/api/errors); Azure and
 * gateways send OpenAI's.
 */
const BY_WORD: { readonly [word: string]: UnscoredCode } = {
  insufficient_quota: "quota",
  billing_hard_limit_reached: "quota",
  billing_not_active: "quota",
  billing_error: "quota",
  invalid_api_key: "key-refused",
  account_deactivated: "key-refused",
  authentication_error: "key-refused",
  permission_error: "key-refused",
  model_not_found: "unknown-model",
  DeploymentNotFound: "unknown-model",
  content_filter: "refused",
  content_policy_violation: "refused",
  invalid_prompt: "refused",
  context_length_exceeded: "too-large",
  string_above_max_length: "too-large",
  request_too_large: "too-large",
  overloaded_error: "provider-down",
};

/** What providers say in a 400 only by its sentence. */
const BY_SENTENCE: readonly (readonly [RegExp, UnscoredCode])[] = [
  [/credit balance is too low|insufficient (?:funds|balance|credits)/i, "quota"],
  [/prompt is too long|maximum context length|input is too long|too many (?:input )?tokens/i, "too-large"],
  [
    /(?:model|deployment)\b.{0,60}\b(?:does not exist|not found|not supported)|invalid model/i,
    "unknown-model",
  ],
];

/**
 * What an HTTP error means for a score. A sentence counts only in a 400, because that of a passing rate limit may
 * speak of quota and billing as well, as Gemini's does.
 */
export function codeOfStatus({ status, words, message }: RefusedCall): UnscoredCode {
  for (const word of words) {
    const known = Object.hasOwn(BY_WORD, word) ? BY_WORD[word] : undefined;
    if (known !== undefined) return known;
  }
  if (status === 400 || status === 422) {
    return BY_SENTENCE.find(([sentence]) => sentence.test(message))?.[1] ?? "bad-request";
  }
  if (status === 401 || status === 403) return "key-refused";
  if (status === 402) return "quota";
  if (status === 404 || status === 410) return "unknown-model";
  if (status === 413) return "too-large";
  if (status === 425 || status === 429) return "rate-limited";
  // 408: the provider answered, so nothing was paid, unlike a call that we broke off.
  return status === 408 || status === 409 || status >= 500 ? "provider-down" : "bad-request";
}
