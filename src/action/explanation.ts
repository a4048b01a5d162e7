import { passed } from "../core/score.ts";
import type { CaseVerdict } from "../core/verdict.ts";
import type { PublishedReport } from "./report-schema.ts";

/**
 * Why a case has its outcome, in the words of the scorer: of its last trial that did not pass, or the fault that left it without
 * a value. Undefined when every trial passed or nothing was said. Untrusted text.
 */
export function explanationOf(
  report: PublishedReport,
  verdict: Pick<CaseVerdict, "caseId" | "scorer">,
): string | undefined {
  const trials = report.run.results.filter((result) => result.caseId === verdict.caseId);
  for (const trial of trials.toReversed()) {
    const score = trial.scores.find((each) => each.name === verdict.scorer);
    if (score && passed(score) === true) continue;
    const words = score?.explanation ?? score?.unscored?.code ?? trial.fault?.message;
    if (words) return words;
  }
  return undefined;
}
