/**
 * True for text with at least one letter or digit. Answers like ":" or "---" make some judges say yes to
 * anything ("master keys", arXiv 2507.08794), so an answer without words is never put to one.
 */
export function hasWords(text: string | undefined): text is string {
  return text !== undefined && /[\p{L}\p{N}]/u.test(text);
}
