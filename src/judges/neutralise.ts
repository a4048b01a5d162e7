/** Characters that hide text from a reader or change its direction, and the invisible tag letters. */
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069\uFEFF]|[\u{E0000}-\u{E007F}]/gu;

/** Our own fence, and the tags and chat-template tokens that pretend to be somebody else's turn or a verdict. */
const MARKERS =
  /<{1,2}(\/?\s*(?:end of trace|trace|system|assistant|user|verdict|label|score|rating|judge(?:ment)?|evaluation|rationale|instructions?)\b[^<>\n]{0,200}|\|[a-z_]{1,40}\|)>{1,2}/giu;

/** The openings of our own notes inside the block. */
const OWN_NOTE = /\[tracegate\b/giu;

/**
 * Makes recorded text safe to show to a judge, keeping what it says: invisible characters go, line breaks
 * become plain ones, our own marks and verdict tags lose their brackets, and a written-out answer such as
 * `"label": "yes"` with one of the labels on offer is set in quotation marks that no answer has.
 *
 * This makes forging harder; it does not make injection impossible. What decides is that the answer comes
 * only through the schema, never out of the text.
 */
export function neutralise(text: string, labels: readonly string[]): string {
  const readable = text
    .replace(/\r\n?|[\u0085\u2028\u2029]/gu, "\n")
    .replace(INVISIBLE, "")
    .replace(MARKERS, "‹$1›")
    .replace(OWN_NOTE, "(tracegate");
  if (labels.length === 0) return readable;
  const words = labels.map(escapeForPattern).join("|");
  const verdict = new RegExp(
    String.raw`\b((?:label|verdict|score|rating|judge?ment|evaluation)\\?["']?\s{0,3}(?:[:=]|is)\s{0,3}\\?["']?)(${words})\b`,
    "giu",
  );
  return readable.replace(verdict, "$1‹$2›");
}

function escapeForPattern(label: string): string {
  return label.replace(/[.*+?^${}()|[\]\\]/gu, "\\$&");
}

/** A name (tool, model, role) on one line, without anything that could pass for our own text. */
export function neutraliseName(name: string): string {
  const line = neutralise(name, []).replace(/\s+/gu, " ").trim();
  return line.length > 80 ? `${line.slice(0, 79).toWellFormed()}…` : line;
}
