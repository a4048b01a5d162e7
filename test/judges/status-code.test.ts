import { describe, expect, it } from "vitest";

import type { UnscoredCode } from "../../src/core/score.ts";
import { codeOfStatus } from "../../src/judges/status-code.ts";

const QUOTA = "You exceeded your current quota, please check your plan and billing details.";

describe("what an HTTP error of a provider means", () => {
  it.each<[number, readonly string[], string, UnscoredCode]>([
    [408, [], "", "provider-down"],
    [409, [], "", "provider-down"],
    [425, [], "", "rate-limited"],
    [429, ["rate_limit_exceeded"], "", "rate-limited"],
    [429, ["rate_limit_error"], "", "rate-limited"],
    [429, ["RESOURCE_EXHAUSTED"], QUOTA, "rate-limited"],
    [500, ["server_error"], "", "provider-down"],
    [503, [], "model is overloaded", "provider-down"],
    [529, ["overloaded_error"], "", "provider-down"],
    [400, ["invalid_request_error"], "odd", "bad-request"],
    [422, [], "odd", "bad-request"],
    [405, [], "", "bad-request"],
    [400, ["content_filter"], "", "refused"],
    [400, ["invalid_prompt"], "flagged", "refused"],
    [413, [], "", "too-large"],
    [400, ["context_length_exceeded"], "", "too-large"],
    [400, ["invalid_request_error"], "prompt is too long: 210000 tokens > 200000 maximum", "too-large"],
    [401, ["invalid_api_key"], "", "key-refused"],
    [403, ["permission_error"], "", "key-refused"],
    [402, [], "", "quota"],
    [429, ["insufficient_quota"], QUOTA, "quota"],
    [400, ["billing_hard_limit_reached"], "", "quota"],
    [400, ["invalid_request_error"], "Your credit balance is too low to access the Anthropic API.", "quota"],
    [404, ["not_found_error"], "model: claude-x", "unknown-model"],
    [410, [], "", "unknown-model"],
    [400, ["invalid_request_error"], "The model `gpt-x` does not exist", "unknown-model"],
    [400, ["constructor"], "odd", "bad-request"],
  ])("%d %j %j is %s", (status, words, message, code) => {
    expect(codeOfStatus({ status, words, message })).toBe(code);
  });
});
