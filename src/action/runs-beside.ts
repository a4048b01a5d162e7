import type { Result } from "../core/run.ts";
import type { GateReport } from "../core/verdict.ts";
import { briefSteps } from "../render/brief-steps.ts";
import { pairedRuns } from "../render/paired-runs.ts";
import { escapeMarkdown } from "./escape.ts";

/** Cases that are shown; the rest is in the HTML report. */
const CASES = 5;

/** Steps of a run that are shown, the last ones. */
const STEPS = 20;

/** Main's runs of now beside those of the change, as Markdown with every foreign text escaped; empty without a control. */
export function runsBeside(report: GateReport): string {
  const pairs = pairedRuns(report);
  const tables = pairs.slice(0, CASES).map(({ one, main, change }) => {
    const [left, right] = [stepsOf(main), stepsOf(change)];
    const rows = Array.from(
      { length: Math.max(left.length, right.length) },
      (_, at) => `| ${left[at] ?? ""} | ${right[at] ?? ""} |`,
    );
    return [
      `**${escapeMarkdown(one.caseId, 80)}**, ${one.outcome}, trial ${change.trial}`,
      "",
      "| main now | this change |",
      "| --- | --- |",
      ...rows,
    ].join("\n");
  });
  const rest = pairs.length > CASES ? [`${pairs.length - CASES} more are in the HTML report.`] : [];
  return tables.length === 0 ? "" : ["### Main now beside this change", ...tables, ...rest].join("\n\n");
}

function stepsOf({ trace, scores }: Result): readonly string[] {
  return trace
    ? briefSteps({ trace, scores })
        .slice(-STEPS)
        .map((step) => escapeMarkdown(step, 400))
    : [];
}
