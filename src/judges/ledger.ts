import { clipText } from "./clip-text.ts";
import { type Defence, holds } from "./defences.ts";
import { neutralise, neutraliseName } from "./neutralise.ts";
import type { TraceEntry } from "./trace-entries.ts";

/** An entry, or several equal ones in a row, ready to be written. */
export interface LedgerEntry {
  /** Numbers of the first and the last entry folded into this one; counted from 1. */
  readonly first: number;
  readonly last: number;
  readonly spanIds: readonly string[];
  /** Kind, name, status and time: ours, on one line. */
  readonly title: string;
  readonly isError: boolean;
  /** Safe, quoted texts with their labels. */
  readonly texts: readonly { readonly label: string; readonly text: string }[];
}

/** How many characters of a text are shown. */
export interface LedgerLimits {
  /** Of any text. */
  readonly text: number;
  /** Of the texts of a failed step, where that is more. */
  readonly error: number;
  /** Entries kept at the start and at the end, besides the failed ones; the rest becomes gaps. */
  readonly ends: number;
}

/** A written ledger, and what it leaves out. */
export interface WrittenLedger {
  readonly text: string;
  /** Characters of recorded text shown. */
  readonly kept: number;
  readonly omittedEntries: number;
  readonly omittedSpanIds: readonly string[];
}

/** Makes entries safe and folds equal consecutive steps into one. Turns and failed steps are never folded. */
export function prepareLedger(
  entries: readonly TraceEntry[],
  labels: readonly string[],
  without?: Defence,
): readonly LedgerEntry[] {
  const prepared: LedgerEntry[] = [];
  let lastKey: string | undefined;
  entries.forEach((entry, index) => {
    const isStep = entry.status === "ok";
    const key = isStep ? JSON.stringify([entry.kind, entry.name, entry.texts]) : undefined;
    const previous = prepared.at(-1);
    if (previous !== undefined && key !== undefined && key === lastKey) {
      prepared[prepared.length - 1] = {
        ...previous,
        last: index + 1,
        spanIds: [...previous.spanIds, ...entry.spanIds],
      };
      return;
    }
    lastKey = key;
    prepared.push({
      first: index + 1,
      last: index + 1,
      spanIds: entry.spanIds,
      title: titleOf(entry, without),
      isError: entry.status === "error",
      texts: entry.texts.map(({ label, text }) => ({ label, text: quote(text, labels, without) })),
    });
  });
  return prepared;
}

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

/** Characters of recorded text that the ledger could show. */
export function ledgerSize(entries: readonly LedgerEntry[]): number {
  return entries.reduce(
    (sum, entry) => sum + entry.texts.reduce((size, { text }) => size + text.length, 0),
    0,
  );
}

/** Writes the ledger within the limits. Failed steps are never left out. */
export function writeLedger(entries: readonly LedgerEntry[], limits: LedgerLimits): WrittenLedger {
  const lines: string[] = [];
  const omitted: LedgerEntry[] = [];
  let gap: LedgerEntry[] = [];
  let kept = 0;
  const closeGap = (): void => {
    if (gap.length > 0) lines.push(gapMark(gap));
    omitted.push(...gap);
    gap = [];
  };
  entries.forEach((entry, index) => {
    const isShown = entry.isError || index < limits.ends || index >= entries.length - limits.ends;
    if (!isShown) {
      gap.push(entry);
      return;
    }
    closeGap();
    lines.push(`${numbers(entry)} ${spans(entry.spanIds, 2)} ${entry.title}`);
    for (const { label, text } of entry.texts) {
      const clipped = clipText(text, entry.isError ? Math.max(limits.text, limits.error) : limits.text);
      lines.push(`| ${label === "" ? "" : `${label}: `}${clipped.text}`);
      kept += clipped.kept;
    }
  });
  closeGap();
  return {
    text: lines.join("\n"),
    kept,
    omittedEntries: omitted.reduce((sum, entry) => sum + countOf(entry), 0),
    omittedSpanIds: omitted.flatMap((entry) => entry.spanIds),
  };
}

function countOf(entry: LedgerEntry): number {
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
