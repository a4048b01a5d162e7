import { isObject } from "../core/json.ts";
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
  const lower = text.toLowerCase();
  return secretRules.flatMap((rule) => {
    if (!rule.keywords.some((keyword) => lower.includes(keyword))) return [];
    const secret = firstSecret(rule, text);
    return secret === undefined ? [] : [{ rule: rule.id, length: secret.length }];
  });
}

function firstSecret(rule: SecretRule, text: string): string | undefined {
  for (const match of text.matchAll(rule.pattern)) {
    const secret = match[1] ?? match[0];
    if (isPlaceholder(secret)) continue;
    if (rule.minEntropy === undefined) return secret;
    if (entropyOf(secret) < rule.minEntropy) continue;
    if (rule.id === "generic-secret" && !isRandomLooking(secret)) continue;
    return secret;
  }
  return undefined;
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
