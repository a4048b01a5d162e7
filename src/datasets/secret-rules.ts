/** One kind of credential. */
export interface SecretRule {
  readonly id: string;
  /** Global; every repetition is bounded, so that the time is linear in the text. The first group, if any, is the secret. */
  readonly pattern: RegExp;
  /** One of these, in lower case, must be in the text before the pattern is tried. */
  readonly keywords: readonly string[];
  /** Shannon entropy the secret needs, bits per character; for patterns that plain words could fit. */
  readonly minEntropy?: number;
}

/** Not inside a longer word. */
const START = "(?<![A-Za-z0-9_-])";
const END = "(?![A-Za-z0-9_-])";

function rule(
  id: string,
  keywords: readonly string[],
  body: string,
  options: { readonly flags?: string; readonly minEntropy?: number } = {},
): SecretRule {
  const { flags = "g", minEntropy } = options;
  const pattern = new RegExp(body, flags);
  return { id, keywords, pattern, ...(minEntropy === undefined ? {} : { minEntropy }) };
}

function token(id: string, keyword: string, body: string, minEntropy?: number): SecretRule {
  const options = minEntropy === undefined ? {} : { minEntropy };
  return rule(id, [keyword.toLowerCase()], `${START}${body}${END}`, options);
}

const NAMES =
  "api[_-]?key|apikey|access[_-]?key|secret[_-]?key|private[_-]?key|client[_-]?secret|app[_-]?secret|auth[_-]?token|access[_-]?token|refresh[_-]?token|bot[_-]?token|api[_-]?token|api[_-]?secret|password|passwd|secret";

/**
 * Credentials by the formats their issuers publish, and two forms that any credential may have: a name
 * such as `api_key` with a random value, and a bearer token.
 */
export const secretRules: readonly SecretRule[] = [
  token("anthropic-key", "sk-ant-", "sk-ant-[a-z0-9]{2,16}-[A-Za-z0-9_-]{20,200}"),
  token("openai-key", "sk-", "sk-(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{20,250}", 3),
  token("openai-key", "t3blbkfj", "sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}"),
  token("openrouter-key", "sk-or-", "sk-or-v1-[0-9a-f]{64}"),
  token("langfuse-key", "sk-lf-", "sk-lf-[0-9a-f-]{36}"),
  token("sk-key", "sk-", "sk-[A-Za-z0-9]{32,64}", 3.5),
  token("aws-access-key-id", "a", "(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}", 2.5),
  rule(
    "aws-secret-key",
    ["secret"],
    "aws_?(?:secret)?_?(?:access)?_?key[\\\\\"'\\s:=]{1,12}([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
    { flags: "gi", minEntropy: 3.5 },
  ),
  token("github-token", "gh", "gh[pousr]_[A-Za-z0-9]{36,255}"),
  token("github-token", "github_pat_", "github_pat_[A-Za-z0-9_]{60,100}"),
  token("gitlab-token", "gl", "gl(?:pat|rt|dt|cbt|ptt|ft|soat|imt|agent|oas)-[A-Za-z0-9_-]{20,80}"),
  token("slack-token", "xox", "xox[abeoprs]-[A-Za-z0-9-]{10,250}", 3),
  token("slack-token", "xapp-", "xapp-\\d-[A-Z0-9]{8,20}-\\d{8,20}-[A-Za-z0-9]{32,100}"),
  rule(
    "slack-webhook",
    ["hooks.slack.com"],
    "hooks\\.slack\\.com/(?:services|workflows)/([A-Za-z0-9+/]{30,80})",
  ),
  token("google-api-key", "aiza", "AIza[A-Za-z0-9_-]{35}"),
  token("google-oauth", "ya29.", "ya29\\.[A-Za-z0-9_-]{30,300}"),
  token("google-oauth", "gocspx-", "GOCSPX-[A-Za-z0-9_-]{20,40}"),
  token("stripe-key", "k_", "[sr]k_(?:live|test|prod)_[A-Za-z0-9]{10,120}"),
  token("stripe-webhook", "whsec_", "whsec_[A-Za-z0-9+/]{24,80}"),
  token("twilio-key", "sk", "SK[0-9a-f]{32}"),
  token("sendgrid-key", "sg.", "SG\\.[A-Za-z0-9_-]{16,32}\\.[A-Za-z0-9_-]{32,64}"),
  token("npm-token", "npm_", "npm_[A-Za-z0-9]{36}"),
  token("pypi-token", "pypi-", "pypi-AgE[A-Za-z0-9_-]{50,250}"),
  token("hugging-face-token", "hf_", "hf_[A-Za-z0-9]{34,40}"),
  token("digitalocean-token", "_v1_", "do[opr]_v1_[0-9a-f]{64}"),
  token("groq-key", "gsk_", "gsk_[A-Za-z0-9]{40,80}"),
  token("xai-key", "xai-", "xai-[A-Za-z0-9]{60,100}"),
  token("langsmith-key", "lsv2_", "lsv2_(?:pt|sk)_[0-9a-f]{32}_[0-9a-f]{10}"),
  token(
    "json-web-token",
    "eyj",
    "eyJ[A-Za-z0-9_-]{10,2000}\\.eyJ[A-Za-z0-9_-]{10,4000}\\.[A-Za-z0-9_-]{10,1000}",
  ),
  rule("private-key", ["private key"], "-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----"),
  rule("password-in-url", ["://"], "[a-z][a-z0-9+.-]{1,20}://[^\\s/:@\"']{1,64}:([^\\s/@\"']{6,128})@", {
    flags: "gi",
    minEntropy: 2.5,
  }),
  rule(
    "authorization-header",
    ["bearer", "basic"],
    "(?:bearer|authorization[\"'\\s:=]{1,6}basic)\\s{1,4}([A-Za-z0-9_.~+/-]{20,2000}={0,2})",
    { flags: "gi", minEntropy: 3.5 },
  ),
  rule(
    "generic-secret",
    ["key", "secret", "token", "passw"],
    `(?<![A-Za-z0-9])(?:[A-Za-z0-9]{1,30}[_-]){0,3}(?:${NAMES})[\\\\"']{0,4}\\s{0,3}(?:[:=]|=>)\\s{0,3}[\\\\"']{0,4}([A-Za-z0-9_.~+/@!$%^&*-]{16,200}={0,2})`,
    { flags: "gi", minEntropy: 3.5 },
  ),
];
