/** A text cut to size, and how many of its characters are still there. */
export interface Clipped {
  readonly text: string;
  readonly kept: number;
}

/**
 * Head and tail of a text, two thirds and one third of `limit` characters, with a mark in between that says
 * how much is missing. A text that the mark would not make shorter stays whole.
 */
export function clipText(text: string, limit: number): Clipped {
  if (text.length <= limit + MARK_LENGTH) return { text, kept: text.length };
  const head = Math.ceil((limit * 2) / 3);
  const tail = limit - head;
  const missing = text.length - limit;
  // A cut through a surrogate pair would leave half a character, which is not valid in a request body.
  const start = text.slice(0, head).toWellFormed();
  const end = tail === 0 ? "" : text.slice(-tail).toWellFormed();
  return { text: `${start}[tracegate: ${missing} characters left out]${end}`, kept: limit };
}

/** Longest mark: texts are below 10^9 characters. */
const MARK_LENGTH = "[tracegate: 999999999 characters left out]".length;
