import { t as isObject } from "./json.js";
// src/datasets/secret-rules.ts
const START = "(?<![A-Za-z0-9_-])";
const END = "(?![A-Za-z0-9_-])";
function rule(id, keywords, body, options = {}) {
	const { flags = "g", minEntropy } = options;
	return {
		id,
		keywords,
		pattern: new RegExp(body, flags),
		...minEntropy === void 0 ? {} : { minEntropy }
	};
}
function token(id, keyword, body, minEntropy) {
	const options = minEntropy === void 0 ? {} : { minEntropy };
	return rule(id, [keyword.toLowerCase()], `${START}${body}${END}`, options);
}
const secretRules = [
	token("anthropic-key", "sk-ant-", "sk-ant-[a-z0-9]{2,16}-[A-Za-z0-9_-]{20,200}"),
	token("openai-key", "sk-", "sk-(?:proj|svcacct|admin|None)-[A-Za-z0-9_-]{20,250}", 3),
	token("openai-key", "t3blbkfj", "sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}"),
	token("openrouter-key", "sk-or-", "sk-or-v1-[0-9a-f]{64}"),
	token("langfuse-key", "sk-lf-", "sk-lf-[0-9a-f-]{36}"),
	token("sk-key", "sk-", "sk-[A-Za-z0-9]{32,64}", 3.5),
	token("aws-access-key-id", "a", "(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}", 2.5),
	rule("aws-secret-key", ["secret"], "aws_?(?:secret)?_?(?:access)?_?key[\\\\\"'\\s:=]{1,12}([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])", {
		flags: "gi",
		minEntropy: 3.5
	}),
	token("github-token", "gh", "gh[pousr]_[A-Za-z0-9]{36,255}"),
	token("github-token", "github_pat_", "github_pat_[A-Za-z0-9_]{60,100}"),
	token("gitlab-token", "gl", "gl(?:pat|rt|dt|cbt|ptt|ft|soat|imt|agent|oas)-[A-Za-z0-9_-]{20,80}"),
	token("slack-token", "xox", "xox[abeoprs]-[A-Za-z0-9-]{10,250}", 3),
	token("slack-token", "xapp-", "xapp-\\d-[A-Z0-9]{8,20}-\\d{8,20}-[A-Za-z0-9]{32,100}"),
	rule("slack-webhook", ["hooks.slack.com"], "hooks\\.slack\\.com/(?:services|workflows)/([A-Za-z0-9+/]{30,80})"),
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
	token("json-web-token", "eyj", "eyJ[A-Za-z0-9_-]{10,2000}\\.eyJ[A-Za-z0-9_-]{10,4000}\\.[A-Za-z0-9_-]{10,1000}"),
	rule("private-key", ["private key"], "-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----"),
	rule("password-in-url", ["://"], "[a-z][a-z0-9+.-]{1,20}://[^\\s/:@\"']{1,64}:([^\\s/@\"']{6,128})@", {
		flags: "gi",
		minEntropy: 2.5
	}),
	rule("authorization-header", ["bearer", "basic"], "(?:bearer|authorization[\"'\\s:=]{1,6}basic)\\s{1,4}([A-Za-z0-9_.~+/-]{20,2000}={0,2})", {
		flags: "gi",
		minEntropy: 3.5
	}),
	rule("generic-secret", [
		"key",
		"secret",
		"token",
		"passw"
	], `(?<![A-Za-z0-9])(?:[A-Za-z0-9]{1,30}[_-]){0,3}(?:api[_-]?key|apikey|access[_-]?key|secret[_-]?key|private[_-]?key|client[_-]?secret|app[_-]?secret|auth[_-]?token|access[_-]?token|refresh[_-]?token|bot[_-]?token|api[_-]?token|api[_-]?secret|password|passwd|secret)[\\\\"']{0,4}\\s{0,3}(?:[:=]|=>)\\s{0,3}[\\\\"']{0,4}([A-Za-z0-9_.~+/@!$%^&*-]{16,200}={0,2})`, {
		flags: "gi",
		minEntropy: 3.5
	})
];
// src/datasets/find-secrets.ts
function findSecrets(value) {
	const found = [];
	visit(value, "", "", (text, path, key) => {
		const seen = new Set();
		for (const hit of [...secretsIn(text), ...key === "" ? [] : secretsIn(`${key}=${text}`)]) {
			if (seen.has(hit.rule)) continue;
			seen.add(hit.rule);
			found.push({
				rule: hit.rule,
				path,
				length: hit.length
			});
		}
	});
	return found;
}
function secretsIn(text) {
	if (text.length < 16) return [];
	return rulesFor(text).flatMap((rule) => {
		const secret = firstSecret(rule, text);
		return secret === void 0 ? [] : [{
			rule: rule.id,
			length: secret.length
		}];
	});
}
function replaceSecrets(text, key, markFor) {
	if (text.length < 16) return text;
	const safe = rulesFor(text).reduce((current, rule) => current.replace(rule.pattern, (match, group) => {
		const secret = typeof group === "string" ? group : match;
		if (!isSecret(rule, secret)) return match;
		const start = match.lastIndexOf(secret);
		return `${match.slice(0, start)}${markFor(rule.id, secret)}${match.slice(start + secret.length)}`;
	}), text);
	if (safe !== text || key === "" || text.length > LONGEST_NAMED) return safe;
	const [named] = secretsIn(`${key}=${text}`);
	return named === void 0 ? text : markFor(named.rule, text);
}
const LONGEST_NAMED = 2e3;
function rulesFor(text) {
	const lower = text.toLowerCase();
	return (LONG_KEYWORDS.test(lower) ? secretRules : SHORT_KEYWORD_RULES).filter(({ keywords }) => keywords.some((keyword) => lower.includes(keyword)));
}
const isShort = (keyword) => keyword.length <= 2;
const SHORT_KEYWORD_RULES = secretRules.filter(({ keywords }) => keywords.some(isShort));
const LONG_KEYWORDS = new RegExp(secretRules.flatMap(({ keywords }) => keywords.filter((keyword) => !isShort(keyword))).map((keyword) => keyword.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&")).join("|"));
function firstSecret(rule, text) {
	for (const match of text.matchAll(rule.pattern)) {
		const secret = match[1] ?? match[0];
		if (isSecret(rule, secret)) return secret;
	}
}
function isSecret(rule, secret) {
	if (isPlaceholder(secret)) return false;
	if (rule.minEntropy === void 0) return true;
	if (entropyOf(secret) < rule.minEntropy) return false;
	return rule.id !== "generic-secret" || isRandomLooking(secret);
}
function isPlaceholder(secret) {
	return /example|redacted|placeholder|changeme|your[_-]|(.)\1{5}|^\$|^\*+$/i.test(secret);
}
function isRandomLooking(secret) {
	if (!/\d/.test(secret) || !/[A-Za-z]/.test(secret)) return false;
	return !/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(secret);
}
function entropyOf(text) {
	const counts = new Map();
	for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
	let bits = 0;
	for (const count of counts.values()) bits -= count / text.length * Math.log2(count / text.length);
	return bits;
}
function visit(value, path, key, onText) {
	if (typeof value === "string") onText(value, path, key);
	else if (Array.isArray(value)) for (const [index, inner] of value.entries()) visit(inner, join(path, String(index)), key, onText);
	else if (isObject(value)) for (const [name, inner] of Object.entries(value)) {
		onText(name, path, "");
		visit(inner, join(path, name), name, onText);
	}
}
function join(path, name) {
	return path === "" ? name : `${path}.${name}`;
}
export { replaceSecrets as n, findSecrets as t };
