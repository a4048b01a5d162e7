import { type Defence, holds } from "./defences.ts";
import { asItLooks, plainLetters } from "./lookalikes.ts";

/** Characters that hide text from a reader or change its direction, joiners, variation selectors, and the invisible tag letters. */
const INVISIBLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\u00AD\u061C\u115F\u1160\u17B4\u17B5\u180E\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u206F\u3164\uFEFF\uFFA0]|[\uFE00-\uFE0E]|\u034F|[\u{E0000}-\u{E01EF}]/gu;

/**
 * Openings of our own fence, of tags and chat-template tokens that pretend to be somebody else's turn or a verdict, and of comments. An
 * opening without its bracket is enough: nothing can be nested or left unclosed so as to come back.
 */
const TAGS =
  /<(?=\s{0,9}\/?\s{0,9}(?:end of trace|trace|system|developer|assistant|user|human|tool|verdict|label|score|rating|judge(?:ment)?|evaluation|grader?|rationale|instructions?|admin)\b|\|[a-z_]{1,40}\||!--)/giu;

/** Openings of chat templates in square brackets, and of our own notes inside the block. */
const TURNS = /\[(?=\/?(?:INST|SYS|SYSTEM|ASSISTANT|USER|TOOL_RESULTS|AVAILABLE_TOOLS)\])/giu;
const OWN_NOTES = /\[(?=\s{0,9}tracegate)/giu;

/**
 * Makes recorded text safe to show to a judge, keeping what it says: invisible characters go, line breaks
 * become plain ones, our own marks, role and verdict tags lose their opening bracket, and a written-out answer such as
 * `"label": "yes"` with one of the labels on offer is set in quotation marks that no answer has. Letters that
 * only look Latin are found too. Doing it twice changes nothing more.
 *
 * This makes forging harder; it does not make injection impossible. What decides is that the answer comes
 * only through the schema, never out of the text.
 *
 * @param without for tests: the defence that is switched off.
 */
export function neutralise(text: string, labels: readonly string[], without?: Defence): string {
  let safe = text.replace(/\r\n?|[\u0085\u2028\u2029]/gu, "\n");
  if (holds("invisible", without)) safe = safe.replace(INVISIBLE, "");
  if (holds("lookalikes", without)) safe = plainLetters(safe);
  const find = holds("lookalikes", without) ? asItLooks : (same: string) => same;
  if (holds("markers", without)) {
    safe = replaceWhere(safe, find, TAGS, () => "‹");
    safe = replaceWhere(safe, find, TURNS, () => "(");
  }
  if (holds("notes", without)) safe = replaceWhere(safe, find, OWN_NOTES, () => "(");
  if (labels.length === 0 || !holds("verdicts", without)) return safe;
  return replaceWhere(safe, find, verdictPattern(labels), (label) => `‹${label}›`);
}

/** Replaces each hit, found in the text as it looks, by what is made of the text itself. */
function replaceWhere(
  text: string,
  asFound: (text: string) => string,
  pattern: RegExp,
  replacement: (hit: string) => string,
): string {
  const looked = asFound(text);
  // Most texts have no hit, and this needs no copy of the pattern.
  if (looked.search(pattern) === -1) return text;
  let result = "";
  let done = 0;
  for (const { 0: found, index } of looked.matchAll(pattern)) {
    const end = index + found.length;
    result += text.slice(done, index) + replacement(text.slice(index, end));
    done = end;
  }
  return result + text.slice(done);
}

/** Patterns of the labels that are in use; a trace has many texts, and all are looked through for the same. */
const verdictPatterns = new WeakMap<readonly string[], RegExp>();

/** A label that is written out as an answer, after `label:`, `verdict =`, `score is` and the like. */
function verdictPattern(labels: readonly string[]): RegExp {
  const known = verdictPatterns.get(labels) ?? makeVerdictPattern(labels);
  verdictPatterns.set(labels, known);
  return known;
}

function makeVerdictPattern(labels: readonly string[]): RegExp {
  const words = labels.map(escapeForPattern).join("|");
  const keys = "label|verdict|score|rating|judge?ment|evaluation|grade|answer|decision|outcome";
  const dressing = String.raw`[\s"'*_\\]{0,8}`;
  return new RegExp(
    String.raw`(?<=\b(?:${keys})${dressing}(?:[:=]|is|-->?)${dressing})(?:${words})\b`,
    "giu",
  );
}

function escapeForPattern(label: string): string {
  return label.replace(/[.*+?^${}()|[\]\\]/gu, "\\$&");
}

/** A name (tool, model, role) on one line, without anything that could pass for our own text. */
export function neutraliseName(name: string, without?: Defence): string {
  const safe = neutralise(name, [], without);
  if (!holds("names", without)) return safe;
  const line = safe.replace(/\s+/gu, " ").trim();
  return line.length > 80 ? `${line.slice(0, 79).toWellFormed()}…` : line;
}
