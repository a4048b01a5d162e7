import { escapeMarkdown } from "./escape.ts";
import { evidenceTable } from "./evidence-bars.ts";
import type { PublishedReport } from "./report-schema.ts";
import { caseTable, MARKS, notesOf, type SummaryContext, sentenceList } from "./summary.ts";

/** GitHub takes 65,536 characters in a comment and in the summary of a check; our marker needs a few. */
const MAX_LENGTH = 65_000;

/** Rows that are tried, the most first: escaped text can be five times as long as it looks. */
const ROWS = [50, 20, 5, 0];

/**
 * The comment on a pull request and the text of the check: the verdict, its reasons, the evidence, and the cases that say something.
 * Escaped as the step summary is.
 *
 * @param runUrl Page of the workflow run, for the rest.
 */
export function commentOf(report: PublishedReport, context: SummaryContext, runUrl?: string): string {
  for (const rows of ROWS) {
    const body = bodyOf(report, context, rows, runUrl);
    if (body.length <= MAX_LENGTH) return body;
  }
  return `### tracegate: ${MARKS[report.verdict.status]}\n\n${linkOf(runUrl)}`;
}

function bodyOf(
  report: PublishedReport,
  context: SummaryContext,
  rows: number,
  runUrl: string | undefined,
): string {
  const { verdict } = report;
  const telling = verdict.cases.filter(({ outcome }) => outcome !== "held");
  return [
    `### tracegate: ${MARKS[verdict.status]}`,
    escapeMarkdown(verdict.title, 1000),
    sentenceList(verdict.reasons, Math.max(rows, 3)),
    evidenceTable(report, context.limit ?? undefined),
    caseTable(report, telling, rows),
    notesOf(report, context),
    linkOf(runUrl),
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** The address is the runner's own. */
function linkOf(runUrl: string | undefined): string {
  return runUrl === undefined ? "" : `[All of it is in the workflow run.](${runUrl})`;
}
