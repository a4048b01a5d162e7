import { clipText } from "./clip-text.ts";
import { type Defence, holds } from "./defences.ts";
import { neutralise, neutraliseName } from "./neutralise.ts";
import type { TraceEntry } from "./trace-entry.ts";

/** An entry, or several equal ones in a row, ready to be written. */
export interface LedgerEntry {
  /** Numbers of the first and the last entry folded into this one; counted from 1. */
  readonly first: number;
  readonly last: number;
  readonly spanIds: readonly string[];
  /** Kind, name, status and time: ours, on one line. */
  readonly title: string;
  /** Failed steps, and the one that is asked about, are never left out; changes of state are the last to go. */
  readonly rank: "always" | "late" | "early";
  /** Number of an earlier entry that is equal, if any. */
  readonly repeats?: number;
  /** Safe, quoted texts with their labels. */
  readonly texts: readonly { readonly label: string; readonly text: string }[];
}

/** How many characters of a text are shown. */
export interface LedgerLimits {
  /** Of any text; 0 shows none, only how much there is. */
  readonly text: number;
  /** Of the texts of a failed step or a change of state, where that is more. */
  readonly first: number;
  /** Entries kept at the start and at the end, besides those that stay by their rank; the rest becomes gaps. */
  readonly ends: number;
  /** Whether changes of state stay, like failed steps. */
  readonly keepsChanges: boolean;
  /** Characters it may take; with more than that it is given up early. */
  readonly room: number;
}

/** A written ledger, and what it leaves out. */
export interface WrittenLedger {
  readonly text: string;
  /** Characters of recorded text shown, and one for each entry. */
  readonly kept: number;
  readonly omitted: readonly LedgerEntry[];
}

/** How {@link prepareLedger} writes. */
export interface LedgerOptions {
  readonly labels: readonly string[];
  /** The span that is asked about, if one is. */
  readonly focus?: string;
  /** For tests: the defence that is switched off. */
  readonly without?: Defence;
}

/**
 * Makes entries safe and folds equal steps: those in a row into one, later ones into a reference to the first. Turns and failed
 * steps are never folded.
 */
export function prepareLedger(
  entries: readonly TraceEntry[],
  { labels, focus, without }: LedgerOptions,
): readonly LedgerEntry[] {
  const prepared: LedgerEntry[] = [];
  const firstOf = new Map<string, number>();
  let lastKey: string | undefined;
  entries.forEach((entry, index) => {
    const inFocus = focus !== undefined && entry.spanIds.includes(focus);
    const folds = entry.status === "ok" && !inFocus;
    const key = folds ? keyOf(entry) : undefined;
    const previous = prepared.at(-1);
    if (previous !== undefined && key !== undefined && key === lastKey) {
      const spanIds = [...previous.spanIds, ...entry.spanIds];
      prepared[prepared.length - 1] = { ...previous, last: index + 1, spanIds };
      return;
    }
    lastKey = key;
    const repeats = key === undefined || sizeOf(entry.texts) < WORTH_REFERRING ? undefined : firstOf.get(key);
    if (key !== undefined && repeats === undefined) firstOf.set(key, index + 1);
    prepared.push({
      first: index + 1,
      last: index + 1,
      spanIds: entry.spanIds,
      title: titleOf(entry, without),
      rank: inFocus || entry.status === "error" ? "always" : entry.changesState === true ? "late" : "early",
      ...(repeats !== undefined && { repeats }),
      texts: entry.texts.map(({ label, text }) => ({ label, text: quote(text, labels, without) })),
    });
  });
  return prepared;
}

/** Equal for equal steps only: with its length before each text, no text can pass for two. */
function keyOf({ kind, name, texts }: TraceEntry): string {
  const parts = [kind, name, ...texts.flatMap(({ label, text }) => [label, text])];
  return parts.map((part) => `${part.length}:${part}`).join("");
}

/** Characters; below that a reference is no shorter than what it refers to. */
const WORTH_REFERRING = 40;

function titleOf(entry: TraceEntry, without?: Defence): string {
  const status = entry.status === "error" ? "ERROR" : entry.status;
  const duration = entry.durationMs === null ? null : `${Math.round(entry.durationMs)} ms`;
  return [neutraliseName(entry.kind, without), neutraliseName(entry.name, without), status, duration]
    .filter((word) => word !== null && word !== "")
    .join(" ");
}

