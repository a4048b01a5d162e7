import { passed } from "../core/score.ts";
import type { CaseVerdict, GateReport } from "../core/verdict.ts";

/** How the test of a case ends. A test runner knows three ends; the gate's outcome is in the words. */
export interface CaseEnd {
  readonly end: "passed" | "failed" | "skipped";
  readonly words: string;
}

/** The worst comes first. */
const ORDER: readonly CaseVerdict["outcome"][] = [
  "regressed",
  "stale",
  "unscored",
  "undecided",
  "still-failing",
  "new",
  "fixed",
  "held",
];

/**
 * What the gate says of one case, as the end of a test: `regressed` fails; `held` and `fixed` pass, and so does a new case that passed
 * every trial. All else is skipped with its reason, so that it is seen and blames nobody: main fails it too, its history is
 * short, nothing could be decided, or there was no value. Advisory judges decide nothing.
 */
export function caseEnd(report: GateReport, caseId: string): CaseEnd {
  const rows = report.verdict.cases
    .filter((row) => row.caseId === caseId && row.blocking)
    .toSorted((a, b) => ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome));
  const [worst] = rows;
  if (!worst) return { end: "skipped", words: "no scorer that may block has anything to say about it" };
  const words = rows.filter(({ outcome }) => outcome === worst.outcome).map((row) => sentenceOf(report, row));
  return { end: endOf(worst), words: words.join("\n") };
}

function endOf({ outcome, candidate }: CaseVerdict): CaseEnd["end"] {
  if (outcome === "regressed") return "failed";
  if (outcome === "held" || outcome === "fixed") return "passed";
  const allPassed = candidate.trials > 0 && candidate.passes === candidate.trials;
  return outcome === "new" && allPassed ? "passed" : "skipped";
}

const SAID: { readonly [outcome in CaseVerdict["outcome"]]: string } = {
  regressed: "regressed",
  unscored: "has no value, which is no regression",
  undecided: "is undecided",
  stale: "fails on main now as well",
  "still-failing": "fails on main too",
  new: "has too short a history to block",
  fixed: "is fixed",
  held: "held",
};

function sentenceOf(report: GateReport, row: CaseVerdict): string {
  const { main, candidate, scorer, outcome } = row;
  const counts = `main passes ${main.passes} of ${main.trials} trials, this code ${candidate.passes} of ${candidate.trials}`;
  const why = whyOf(report, row);
  return `${scorer} ${SAID[outcome]}: ${counts}.${why === undefined ? "" : ` ${why}`}`;
}

/** The scorer's words of the last trial that did not pass. */
function whyOf({ run }: GateReport, { caseId, scorer }: CaseVerdict): string | undefined {
  for (const trial of run.results.filter((one) => one.caseId === caseId).toReversed()) {
    const score = trial.scores.find(({ name }) => name === scorer);
    if (score && passed(score) === true) continue;
    const words = score?.explanation ?? score?.unscored?.code ?? trial.fault?.message;
    if (words) return words;
  }
  return undefined;
}
