import { parseJson } from "../../core/json.ts";
import { readCalendar } from "./calendar.ts";
import type { Claim, IdClaim, NumberClaim } from "./claim.ts";
import { jsonLeaves } from "./json-leaves.ts";
import { readNumber } from "./read-number.ts";

/** Text between white space, quotes, brackets and mark-up. */
const CHUNK = /[^\s"“”'’`()[\]{}<>|*;!?=~…→]+/gu;

/** A number with what usually sticks to it: sign, currency, per cent, a unit, the rest of a compound. */
const NUMBER_CHUNK =
  /^[-−+#≈±]?((?:[A-Z]{1,3}|S\/\.?)?[$€£¥₹]|USD|EUR|GBP|S\/\.?)?[-−+]?(\d+(?:[.,]\d+)*)(%|[$€£¥₹]|[\p{L}°²³]{1,5})?(?:-\p{L}[\p{L}-]*)?$/u;

/** `5-7`, `$10-$20%`. */
const RANGE = /^[$€£]?\d[\d.,]*-[$€£]?\d[\d.,]*%?$/;

const MONEY_WORD =
  /^\s{0,2}(?:[$€£¥₹]|(?:dollars?|usd|eur|euros?|gbp|pounds?|soles|sol|pesos?|d[oó]lares|cents?)\b)/i;
const PERCENT_WORD = /^\s{0,2}(?:%|percent|per cent|por ciento)/i;
const CONVERTIBLE =
  /^\s{0,2}-?(?:ms|s|sec|seconds?|segundos?|min|mins|minutes?|minutos?|h|hrs?|hours?|horas?|days?|d[ií]as?|weeks?|semanas?|months?|meses|mes|years?|años?|[kmgt]b|[kmgt]ib|bytes|mbps|gbps|km|m|cm|mm|miles?|kg|g|mg|lbs?|l|ml)\b/i;
const MULTIPLIER_WORD = /^\s?(k|mil|thousand|million|millones|millón|bn|billion)(?!\p{L})/iu;
const ENDING_WORD = /(?:end(?:s|ing)?|terminad[ao]s?|termina|last|[úu]ltim[oa]s|final(?:iza)?)\b.{0,25}$/i;
const LIST_COUNTER = /^[ \t]*\d{1,3}[.)](?=\s)/gm;
const ESCAPE = /\\u[0-9a-fA-F]{4}|\\[nrt]/g;
const MARKDOWN_ESCAPE = /\\(?=[_$*#.\-[\]()~`>|+!])/g;

/** Shows a form and claims nothing: "e.g. `jane_doe_123`". */
const EXAMPLE =
  /(?:\be\.?g\b|\bi\.e\b|(?<![@/.\w])examples?(?!\.\w)|\bsuch as\b|\blooks? like\b|\blike (?:this|['"`“]|#)|\bformat\b|\bej\b|ejemplo|formato|exemplo|exemple|beispiel|\bz\.\s?b\b|esempio)[^\n]{0,60}\S{0,80}/gi;

/** Chunks longer than this are data, not claims. */
const LONGEST = 80;

/** Characters of one text that are read; what goes on longer is a document, not an answer. */
const MOST_TEXT = 100_000;

/** The numbers, dates, times and ids that texts for the user state, each once. JSON is read for its values. */
export function readClaims(texts: readonly string[]): readonly Claim[] {
  const claims = new Map<string, Claim>();
  for (const plain of texts.flatMap(plainTexts)) {
    const { dates, times, rest } = readCalendar(plain);
    for (const claim of [...dates, ...times, ...readChunks(rest)]) {
      claims.set(`${claim.kind} ${claim.text}`, claim);
    }
  }
  return [...claims.values()];
}

/** The text without mark-up, list counters and examples; of JSON, its values. */
function plainTexts(text: string): readonly string[] {
  const parsed = /^\s*[{[]/.test(text) ? parseJson(text) : undefined;
  const texts = parsed === undefined ? [text] : jsonLeaves(parsed);
  return texts.map((each) =>
    head(each)
      .replace(ESCAPE, " ")
      .replace(MARKDOWN_ESCAPE, "")
      .replace(LIST_COUNTER, " ")
      .replace(EXAMPLE, " "),
  );
}

/** The part of a long text that is read, cut between words. */
function head(text: string): string {
  if (text.length <= MOST_TEXT) return text;
  const cut = text.slice(0, MOST_TEXT);
  return cut.slice(0, Math.max(cut.lastIndexOf(" "), cut.lastIndexOf("\n"), 0));
}

function readChunks(text: string): readonly Claim[] {
  const claims: Claim[] = [];
  for (const match of text.matchAll(CHUNK)) {
    if (!/\d/.test(match[0]) || match[0].length > LONGEST) continue;
    const chunk = match[0].replace(/^[.,:&/–—-]+|[.,:&/–—+-]+$/gu, "");
    const end = match.index + match[0].length;
    const before = text.slice(Math.max(0, match.index - 40), match.index);
    claims.push(...readChunk(chunk, before, text.slice(end, end + 20)));
  }
  return claims;
}

function readChunk(chunk: string, before: string, after: string): readonly Claim[] {
  if (/:\/\/|@|^www\./.test(chunk)) return [{ kind: "id", text: chunk }];
  const whole = numberClaim(chunk, before, after);
  if (whole !== undefined) return [whole];
  // A date without a year, a fraction, "24/7": nothing that could be checked.
  if (/^\d{1,2}\/\d{1,2}$/.test(chunk)) return [];
  const pieces = chunk.split(RANGE.test(chunk) ? "-" : /[–—/,:&]/u).filter((piece) => /\d/.test(piece));
  if (pieces.length === 1 && pieces[0] === chunk) return idClaim(chunk);
  return pieces.flatMap((piece) => numberClaim(piece, before, after) ?? idClaim(piece));
}

function numberClaim(chunk: string, before: string, after: string): NumberClaim | IdClaim | undefined {
  const match = NUMBER_CHUNK.exec(chunk);
  const digits = match?.[2];
  if (match === null || digits === undefined) return undefined;
  if (/^\d{7,}$/.test(digits) && match[1] === undefined) return { kind: "id", text: chunk };
  const suffix = match[3];
  const multiplier = suffix === undefined ? MULTIPLIER_WORD.exec(after)?.[1] : suffix;
  const readings = readNumber(digits, multiplier);
  if (readings.length === 0) return { kind: "id", text: chunk };
  const money = match[1] !== undefined || /[$€£¥₹]/.test(`${suffix ?? ""}${before.trimEnd().slice(-1)}`);
  const percent = suffix === "%" || PERCENT_WORD.test(after);
  return {
    kind: "number",
    text: chunk,
    readings,
    unit: percent ? "percent" : money || MONEY_WORD.test(after) ? "money" : "none",
    convertible: CONVERTIBLE.test(suffix ?? after),
    ending: ENDING_WORD.test(before),
  };
}

/**
 * A mix of letters and digits is an id when it has three digits or more, or is a code of capitals. Long
 * snake_case names are labels.
 */
function idClaim(chunk: string): readonly IdClaim[] {
  if (chunk.split("_").length > 3) return [];
  const digits = chunk.replace(/\D/g, "").length;
  const code = /^[A-Z\d]{5,}$/.test(chunk) && chunk.length + digits >= 7;
  return digits >= 3 || code ? [{ kind: "id", text: chunk }] : [];
}
