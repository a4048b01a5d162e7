import { stripVTControlCharacters } from "node:util";

export { count, dollars, duration } from "../../render/numbers.ts";

/** Text from a trace, safe on a terminal: no escape sequences, no control characters but line breaks. */
export function plain(text: string): string {
  return stripVTControlCharacters(text).replace(/(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, " ");
}
