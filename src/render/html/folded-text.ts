import type { JsonValue } from "../../core/json.ts";
import { count } from "../numbers.ts";
import { type Html, html } from "./html.ts";

/** Characters and lines up to which a text stands open. */
const OPEN_CHARACTERS = 1_200;
const OPEN_LINES = 16;
/** Characters of a folded text that are shown of it. */
const TEASER = 240;

/** A text as it is; a long one folded, and complete when it is opened. */
export function foldedText(text: string): Html {
  if (text === "") return html`<p class="note">(empty)</p>`;
  if (text.length <= OPEN_CHARACTERS && lineCount(text) <= OPEN_LINES) return html`<pre>${text}</pre>`;
  const size = count(text.length, "character");
  return html`<details class="fold"><summary><span class="teaser">${teaser(text, TEASER)}</span> <span class="note">${size}</span></summary><pre>${text}</pre></details>`;
}

/** A value of a trace: a text as text, anything else as indented JSON. */
export function foldedValue(value: JsonValue): Html {
  if (typeof value === "string") return foldedText(value);
  return foldedText(JSON.stringify(value, null, 2));
}

/** The beginning of a text on one line, at most `length` characters of it. */
export function teaser(text: string, length: number): string {
  // Only as much is looked at as can be shown: texts may be megabytes long.
  const head = text.slice(0, length * 4);
  const line = head.replace(/\s+/g, " ").trim();
  return line.length > length || head.length < text.length ? `${line.slice(0, length - 1)}…` : line;
}

function lineCount(text: string): number {
  let lines = 1;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) lines += 1;
  return lines;
}