/** Recorded text, safe, each line behind a bar: no line of it can start like one of ours. */
export function quote(text: string, labels: readonly string[], without?: Defence): string {
  const safe = neutralise(text, labels, without);
  return holds("bars", without) ? safe.replaceAll("\n", "\n| ") : safe;
}

/** Characters of recorded text that the ledger could show, and one for each entry; what is equal counts once. */
export function ledgerSize(entries: readonly LedgerEntry[]): number {
  return entries.reduce(
    (sum, entry) => sum + countOf(entry) + (entry.repeats === undefined ? sizeOf(entry.texts) : 0),
    0,
  );
}

function sizeOf(texts: readonly { readonly text: string }[]): number {
  return texts.reduce((sum, { text }) => sum + text.length, 0);
}

/** Writes the ledger within the limits; null when there is not room enough. Failed steps are never left out. */
export function writeLedger(entries: readonly LedgerEntry[], limits: LedgerLimits): WrittenLedger | null {
  const lines: string[] = [];
  const omitted: LedgerEntry[] = [];
  const shown = new Map<number, number>();
  let gap: LedgerEntry[] = [];
  let kept = 0;
  let length = 0;
  const closeGap = (): void => {
    if (gap.length > 0) lines.push(gapMark(gap));
    omitted.push(...gap);
    gap = [];
  };
  for (const [index, entry] of entries.entries()) {
    const stays = entry.rank === "always" || (entry.rank === "late" && limits.keepsChanges);
    if (!stays && index >= limits.ends && index < entries.length - limits.ends) {
      gap.push(entry);
      continue;
    }
    closeGap();
    kept += countOf(entry);
    const original = shown.get(entry.repeats ?? entry.first);
    const equal = original === undefined ? "" : `, equal to #${original}`;
    const line = `${numbers(entry)} ${spans(entry.spanIds, 2)} ${entry.title}${equal}`;
    lines.push(line);
    length += line.length + 1;
    if (length > limits.room) return null;
    if (original !== undefined) continue;
    shown.set(entry.repeats ?? entry.first, entry.first);
    const written = writeTexts(entry, limits);
    lines.push(...written.lines);
    length += written.kept;
    kept += written.kept;
  }
  closeGap();
  return {
    text: lines.join("\n"),
    kept,
    omitted,
  };
}

function writeTexts(entry: LedgerEntry, limits: LedgerLimits): { lines: readonly string[]; kept: number } {
  const limit = entry.rank === "early" ? limits.text : Math.max(limits.text, limits.first);
  const size = sizeOf(entry.texts);
  if (limit === 0 && size > 0) return { lines: [`[tracegate: ${size} characters left out]`], kept: 0 };
  const clipped = entry.texts.map(({ label, text }) => ({ label, ...clipText(text, limit) }));
  const kept = clipped.reduce((sum, text) => sum + text.kept, 0);
  return { lines: clipped.map(({ label, text }) => `| ${label === "" ? "" : `${label}: `}${text}`), kept };
}

/** Turns and steps that an entry stands for. */
export function countOf(entry: LedgerEntry): number {
  return entry.last - entry.first + 1;
}

function numbers(entry: LedgerEntry): string {
  const count = countOf(entry);
  return count === 1 ? `#${entry.first}` : `#${entry.first} to #${entry.last} (x ${count}, all equal)`;
}

/** Span ids, at most `ends` from either end of a longer list. */
function spans(ids: readonly string[], ends: number): string {
  if (ids.length === 0) return "-";
  if (ids.length <= 2 * ends) return ids.join(", ");
  return `${ids.slice(0, ends).join(", ")}, … ${ids.slice(-ends).join(", ")}`;
}

function gapMark(gap: readonly LedgerEntry[]): string {
  const count = gap.reduce((sum, entry) => sum + countOf(entry), 0);
  const first = gap[0]?.first ?? 0;
  const last = gap.at(-1)?.last ?? 0;
  const ids = gap.flatMap((entry) => entry.spanIds);
  const where = ids.length === 0 ? "" : `; spans ${spans(ids, 3)}`;
  return `[tracegate: #${first} to #${last} left out, ${count} in number${where}]`;
}
