import { styleText } from "node:util";

import type { CaseVerdict, GateReport, Verdict } from "../../core/verdict.ts";
import { briefReasons } from "../../render/brief-fault.ts";
import { pairedRuns } from "../../render/paired-runs.ts";
import { spentText } from "../../render/spent-text.ts";
import { idleJudgesLine } from "./idle-judges.ts";
import { plain } from "./plain.ts";
import { sideBySide } from "./side-by-side.ts";
import { table } from "./table.ts";

const COLOURS = { pass: "green", block: "red", inconclusive: "yellow", stale: "yellow" } as const;

/** A gate run for people: the verdict, its reasons, and the cases that say something. */
export function gateText(report: GateReport): string {
  const { verdict, notes, spent } = report;
  const judges = idleJudgesLine(report);
  const lines = [styleText(["bold", COLOURS[verdict.status]], plain(verdict.title))];
  lines.push(
    ...briefReasons(report).map((reason) => `  ${plain(reason)}`),
    ...notes.map((note) => `  ${plain(note)}`),
    ...(judges === null ? [] : [`  ${plain(judges)}`]),
    ...(spent ? [`  Spent ${plain(spentText(spent))}.`] : []),
  );
  const rows = interesting(verdict).map(caseRow);
  if (rows.length > 0) {
    const columns = [
      { heading: "CASE", max: 20 },
      { heading: "SCORER" },
      { heading: "STATE" },
      { heading: "MAIN", align: "right" as const },
      { heading: "NOW", align: "right" as const },
      { heading: "OUTCOME" },
    ];
    lines.push("", table(columns, rows));
  }
  lines.push(...beside(report));
  return lines.join("\n");
}

/** What the sentences above it do not tell already: what held is counted there, what broke or was fixed is named. */
function interesting(verdict: Verdict): readonly CaseVerdict[] {
  return verdict.cases.filter(({ outcome }) => !["held", "fixed", "regressed"].includes(outcome));
}

function caseRow(one: CaseVerdict): string[] {
  const of = ({ passes, trials }: { passes: number; trials: number }) =>
    trials === 0 ? "-" : `${passes} of ${trials}`;
  return [
    one.caseId,
    one.scorer,
    one.state,
    one.control ? `${of(one.main)}, now ${of(one.control.main)}` : of(one.main),
    of(one.candidate),
    one.outcome,
  ];
}

/**
 * The clearest case that main was tried on again, as main does it now and as this change does. Of equals the one with the lowest id: their
 * order in the dataset is that in which production failed.
 */
function beside(report: GateReport): readonly string[] {
  const [first, ...others] = pairedRuns(report).toSorted(
    (a, b) => b.one.evidence - a.one.evidence || a.one.caseId.localeCompare(b.one.caseId),
  );
  if (!first?.main.trace || !first.change.trace) return [];
  const { one, main, change } = first;
  const sides = sideBySide(
    { heading: "main now", trace: first.main.trace, scores: main.scores },
    { heading: "this change", trace: first.change.trace, scores: change.scores },
    Math.min(process.stdout.columns || 110, 150),
  );
  const more = others.length > 0 ? `; ${others.length} more in the HTML and JSON reports` : "";
  return ["", `  ${plain(one.caseId)}, tried side by side${more}:`, sides];
}
