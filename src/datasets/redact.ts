import { createHash } from "node:crypto";

import type { JsonValue } from "../core/json.ts";
import { replaceSecrets } from "./find-secrets.ts";
import type { MarkFor } from "./mark-for.ts";
import { personalRules } from "./personal-rules.ts";
import { isMark, replacePasswords } from "./replace-passwords.ts";

/** How often each rule replaced something. */
export type Redactions = { readonly [rule: string]: number };

/** Options of {@link makeRedactor}. */
export interface RedactorOptions {
  /**
   * Credentials are replaced too. Default false, for git: there a credential is a reason to write nothing at all, and has to be
   * seen by whoever looks for one.
   */
  readonly credentials?: boolean;
  /**
   * The whole value of a user's or session's id, where it is personal data, becomes a mark with a hash of it, the same in all
   * traces: they stay together, and can be found to be purged. Whoever guesses the value can confirm it. Default false.
   */
  readonly pseudonyms?: boolean;
}

/**
 * Replaces personal data by marks such as `[email-1]`. Within one redactor the same value gets the same
 * mark, so that a case and its recording still fit together; nothing leads back from the mark.
 */
export interface Redactor {
  /** A copy of any JSON value with its texts redacted; keys and numbers stay. */
  redact(value: JsonValue): JsonValue;
  /** One text. `key`: the JSON key or attribute it stands under, which some rules look at. */
  redactText(text: string, key?: string): string;
  /** Marks that a text already has are given to no other value. */
  reserve(text: string): void;
  /** Everything replaced so far, rules in alphabetical order. */
  counts(): Redactions;
}

/** What became of a text, and which rules replaced something. */
interface Piece {
  readonly redacted: string;
  readonly rules: readonly string[];
}

/** Characters from which a text is taken in pieces. */
const LONG = 2_000;

/**
 * Between two objects of a JSON array, where nothing that a rule finds can lie across. Every call of a model repeats the
 * messages before it, so most pieces of a trace have been looked at already.
 */
const BETWEEN_OBJECTS = /(?<=\},)(?=\s?\{")/;

const MARKS = /\[([a-z]+(?:-[a-z]+)*)-(\d{1,6})\]/g;
const PASSWORD_KEY = /^pass(?:word|wd|code|phrase)?$/i;
const ID_KEY = /(?:^|[._-])(?:end_?user|user|customer|account|session|conversation|thread)[._-]?id$/i;

/** A redactor for one case or trace. Marks count up in the order in which values are met. */
export function makeRedactor({ credentials = false, pseudonyms = false }: RedactorOptions = {}): Redactor {
  const marks = new Map<string, string>();
  const kinds = new Map<string, number>();
  const counts = new Map<string, number>();

  const pieces = new Map<string, Piece>();
  const markFor: MarkFor = (rule, value) => {
    const known = marks.get(`${rule} ${value}`);
    if (known !== undefined) return known;
    const number = (kinds.get(rule) ?? 0) + 1;
    kinds.set(rule, number);
    const mark = `[${rule}-${number}]`;
    marks.set(`${rule} ${value}`, mark);
    return mark;
  };
  const replaceIn = (text: string, key: string, mark: MarkFor): string => {
    if (PASSWORD_KEY.test(key) && text !== "" && !isMark(text)) return mark("password", text);
    if (pseudonyms && ID_KEY.test(key)) return pseudonymOf(text, key, mark);
    const safe = credentials ? replaceSecrets(text, key, mark) : text;
    return replacePersonal(replacePasswords(safe, mark), key, mark);
  };
  const redactPiece = (text: string, key: string): string => {
    const place = `${key}\n${text}`;
    let piece = pieces.get(place);
    if (piece === undefined) {
      const rules: string[] = [];
      const redacted = replaceIn(text, key, (rule, value) => {
        rules.push(rule);
        return markFor(rule, value);
      });
      piece = { redacted, rules };
      pieces.set(place, piece);
    }
    for (const rule of piece.rules) counts.set(rule, (counts.get(rule) ?? 0) + 1);
    return piece.redacted;
  };
  const redactText = (text: string, key = ""): string =>
    text.length < LONG
      ? redactPiece(text, key)
      : text
          .split(BETWEEN_OBJECTS)
          .map((piece) => redactPiece(piece, key))
          .join("");
  const redact = (value: JsonValue, key = ""): JsonValue => {
    if (typeof value === "string") return redactText(value, key);
    if (Array.isArray(value)) return value.map((inner) => redact(inner, key));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, redact(inner, name)]));
  };
  return {
    redact: (value) => redact(value),
    redactText,
    reserve(text) {
      for (const [, rule = "", number] of text.matchAll(MARKS))
        kinds.set(rule, Math.max(kinds.get(rule) ?? 0, Number(number)));
    },
    counts: () => Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** What a user's id is in traces that were redacted before they were stored; the id itself where it is no personal data. */
export function storedUserId(userId: string): string {
  return makeRedactor({ credentials: true, pseudonyms: true }).redactText(userId, "user.id");
}

function pseudonymOf(text: string, key: string, markFor: MarkFor): string {
  let found = "";
  const redacted = replacePersonal(text, key, (rule) => {
    found ||= rule;
    return "";
  });
  if (redacted === text) return text;
  markFor(found, text);
  return `[${found}-${createHash("sha256").update(text).digest("hex").slice(0, 16)}]`;
}

function replacePersonal(text: string, key: string, markFor: MarkFor): string {
  return personalRules.reduce((current, rule) => {
    if (!rule.hints.test(current)) return current;
    return current.replace(rule.pattern, (match: string, ...rest: unknown[]) => {
      const offset = rest.find((item) => typeof item === "number") ?? 0;
      const before = current.slice(Math.max(0, offset - 60), offset);
      return rule.accepts(match, before, key) ? markFor(rule.id, match) : match;
    });
  }, text);
}
