/** Control, format, line and paragraph separator characters and halves of pairs: they hide or reorder what a person reads. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu;

/** The text on one line, without invisible characters, at most `limit` characters (default 300) long. */
export function oneLine(text: string, limit = 300): string {
  const line = text.replace(INVISIBLE, " ").replace(/ {2,}/g, " ").trim();
  const points = [...line.slice(0, limit * 2 + 2)];
  return points.length > limit ? `${points.slice(0, limit).join("")}…` : line;
}

/**
 * Untrusted text for the step summary: on one line, and with every ASCII character that means something to Markdown or HTML
 * as a numeric reference, so that nothing in it can be a link, an image, a table cell, a mention or a tag.
 */
export function escapeMarkdown(text: string, limit = 300): string {
  return oneLine(text, limit).replace(/[!-/:-@[-`{-~]/g, (mark) => `&#${mark.charCodeAt(0)};`);
}

/**
 * Untrusted text for the log: on one line, and with the marks of workflow commands broken, so that the runner obeys
 * nothing in it (`::name::` at the start of a line, `##[name]` anywhere).
 */
export function escapeLog(text: string, limit = 300): string {
  return oneLine(text, limit).replaceAll("::", ": :").replaceAll("##[", "## [");
}
