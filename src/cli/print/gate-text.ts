import { styleText } from "node:util";

import type { CaseVerdict, GateReport, Verdict } from "../../core/verdict.ts";
import { spentText } from "../../render/spent-text.ts";
import { plain } from "./plain.ts";
import { table } from "./table.ts";

const COLOURS = { pass: "green", block: "red", inconclusive: "yellow", stale: "yellow" } as const;

/** A gate run for people: the verdict, its reasons, and the cases that say something. */
export function gateText({ verdict, notes, spent }: GateReport): string {
  const lines = [styleText(["bold", COLOURS[verdict.status]], plain(verdict.title))];
  lines.push(
    ...verdict.reasons.map((reason) => `  ${plain(reason)}`),
    ...notes.map((note) => `  ${plain(note)}`),
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
  return lines.join("\n");
}

/** What the sentences above it do not tell already: what held is counted there, what broke or was fixed is named. */
function interesting(verdict: Verdict): readonly CaseVerdict[] {
  return verdict.cases.filter(({ outcome }) => !["held", "fixed", "regressed"].includes(outcome));
}

function caseRow(one: CaseVerdict): string[] {
  const of = ({ passes, trials }: { passes: number; trials: number }) =>
    trials === 0 ? "-" : `${passes} of ${trials}`;
  return [one.caseId, one.scorer, one.state, of(one.main), of(one.candidate), one.outcome];
}
