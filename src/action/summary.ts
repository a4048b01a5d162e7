import type { CaseVerdict, GateReport, Verdict } from "../core/verdict.ts";
import type { WorkflowEvent } from "../github/event.ts";
import { escapeMarkdown } from "./escape.ts";
import { explanationOf } from "./explanation.ts";

/** Rows of the table at the most; a step summary may have 1 MiB. */
const MAX_ROWS = 200;

const MARKS: { readonly [status in Verdict["status"]]: string } = {
  pass: "✅ pass",
  block: "❌ block",
  inconclusive: "⚠️ inconclusive",
  stale: "⚠️ stale",
};

/** What a reader looks for first comes first. */
const ORDER: readonly CaseVerdict["outcome"][] = [
  "regressed",
  "undecided",
  "unscored",
  "fixed",
  "new",
  "still-failing",
  "held",
];

/**
 * The step summary of a gate run, as Markdown. Everything that comes from traces, datasets, scorers and the event is escaped; only
 * our own words are markup.
 */
export function summaryOf(report: GateReport, event: Pick<WorkflowEvent, "headCommit" | "fromFork">): string {
  const { verdict } = report;
  return [
    `## tracegate: ${MARKS[verdict.status]}`,
    escapeMarkdown(verdict.title, 1000),
    list(verdict.reasons),
    tableOf(report),
    notesOf(report, event),
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}

function tableOf(report: GateReport): string {
  const rows = [...report.verdict.cases].sort((a, b) => rank(a) - rank(b));
  if (rows.length === 0) return "";
  const lines = rows.slice(0, MAX_ROWS).map((row) => rowOf(report, row));
  const rest = rows.length > MAX_ROWS ? [`\n${rows.length - MAX_ROWS} more rows are in the report.`] : [];
  return [
    "| case | scorer | state | outcome | main | this change | evidence | why |",
    "| --- | --- | --- | --- | ---: | ---: | ---: | --- |",
    ...lines,
    ...rest,
  ].join("\n");
}

function rowOf(report: GateReport, row: CaseVerdict): string {
  const failing = row.candidate.passes < row.candidate.trials || row.unscored > 0;
  const cells = [
    escapeMarkdown(row.caseId, 80),
    escapeMarkdown(row.scorer, 80) + (row.blocking ? "" : " (advisory)"),
    row.state,
    row.outcome === "regressed" ? "**regressed**" : row.outcome,
    `${row.main.passes}/${row.main.trials}`,
    `${row.candidate.passes}/${row.candidate.trials}${row.unscored > 0 ? `, ${row.unscored} unscored` : ""}`,
    evidenceText(row.evidence),
    failing ? escapeMarkdown(explanationOf(report, row) ?? "") : "",
  ];
  return `| ${cells.join(" | ")} |`;
}

function notesOf(report: GateReport, event: Pick<WorkflowEvent, "headCommit" | "fromFork">): string {
  const trials = report.run.results.length;
  // On a pull request the checked-out commit is a merge that nobody knows; the author's is the one to name.
  const commit = event.headCommit || report.run.commit;
  const notes = report.notes.map((note) => escapeMarkdown(note, 1000));
  if (event.fromFork) {
    notes.push(
      "The change comes from a fork, so the workflow has no secrets: judges that need a key give no value.",
    );
  }
  if (report.recorded) notes.push("The trials were added to the history of main.");
  notes.push(
    `${trials} ${trials === 1 ? "trial" : "trials"} on dataset ${escapeMarkdown(report.run.dataset, 200)}, commit ${escapeMarkdown(commit ?? "unknown", 40)}.`,
  );
  return notes.map((note) => `- ${note}`).join("\n");
}

function list(sentences: readonly string[]): string {
  return sentences
    .slice(0, MAX_ROWS)
    .map((sentence) => `- ${escapeMarkdown(sentence, 1000)}`)
    .join("\n");
}

function rank(row: CaseVerdict): number {
  return ORDER.indexOf(row.outcome);
}

function evidenceText(evidence: number): string {
  return evidence >= 1000 ? "> 1000" : evidence.toPrecision(2);
}
