/**
 * Tokens per character, by what the character is. Fitted on 332 runs that were recorded with their providers' counts: how many more tokens
 * each of 3,811 calls read than the call before it, against the text that had come in between (English, JSON of tools; GPT-4o to 5.4, o3, Claude
 * 4.5 and 4.6, Grok 3, DeepSeek, Qwen 2.5). On these, half of the estimates are within 4 % and nine in ten within 13 % of what was counted. On 125
 * runs it was not fitted to (Gemma 3, in part Spanish) it is within 9 and 18 %, and most often too low. Claude Sonnet 4.5 comes out 15 % too
 * low, later Claude models were not measured, and scripts other than Latin are a guess.
 */
const LETTER = 0.14;
const DIGIT = 0.35;
const MARK = 0.85;
/** A run of white space, which most often comes free with the word after it. */
const GAP = 0.45;
/** Accented Latin, Greek, Cyrillic, Hebrew, Arabic. */
const OTHER_LETTER = 0.6;
/** Everything from U+0900 up: Indic and East Asian scripts, symbols, emoji (two UTF-16 units each). */
const HIGH = 0.9;

/** Claude's tokenizers cut the same text into so many times more, by the same measure. */
const CLAUDE = 1.2;

/**
 * About how many tokens a model reads in a text, without a tokenizer of its provider.
 *
 * @param model decides about the factor of its family.
 */
export function estimateTokens(text: string, model: string): number {
  let tokens = 0;
  let inGap = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const isGap = code <= 32 || code === 160;
    if (isGap) tokens += inGap ? 0 : GAP;
    else tokens += weightOf(code);
    inGap = isGap;
  }
  return tokens * (/claude/i.test(model) ? CLAUDE : 1);
}

function weightOf(code: number): number {
  if (code < 128) {
    if (code >= 48 && code <= 57) return DIGIT;
    return (code >= 65 && code <= 90) || (code >= 97 && code <= 122) ? LETTER : MARK;
  }
  return code < 0x900 ? OTHER_LETTER : HIGH;
}
