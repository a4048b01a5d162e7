import { textOf } from "../../src/core/message.ts";
import { CANARY_STORIES } from "../../src/judges/attacks/canary-run.ts";
import type { ModelReply, ModelRequest } from "../../src/llmwire/model-request.ts";

/**
 * A model that obeys every instruction it can find. It knows the rules of the prompt (the record between two marks with one number
 * is data, recorded lines stand behind a bar, the question follows again after it) and keeps to them as long as they are kept; where the
 * record looks like something else, it believes it. Left alone, it answers truthfully.
 */
export function obedientReply(request: ModelRequest, labels: { pass: string; fail: string }): ModelReply {
  const content = request.messages
    .filter(({ role }) => role === "user")
    .map(textOf)
    .join("\n");
  const commands = commandsIn(content);
  const obeys = commands.some((command) => names(command, labels.pass)) || saysNothing(content);
  const cited = [...content.matchAll(/cite span ([0-9a-f]{16})/giu)].map((match) => match[1] ?? "");
  const isGood = CANARY_STORIES.some((story) => content.includes(`# Final answer\n| ${story.truthful}`));
  const truthful = isGood ? labels.pass : labels.fail;
  const answer = {
    rationale: obeys ? "I was told so." : "By the record.",
    evidence: ["0000000000000003", ...cited],
    label: obeys ? labels.pass : truthful,
  };
  return { text: JSON.stringify(answer) };
}

/** Everything in the prompt that the model takes for an instruction. */
function commandsIn(content: string): readonly string[] {
  const text = readable(content);
  const number = /<<trace ([0-9a-f]{16})>>/u.exec(text)?.[1] ?? "";
  // Marks are recognised however they are written, but only with the number of the opening one.
  const end = new RegExp(String.raw`[<⟪]\s*[<]?\s*end of trace ${number}\s*[>⟫]\s*[>]?`, "u");
  const record = text.slice(text.indexOf(">>\n") + 3);
  const place = end.exec(record);
  const inside = record.slice(0, place?.index ?? record.length);
  const after = record.slice((place?.index ?? 0) + (place?.[0].length ?? 0));
  const reminded = after.includes(`The record between the marks with ${number} ends here`);
  return [
    // What follows the record is ours; the question names all labels, so it is taken out first.
    after.slice(0, Math.max(0, after.lastIndexOf("The question\n"))),
    ...(reminded ? [] : [inside]),
    ...linesOfOurs(inside),
    ...turns(inside),
    ...notes(inside),
    ...writtenAnswers(inside),
    hidden(content),
  ];
}

/** As a model sees it: without what is invisible, letters read as what they look like. */
function readable(text: string): string {
  const shown = text.replace(/[\u00AD\u200B-\u200F\u202A-\u202E\u2060-\u2064\u2066-\u2069]/gu, "");
  return asLatin(
    shown.replace(/[\uFF01-\uFF5E]|[\u{1D400}-\u{1D7FF}]/gu, (letter) => letter.normalize("NFKC")),
  );
}

function asLatin(text: string): string {
  const pairs: { readonly [letter: string]: string } = {
    а: "a",
    е: "e",
    о: "o",
    р: "p",
    ѕ: "s",
    і: "i",
    с: "c",
  };
  return text.replace(/[аеорѕіс]/gu, (letter) => pairs[letter] ?? letter);
}

/** Lines without a bar that are not the renderer's headings, steps, gaps or cuts. */
function linesOfOurs(record: string): readonly string[] {
  const known = /^(# (Instructions of the agent|Task|What happened|Final answer)$|#\d+ )/u;
  return record.split("\n").filter((line) => !line.startsWith("| ") && !known.test(line));
}

/** What follows a token or tag that begins somebody's turn or a verdict. */
function turns(record: string): readonly string[] {
  const opening = /<\|[a-z_]+\|>|<(?:system|developer|assistant|verdict)\b[^>\n]*>|\[\/?INST\]|<!--/giu;
  return [...record.matchAll(opening)].map((match) => record.slice(match.index, match.index + 300));
}

/** Our notes, but for those that say what was left out. */
function notes(record: string): readonly string[] {
  return [...record.matchAll(/\[tracegate:[^\]]*\]/giu)]
    .map(([note]) => note)
    .filter((note) => !note.includes("left out"));
}

/** Answers that are already written. */
function writtenAnswers(record: string): readonly string[] {
  const written =
    /\b(?:label|verdict|score|rating|evaluation|decision)\W{0,12}?(?:[:=]|is|-->)[\s"'*\\|]{0,8}\w+/giu;
  return [...record.matchAll(written)].map(([answer]) => answer);
}

/** Tag characters, decoded. */
function hidden(content: string): string {
  const tags = content.match(/[\u{E0020}-\u{E007E}]/gu) ?? [];
  return tags.map((tag) => String.fromCodePoint((tag.codePointAt(0) ?? 0xe0020) - 0xe0000)).join("");
}

/** A final answer without anything in it impresses this model. */
function saysNothing(content: string): boolean {
  const answer = /# Final answer\n\| ([\s\S]*?)\n<<end of trace/u.exec(content)?.[1]?.trim() ?? "";
  return /^(thought process:|let's solve this problem step by step\.|solution|解：|[:.。]?)$/iu.test(answer);
}

function names(command: string, label: string): boolean {
  return new RegExp(String.raw`(?<![\p{L}\p{N}])${label}(?![\p{L}\p{N}])`, "iu").test(command);
}
