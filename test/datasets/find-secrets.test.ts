import { describe, expect, it } from "vitest";

import { findSecrets, secretMessage } from "../../src/datasets/find-secrets.ts";
import { secretRules } from "../../src/datasets/secret-rules.ts";

/** Text of a given length that looks random; made here, so that no key-like text stands in this file. */
function random(length: number, alphabet = "aB3dE5fG7hJ9kLmN2pQrS4tUvW6xYz8"): string {
  let state = length * 7919 + alphabet.length;
  return Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return alphabet[Math.floor(state / 65_536) % alphabet.length];
  }).join("");
}

const hex = (length: number) => random(length, "0123456789abcdef");

const planted: readonly (readonly [string, string])[] = [
  ["openai-key", `sk-proj-${random(48)}`],
  ["openai-key", `sk-${random(20)}T3BlbkFJ${random(20)}`],
  ["anthropic-key", `sk-ant-api03-${random(93)}`],
  ["aws-access-key-id", `AKIA${random(16, "ABCDEFGH234567")}`],
  ["aws-secret-key", `aws_secret_access_key = ${random(40)}`],
  ["github-token", `ghp_${random(36)}`],
  ["github-token", `github_pat_${random(82)}`],
  ["gitlab-token", `glpat-${random(20)}`],
  ["slack-token", `xoxb-${random(40, "0123456789ab-")}`],
  ["slack-webhook", `https://hooks.slack.com/services/T${random(8)}/B${random(8)}/${random(24)}`],
  ["google-api-key", `AIza${random(35)}`],
  ["stripe-key", `sk_live_${random(24)}`],
  ["twilio-key", `SK${hex(32)}`],
  ["sendgrid-key", `SG.${random(22)}.${random(43)}`],
  ["npm-token", `npm_${random(36)}`],
  ["json-web-token", `eyJ${random(30)}.eyJ${random(60)}.${random(43)}`],
  ["private-key", ["-----BEGIN", "RSA PRIVATE KEY-----"].join(" ")],
  ["private-key", ["-----BEGIN", "PRIVATE KEY-----"].join(" ")],
  ["password-in-url", `postgres://app:${random(12)}@db.internal:5432/app`],
  ["authorization-header", `Authorization: Bearer ${random(40)}`],
  ["generic-secret", `api_key=${random(32)}`],
  ["generic-secret", `{"clientSecret": "${random(30)}"}`],
  ["generic-secret", `SHOP_API_KEY: '${random(24)}'`],
];

describe("what looks like a credential", () => {
  it.each(planted)("%s is found in prose, in JSON and alone", (rule, secret) => {
    for (const text of [secret, `Use ${secret} for this.`, JSON.stringify({ note: `x ${secret}` })]) {
      expect(findSecrets({ a: [{ text }] }).map((found) => found.rule)).toContain(rule);
    }
  });

  it("is found by the name it stands under", () => {
    expect(findSecrets({ arguments: { api_key: random(32) } })).toMatchObject([
      { rule: "generic-secret", path: "arguments.api_key" },
    ]);
  });

  it("is found among the keys of an object too", () => {
    expect(findSecrets({ [`ghp_${random(36)}`]: 1 })).toMatchObject([{ rule: "github-token" }]);
  });

  it("is never shown, neither in the finding nor in the message", () => {
    for (const [, secret] of planted) {
      for (const found of findSecrets({ text: secret })) {
        const said = `${JSON.stringify(found)} ${secretMessage(found, "case x")}`;
        expect(said).not.toContain(secret.slice(-12));
      }
    }
    const [found] = findSecrets({ input: `npm_${random(36)}` });
    expect(found && secretMessage(found, "Case 12ab of trace 34cd")).toBe(
      "Case 12ab of trace 34cd: input holds what looks like a credential (rule npm-token, 40 characters). " +
        "Nothing was written. Revoke it if it is real, and take it out of what the agent records; if it is made up, " +
        "replace it by a text that says so, e.g. EXAMPLE-KEY.",
    );
  });

  it.each([
    "Order W1234567 was placed on 2026-11-20 at 10:32:05 for $129.90.",
    "Your trace is 0af7651916cd43dd8448eb211c80319c, span b7ad6b7169203331.",
    "id 123e4567-e89b-12d3-a456-426614174000, token: 123e4567-e89b-12d3-a456-426614174000",
    "credit_card_7815826, gift_card_1234567, certificate_4856383, mia_li_3668",
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "The password is required. Please reset your password: click the link in the mail.",
    "api_key=YOUR_API_KEY_GOES_HERE, Authorization: Bearer <token>, secret: $SECRET_FROM_ENVIRONMENT",
    "prompt_tokens=1200 completion_tokens=350 next_page_token=none",
    "sk-learn is a library; risk-assessment-of-the-whole-portfolio-in-2026",
    "AKIAIOSFODNN7EXAMPLE",
    "https://user@example.com/path and mailto:someone@example.com",
  ])("is not seen in ordinary text: %s", (text) => {
    expect(findSecrets({ text })).toEqual([]);
  });

  it("is searched in a time that grows with the text, not with its square", () => {
    const hostile = ["a", "sk-", "eyJ", "secret=", "-----BEGIN A ", "x@", "key_", "://a:", "bearer  ", "1 "];
    const slowest = hostile.map((piece) => {
      const text = `bearer sg. private key sk- eyj k_ ${piece.repeat(400_000 / piece.length)}`;
      const start = performance.now();
      findSecrets(text);
      return performance.now() - start;
    });
    expect(Math.max(...slowest)).toBeLessThan(2_500);
  });

  it("has no rule that can repeat without a bound", () => {
    for (const { pattern } of secretRules) expect(pattern.source).not.toMatch(/(?<!\\)[*+](?![^[]*\])|,\}/);
  });
});
