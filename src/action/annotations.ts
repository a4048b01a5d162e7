import type { CaseLine } from "../app/case-lines.ts";
import type { CaseVerdict, GateReport } from "../core/verdict.ts";
import { oneLine } from "./escape.ts";
import { explanationOf } from "./explanation.ts";

/** One annotation of the change; `line` where the dataset is in the repository. */
export interface Annotation {
  readonly level: "notice" | "warning" | "error";
  readonly title: string;
  readonly message: string;
  readonly place?: Pick<CaseLine, "path" | "line">;
}

/** GitHub shows at most ten annotations of a level for one step. */
const PER_LEVEL = 10;

/** What is worth a place in the list of changes: what broke, what could not be decided, what was fixed. */
export function annotationsOf(
  report: GateReport,
  lines: ReadonlyMap<string, Pick<CaseLine, "path" | "line">>,
): Annotation[] {
  const all = report.verdict.cases.flatMap((verdict) => annotationOf(report, verdict, lines) ?? []);
  const levels = ["error", "warning", "notice"] as const;
  return levels.flatMap((level) => all.filter((each) => each.level === level).slice(0, PER_LEVEL));
}

function annotationOf(
  report: GateReport,
  verdict: CaseVerdict,
  lines: ReadonlyMap<string, Pick<CaseLine, "path" | "line">>,
): Annotation | undefined {
  const what = sentenceOf(verdict);
  if (!what) return undefined;
  const place = lines.get(verdict.caseId);
  const why = explanationOf(report, verdict);
  return {
    level: what.level,
    title: oneLine(`${verdict.caseId}: ${verdict.outcome}`, 120),
    message: oneLine(`${verdict.scorer} ${what.sentence}${why ? ` ${why}` : ""}`, 900),
    ...(place ? { place } : {}),
  };
}

function sentenceOf(verdict: CaseVerdict): { level: Annotation["level"]; sentence: string } | undefined {
  const main = `${verdict.main.passes} of ${verdict.main.trials}`;
  const here = `${verdict.candidate.passes} of ${verdict.candidate.trials}`;
  const counts = `main passes ${main} trials, this change ${here}.`;
  if (verdict.outcome === "regressed") return { level: "error", sentence: `regressed: ${counts}` };
  if (verdict.outcome === "stale")
    return { level: "warning", sentence: `fails on main now as well: ${counts}` };
  if (verdict.outcome === "fixed") return { level: "notice", sentence: `is fixed: ${counts}` };
  if (verdict.outcome === "undecided") return { level: "warning", sentence: `is undecided: ${counts}` };
  if (verdict.outcome === "unscored") {
    return {
      level: "warning",
      sentence: `gave no value in ${verdict.unscored === 1 ? "1 trial" : `${verdict.unscored} trials`}.`,
    };
  }
  return undefined;
}
