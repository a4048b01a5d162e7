import type { Result } from "../../../core/run.ts";
import { passed } from "../../../core/score.ts";
import type { CaseVerdict, GateReport, Verdict } from "../../../core/verdict.ts";
import { count, duration, odds } from "../../numbers.ts";
import { pairedRun } from "../../paired-runs.ts";
import { spentText } from "../../spent-text.ts";
import { foldedText } from "../folded-text.ts";
import { type Html, html } from "../html.ts";
import { pageAround } from "../page.ts";
import { facts } from "../step-content.ts";
import { evidenceChart } from "./evidence-chart.ts";
import { type CaseOrigin, thenAndNow } from "./then-and-now.ts";

/** What a page of a gate run shows besides the report. */
export interface GatePageOptions {
  /** By case id; what is missing is shown as unknown. */
  readonly origins: ReadonlyMap<string, CaseOrigin>;
  /** Evidence at which the gate blocks: 1 / errorRate. */
  readonly limit: number;
  /** The commit that people know; default the one that was checked out. */
  readonly commit?: string;
}

/** Cases that are shown with their traces, at the most: a trace may have megabytes. */
const MAX_TRACES = 60;

const TITLES: readonly (readonly [CaseVerdict["outcome"], string])[] = [
  ["regressed", "Regressed"],
  ["stale", "Failing on main now"],
  ["undecided", "Inconclusive"],
  ["unscored", "Without a value"],
  ["fixed", "Fixed"],
  ["new", "New"],
  ["still-failing", "Failing on main too"],
  ["held", "Held"],
];

/** What is told with its traces; the rest is counted in a table. */
const WITH_TRACES = new Set<CaseVerdict["outcome"]>(["regressed", "stale", "undecided", "unscored", "fixed"]);

/** Ids of the cases whose runs the page shows side by side. */
export function casesWithRuns({ cases }: Pick<Verdict, "cases">): readonly string[] {
  return [...new Set(cases.filter(({ outcome }) => WITH_TRACES.has(outcome)).map(({ caseId }) => caseId))];
}

const STYLES = { pass: "passed", block: "failed", inconclusive: "unscored", stale: "unscored" } as const;

/**
 * A gate run as one page that needs nothing else: verdict, reasons, the evidence as a chart, every case by outcome; those that
 * regressed, were fixed or stay undecided with what happened in production beside what happens now. Every text in it is escaped.
 */
export function* gatePage(report: GateReport, options: GatePageOptions): Generator<string> {
  const { verdict, run } = report;
  const page = pageAround(`tracegate: ${verdict.status}`);
  yield page.start.markup;
  yield html`<h1>tracegate: <strong class="${STYLES[verdict.status]}">${verdict.status}</strong></h1>
<p>${verdict.title}</p>
${list(verdict.reasons)}
${facts([
  ["dataset", run.dataset],
  ["commit", options.commit || run.commit || "unknown"],
  ["trials", run.results.length],
  ["main tried again", controlText(report)],
  report.spent
    ? ["spent", spentText(report.spent)]
    : ["took", duration(Math.max(0, report.finishedAt - run.startedAt))],
])}
${list(report.notes)}
${verdict.cases.length > 0 && html`<section><h2>Evidence of a break</h2>${evidenceChart(verdict, options.limit)}</section>`}
`.markup;
  let shown = 0;
  for (const [outcome, title] of TITLES) {
    const cases = verdict.cases.filter((one) => one.outcome === outcome);
    if (cases.length === 0) continue;
    yield html`<section><h2>${title} (${cases.length})</h2>${caseTable(cases)}`.markup;
    const told = WITH_TRACES.has(outcome) ? cases.slice(0, Math.max(0, MAX_TRACES - shown)) : [];
    for (const one of told) {
      shown += 1;
      yield caseDetails(report, one, options, `c${shown}`).markup;
    }
    if (WITH_TRACES.has(outcome) && told.length < cases.length) {
      yield html`<p class="note">${count(cases.length - told.length, "more case")} without traces here; the JSON report has them.</p>`
        .markup;
    }
    yield "</section>\n";
  }
  yield page.end.markup;
}

function controlText({ verdict: { controlled }, control }: GateReport): string | undefined {
  if (controlled === undefined) return undefined;
  if (controlled !== true) return "no";
  return control && `${count(control.results.length, "trial")} of ${control.base}, commit ${control.commit}`;
}

function list(sentences: Verdict["reasons"]): Html | false {
  return sentences.length > 0 && html`<ul>${sentences.map((sentence) => html`<li>${sentence}</li>`)}</ul>`;
}

function caseTable(cases: readonly CaseVerdict[]): Html {
  const rows = cases.map(
    (one) =>
      html`<tr><th scope="row"><bdi>${one.caseId}</bdi></th><td><bdi>${one.scorer}</bdi>${!one.blocking && " (advisory)"}</td><td>${one.state}</td><td class="number">${one.main.passes} of ${one.main.trials}${one.control && `, now ${one.control.main.passes} of ${one.control.main.trials}`}</td><td class="number">${one.candidate.passes} of ${one.candidate.trials}${one.unscored > 0 && `, ${one.unscored} unscored`}</td><td class="number">${odds(one.evidence)}</td></tr>`,
  );
  return html`<div class="wide"><table><thead><tr><th scope="col">case</th><th scope="col">scorer</th><th scope="col">state</th><th scope="col" class="number">main</th><th scope="col" class="number">this change</th><th scope="col" class="number">evidence</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function caseDetails(report: GateReport, one: CaseVerdict, options: GatePageOptions, prefix: string): Html {
  const pair = pairedRun(report, one);
  const result = pair?.change ?? tellingTrial(report.run.results, one);
  const score = result?.scores.find(({ name }) => name === one.scorer);
  const why = score?.explanation ?? score?.unscored?.code;
  const name = html`<bdi>${one.caseId}</bdi> <span class="note"><bdi>${one.scorer}</bdi></span>`;
  const content = html`${why !== undefined && foldedText(why)}${thenAndNow({ origin: options.origins.get(one.caseId), mainNow: pair?.main, result, prefix })}`;
  return html`<details class="trace"${one.outcome === "regressed" && html` open`}><summary>${name}</summary>${content}</details>
`;
}

/** The last trial that shows the outcome: one that passed for a fixed case, else one that did not. */
function tellingTrial(results: readonly Result[], one: CaseVerdict): Result | undefined {
  const trials = results.filter(({ caseId }) => caseId === one.caseId);
  const wanted = one.outcome === "fixed";
  const telling = trials.findLast(({ scores }) => {
    const score = scores.find(({ name }) => name === one.scorer);
    return (score !== undefined && passed(score) === true) === wanted;
  });
  return telling ?? trials.at(-1);
}
