import type { Result } from "../core/run.ts";
import { passed } from "../core/score.ts";
import type { CaseVerdict, GateReport } from "../core/verdict.ts";

/** A run of main as it is now and one of the change on the same case, made side by side. */
export interface PairedRun {
  readonly one: CaseVerdict;
  readonly main: Result;
  readonly change: Result;
}

/** The pair that shows best what a control found of a case: undefined where main was not tried on it. */
export function pairedRun({ run, control }: GateReport, one: CaseVerdict): PairedRun | undefined {
  const ofCase = ({ caseId, trace }: Result) => caseId === one.caseId && trace !== null;
  const change = run.results.filter(ofCase);
  const pairs = (control?.results ?? []).filter(ofCase).flatMap((main): readonly PairedRun[] => {
    const beside = change.find(({ trial }) => trial === main.trial);
    return beside ? [{ one, main, change: beside }] : [];
  });
  const mainPasses = one.outcome !== "stale";
  const telling = pairs.findLast(
    (pair) => passes(pair.main, one) === mainPasses && passes(pair.change, one) === false,
  );
  return telling ?? pairs.at(-1);
}

/** One pair of each case that is blamed, or that main fails as well. */
export function pairedRuns(report: GateReport): readonly PairedRun[] {
  return report.verdict.cases
    .filter(({ outcome }) => outcome === "regressed" || outcome === "stale")
    .flatMap((one) => pairedRun(report, one) ?? []);
}

function passes({ scores }: Result, { scorer }: CaseVerdict): boolean | null {
  const score = scores.find(({ name }) => name === scorer);
  return score ? passed(score) : null;
}
