import type { MarkFor } from "./mark-for.ts";

/**
 * `"password": "..."` in JSON that is itself a text, in any depth of escaping: the second group are the backslashes before
 * each quote. Only the value is replaced, so what was JSON stays JSON.
 */
const IN_JSON =
  /((\\{0,7})"pass(?:word|wd|code|phrase)?\2"\s{0,8}:\s{0,8}\2")((?:[^"\\]|\\[\s\S]){1,256}?)(?=\2")/gi;

/** Replaces the values of passwords in a text. */
export function replacePasswords(text: string, markFor: MarkFor): string {
  if (!/pass/i.test(text)) return text;
  return text.replace(IN_JSON, (whole: string, before: string, _: string, value: string) =>
    isMark(value) ? whole : `${before}${markFor("password", value)}`,
  );
}

/** True for what a redactor has written. */
export function isMark(text: string): boolean {
  return /^\[[a-z]+(?:-[a-z]+)*-(?:\d{1,6}|[0-9a-f]{16})\]$/.test(text);
}
