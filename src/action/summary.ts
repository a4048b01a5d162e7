import type { CaseVerdict, Verdict } from "../core/verdict.ts";
import type { WorkflowEvent } from "../github/event.ts";
import { spentText } from "../render/spent-text.ts";
import { escapeMarkdown } from "./escape.ts";
import { evidenceTable, evidenceText } from "./evidence-bars.ts";
import { explanationOf } from "./explanation.ts";
import type { PublishedReport } from "./report-schema.ts";

/** Rows of the table at the most; a step summary may have 1 MiB. */
const MAX_ROWS = 200;

/** The verdict in one mark and word. */
export const MARKS: { readonly [status in Verdict["status"]]: string } = {
  pass: "✅ pass",
  block: "❌ block",
  inconclusive: "⚠️ inconclusive",
  stale: "⚠️ stale",
};

/** What a reader looks for first comes first. */
const ORDER: readonly CaseVerdict["outcome"][] = [
  "regressed",
  "stale",
  "undecided",
  "unscored",
  "fixed",
  "new",
  "still-failing",
  "held",
];

/** What a summary tells besides the report. */
export interface SummaryContext extends Pick<WorkflowEvent, "headCommit" | "fromFork"> {
  /** Evidence at which the gate blocks; null: not known. */
  readonly limit: number | null;
  /** Main's runs beside those of the change, as Markdown that is escaped already. Default: none. */
  readonly runs?: string;
}

/**
 * The step summary of a gate run, as Markdown. Everything that comes from traces, datasets, scorers and the event is escaped; only
 * our own words are markup.
 */
export function summaryOf(report: PublishedReport, context: SummaryContext): string {
  const { verdict } = report;
  return [
    `## tracegate: ${MARKS[verdict.status]}`,
    escapeMarkdown(verdict.title, 1000),
    sentenceList(verdict.reasons, MAX_ROWS),
    evidenceTable(report, context.limit ?? undefined),
    caseTable(report, verdict.cases, MAX_ROWS),
    context.runs ?? "",
    notesOf(report, context),
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

/** One row per case and scorer, what broke first; says how many rows are left out. */
export function caseTable(
  report: PublishedReport,
  cases: PublishedReport["verdict"]["cases"],
  limit: number,
): string {
  const rows = [...cases].sort((a, b) => ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome));
  if (rows.length === 0) return "";
  const lines = rows.slice(0, limit).map((row) => rowOf(report, row));
  const rest = rows.length > limit ? [`\n${rows.length - limit} more rows are in the report.`] : [];
  return [
    "| case | scorer | state | outcome | main | this change | evidence | why |",
    "| --- | --- | --- | --- | ---: | ---: | ---: | --- |",
    ...lines,
    ...rest,
  ].join("\n");
}

/** Sentences of the gate as a list. */
export function sentenceList(sentences: readonly string[], limit: number): string {
  return sentences
    .slice(0, limit)
    .map((sentence) => `- ${escapeMarkdown(sentence, 1000)}`)
    .join("\n");
}

/** What a reader must know besides the cases, as a list. */
export function notesOf(report: PublishedReport, context: SummaryContext): string {
  const trials = report.run.results.length;
  // On a pull request the checked-out commit is a merge that nobody knows; the author's is the one to name.
  const commit = context.headCommit || report.run.commit;
  const notes = report.notes.slice(0, MAX_ROWS).map((note) => escapeMarkdown(note, 1000));
  if (context.fromFork) {
    notes.push(
      "The change comes from a fork, so the workflow has no secrets: judges that need a key give no value.",
    );
  }
  if (report.recorded) notes.push("The trials were added to the history of main.");
  if (report.spent) notes.push(`Spent ${escapeMarkdown(spentText(report.spent), 400)}.`);
  notes.push(
    `${trials} ${trials === 1 ? "trial" : "trials"} on dataset ${escapeMarkdown(report.run.dataset, 200)}, commit ${escapeMarkdown(commit ?? "unknown", 40)}.`,
  );
  return notes.map((note) => `- ${note}`).join("\n");
}

function rowOf(report: PublishedReport, row: CaseVerdict): string {
  const failing = row.candidate.passes < row.candidate.trials || row.unscored > 0;
  const cells = [
    escapeMarkdown(row.caseId, 80),
    escapeMarkdown(row.scorer, 80) + (row.blocking ? "" : " (advisory)"),
    row.state,
    row.outcome === "regressed" ? "**regressed**" : row.outcome,
    `${row.main.passes}/${row.main.trials}${row.control ? `, now ${row.control.main.passes}/${row.control.main.trials}` : ""}`,
    `${row.candidate.passes}/${row.candidate.trials}${row.unscored > 0 ? `, ${row.unscored} unscored` : ""}`,
    evidenceText(row.evidence),
    failing ? escapeMarkdown(explanationOf(report, row) ?? "") : "",
  ];
  return `| ${cells.join(" | ")} |`;
}
