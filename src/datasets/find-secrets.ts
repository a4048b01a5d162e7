import { isObject } from "../core/json.ts";
import type { MarkFor } from "./mark-for.ts";
import { type SecretRule, secretRules } from "./secret-rules.ts";

/** Something that looks like a credential. It never carries the credential itself. */
export interface SecretFinding {
  readonly rule: string;
  /** Where in the value, e.g. `input.messages.0.parts.0.content`. */
  readonly path: string;
  /** Length of what was found, and the characters before it where they are only a type mark, e.g. `sk-ant-`. */
  readonly length: number;
}

/** Every text of a JSON value that looks like a credential, the names of the keys it stands under included. */
export function findSecrets(value: unknown): readonly SecretFinding[] {
  const found: SecretFinding[] = [];
  visit(value, "", "", (text, path, key) => {
    const seen = new Set<string>();
    for (const hit of [...secretsIn(text), ...(key === "" ? [] : secretsIn(`${key}=${text}`))]) {
      if (seen.has(hit.rule)) continue;
      seen.add(hit.rule);
      found.push({ rule: hit.rule, path, length: hit.length });
    }
  });
  return found;
}

/** What is said when a finding stops a write. The credential is not in it. */
export function secretMessage(finding: SecretFinding, where: string): string {
  return (
    `${where}: ${finding.path === "" ? "the text" : finding.path} holds what looks like a credential ` +
    `(rule ${finding.rule}, ${finding.length} characters). Nothing was written. Revoke it if it is real, and ` +
    "take it out of what the agent records; if it is made up, replace it by a text that says so, e.g. EXAMPLE-KEY."
  );
}

function secretsIn(text: string): { readonly rule: string; readonly length: number }[] {
  if (text.length < 16) return [];
  return rulesFor(text).flatMap((rule) => {
    const secret = firstSecret(rule, text);
    return secret === undefined ? [] : [{ rule: rule.id, length: secret.length }];
  });
}

/**
 * Replaces everything in a text that {@link findSecrets} would find in it.
 *
 * @param key the JSON key or attribute it stands under
 */
export function replaceSecrets(text: string, key: string, markFor: MarkFor): string {
  if (text.length < 16) return text;
  const safe = rulesFor(text).reduce(
    (current, rule) =>
      current.replace(rule.pattern, (match: string, group: unknown) => {
        const secret = typeof group === "string" ? group : match;
        if (!isSecret(rule, secret)) return match;
        const start = match.lastIndexOf(secret);
        return `${match.slice(0, start)}${markFor(rule.id, secret)}${match.slice(start + secret.length)}`;
      }),
    text,
  );
  if (safe !== text || key === "" || text.length > LONGEST_NAMED) return safe;
  const [named] = secretsIn(`${key}=${text}`);
  return named === undefined ? text : markFor(named.rule, text);
}

/** A value that only its name gives away is no longer text than this. */
const LONGEST_NAMED = 2_000;

/** Rules of which a keyword is in the text. Most texts have none of the longer ones, which one search tells. */
function rulesFor(text: string): readonly SecretRule[] {
  const lower = text.toLowerCase();
  const rules = LONG_KEYWORDS.test(lower) ? secretRules : SHORT_KEYWORD_RULES;
  return rules.filter(({ keywords }) => keywords.some((keyword) => lower.includes(keyword)));
}

const isShort = (keyword: string) => keyword.length <= 2;
const SHORT_KEYWORD_RULES = secretRules.filter(({ keywords }) => keywords.some(isShort));
const LONG_KEYWORDS = new RegExp(
  secretRules
    .flatMap(({ keywords }) => keywords.filter((keyword) => !isShort(keyword)))
    .map((keyword) => keyword.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"))
    .join("|"),
);

function firstSecret(rule: SecretRule, text: string): string | undefined {
  for (const match of text.matchAll(rule.pattern)) {
    const secret = match[1] ?? match[0];
    if (isSecret(rule, secret)) return secret;
  }
  return undefined;
}

function isSecret(rule: SecretRule, secret: string): boolean {
  if (isPlaceholder(secret)) return false;
  if (rule.minEntropy === undefined) return true;
  if (entropyOf(secret) < rule.minEntropy) return false;
  return rule.id !== "generic-secret" || isRandomLooking(secret);
}

/** `EXAMPLE`, `your-key`, `xxxxxx`, `$TOKEN`, `[REDACTED]`: what documentation and redaction leave. */
function isPlaceholder(secret: string): boolean {
  return /example|redacted|placeholder|changeme|your[_-]|(.)\1{5}|^\$|^\*+$/i.test(secret);
}

/** Digits and letters mixed, not a UUID (an id), not a path or a name made of words. */
function isRandomLooking(secret: string): boolean {
  if (!/\d/.test(secret) || !/[A-Za-z]/.test(secret)) return false;
  return !/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(secret);
}

/** Shannon entropy, bits per character. */
function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

function visit(
  value: unknown,
  path: string,
  key: string,
  onText: (text: string, path: string, key: string) => void,
): void {
  if (typeof value === "string") onText(value, path, key);
  else if (Array.isArray(value)) {
    for (const [index, inner] of value.entries()) visit(inner, join(path, String(index)), key, onText);
  } else if (isObject(value)) {
    for (const [name, inner] of Object.entries(value)) {
      onText(name, path, "");
      visit(inner, join(path, name), name, onText);
    }
  }
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
