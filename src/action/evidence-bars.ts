import { odds } from "../render/numbers.ts";
import { escapeMarkdown } from "./escape.ts";
import type { PublishedReport } from "./report-schema.ts";

/** Characters of a full bar. */
const WIDTH = 20;

/** Cases in the plot at the most. */
const MAX_BARS = 15;

/** Eighths of a character, filled from the left. */
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/**
 * The evidence as bars in a Markdown table: all cases together, then the cases with some. GitHub strips scripts, styles
 * and inline SVG from summaries and comments; characters are left. The scale is logarithmic, from 1 (no evidence) to the square
 * of the limit, so that the limit is in the middle.
 *
 * @param limit Evidence at which the gate blocks: 1 / errorRate. Without it there is no mark.
 */
export function evidenceTable(report: PublishedReport, limit?: number): string {
  const { verdict } = report;
  if (verdict.cases.length === 0) return "";
  const bars = verdict.cases
    .filter(({ evidence, blocking }) => blocking && evidence > 1)
    .toSorted((a, b) => b.evidence - a.evidence)
    .slice(0, MAX_BARS);
  const top = limit === undefined ? 400 : limit ** 2;
  const row = (name: string, evidence: number) =>
    `| ${name} | ${barOf(evidence, top, limit !== undefined)} | ${evidenceText(evidence)} |`;
  return [
    `| evidence of a break | ${limit === undefined ? "" : `1 to ${evidenceText(top)}; ┃ is ${evidenceText(limit)}, where the gate blocks`} | |`,
    "| --- | --- | ---: |",
    row("**all cases**", verdict.evidence),
    ...bars.map(({ caseId, scorer, evidence }) =>
      row(`${escapeMarkdown(caseId, 40)}, ${escapeMarkdown(scorer, 40)}`, evidence),
    ),
  ].join("\n");
}

/** {@link odds} as Markdown. */
export function evidenceText(evidence: number): string {
  return odds(evidence).replace(">", "&gt;");
}

function barOf(evidence: number, top: number, marked: boolean): string {
  const share = evidence <= 1 ? 0 : Math.min(1, Math.log(evidence) / Math.log(top));
  const eighths = Math.round(share * WIDTH * 8);
  const bar = ("█".repeat(eighths >> 3) + (EIGHTHS[eighths & 7] ?? "")).padEnd(WIDTH, "░");
  return marked ? `${bar.slice(0, WIDTH / 2)}┃${bar.slice(WIDTH / 2)}` : bar;
}
