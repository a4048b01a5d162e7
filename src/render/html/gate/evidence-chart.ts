import type { Verdict } from "../../../core/verdict.ts";
import { odds } from "../../numbers.ts";
import { type Html, html } from "../html.ts";

/** Bars of cases at the most. */
const MAX_BARS = 40;

/** Sizes in px. */
const ROW = 24;
const NAMES = 320;
const BARS = 520;

/**
 * The evidence against "nothing changed" as bars, on a logarithmic scale from 1 to the square of the limit: all cases
 * together, then every case with some, with a line where the gate blocks.
 *
 * @param limit 1 / errorRate.
 */
export function evidenceChart(verdict: Verdict, limit: number): Html {
  const cases = verdict.cases
    .filter(({ evidence, blocking }) => blocking && evidence > 1)
    .toSorted((a, b) => b.evidence - a.evidence);
  const rows = [
    { name: "all cases", evidence: verdict.evidence, bad: verdict.evidence >= limit },
    ...cases.slice(0, MAX_BARS).map(({ caseId, scorer, evidence, outcome }) => {
      return { name: `${cut(caseId)}, ${cut(scorer)}`, evidence, bad: outcome === "regressed" };
    }),
  ];
  const height = (rows.length + 1) * ROW;
  const width = NAMES + BARS + 80;
  const at = (evidence: number) => Math.round(share(evidence, limit) * BARS);
  const bars = rows.map(({ name, evidence, bad }, index) => {
    const top = (index + 1) * ROW;
    // A path, because our style gives every rect the colour of a step.
    return html`<text x="${NAMES - 8}" y="${top + 15}" text-anchor="end" fill="currentColor" font-size="12">${name}</text>
<path class="${bad ? "failed" : "unscored"}" fill="currentColor" d="M${NAMES} ${top + 4}h${Math.max(1, at(evidence))}v${ROW - 10}H${NAMES}z"/>
<text x="${NAMES + at(evidence) + 6}" y="${top + 15}" fill="currentColor" font-size="12">${odds(evidence)}</text>
`;
  });
  const left =
    cases.length > MAX_BARS && html`<p class="note">${cases.length - MAX_BARS} more are in the table.</p>`;
  return html`<div class="wide"><svg role="img" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><title>Evidence of a break, by case</title>
<path class="failed" stroke="currentColor" stroke-dasharray="4 3" d="M${NAMES + at(limit)} 18V${height}"/>
<text x="${NAMES + at(limit)}" y="13" text-anchor="middle" fill="currentColor" font-size="12">${odds(limit)}: the gate blocks</text>
${bars}</svg></div>${left}`;
}

/** Place on the scale, 0..1. */
function share(evidence: number, limit: number): number {
  return evidence <= 1 ? 0 : Math.min(1, Math.log(evidence) / (2 * Math.log(limit)));
}

function cut(text: string): string {
  return text.length > 24 ? `${text.slice(0, 23)}…` : text;
}
