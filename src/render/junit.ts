import { passed } from "../core/score.ts";
import type { CaseVerdict, GateReport } from "../core/verdict.ts";

/**
 * A gate run as JUnit XML, as most CI systems read it: one suite, one test per case and scorer. `regressed` is a failure, so there
 * is one exactly where the gate blames a case; `unscored` is an error of a run that does not pass; what does not decide (undecided, failing
 * on main too, advisory, new and failing) is skipped with its reason.
 *
 * Format: the common subset of https://github.com/testmoapp/junitxml. Times are seconds.
 */
export function junitXml(report: GateReport): string {
  const { verdict, run } = report;
  const tests = verdict.cases.map((one) => testOf(report, one));
  const count = (kind: Ending["kind"]) => tests.filter((test) => test.kind === kind).length;
  const seconds = (ms: number) => (Math.max(0, ms) / 1_000).toFixed(3);
  const totals = `tests="${tests.length}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}" time="${seconds(report.finishedAt - run.startedAt)}"`;
  const lines = tests.map(({ one, kind, words, durationMs }) => {
    const head = `<testcase name="${escaped(one.scorer)}" classname="${escaped(one.caseId)}" time="${seconds(durationMs)}"`;
    if (kind === "passed") return `    ${head}/>`;
    return `    ${head}><${kind} message="${escaped(words)}"/></testcase>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="tracegate" ${totals}>
  <testsuite name="${escaped(run.dataset)}" ${totals} timestamp="${new Date(run.startedAt).toISOString()}">
    <properties><property name="verdict" value="${verdict.status}"/><property name="title" value="${escaped(verdict.title)}"/><property name="commit" value="${escaped(run.commit ?? "")}"/></properties>
${lines.map((line) => `${line}\n`).join("")}  </testsuite>
</testsuites>
`;
}

interface Ending {
  readonly kind: "passed" | "failure" | "error" | "skipped";
  readonly words: string;
}

function testOf(report: GateReport, one: CaseVerdict): Ending & { one: CaseVerdict; durationMs: number } {
  const trials = report.run.results.filter(({ caseId }) => caseId === one.caseId);
  const durationMs = trials.reduce((sum, trial) => sum + trial.durationMs, 0);
  const failing = trials.flatMap(({ scores, fault }) => {
    const score = scores.find(({ name }) => name === one.scorer);
    if (score && passed(score) === true) return [];
    return score?.explanation ?? score?.unscored?.code ?? fault?.message ?? [];
  });
  const { main, candidate } = one;
  const counts = `main passes ${main.passes} of ${main.trials}, this change ${candidate.passes} of ${candidate.trials}`;
  // Of many cases that break down main is tried on a few; the others are not blamed, and not told as luck either.
  const isUntried =
    report.verdict.status === "block" && one.outcome === "undecided" && one.breakdowns && !one.control;
  const what = isUntried ? `${one.outcome}, breaks down and was not tried beside main` : one.outcome;
  const words = `${what}: ${counts}.${failing.length > 0 ? ` ${failing.at(-1)}` : ""}`;
  return { one, durationMs, kind: kindOf(report, one), words };
}

function kindOf({ verdict }: GateReport, one: CaseVerdict): Ending["kind"] {
  const { outcome, candidate, blocking } = one;
  if (outcome === "regressed") return "failure";
  if (outcome === "unscored") return blocking && verdict.status !== "pass" ? "error" : "skipped";
  if (outcome === "undecided" || outcome === "still-failing" || outcome === "stale") return "skipped";
  return blocking || candidate.passes === candidate.trials ? heldOrNew(one) : "skipped";
}

/** A new case says nothing about the change while main's history is too short, also when it fails. */
function heldOrNew({ outcome, candidate }: CaseVerdict): Ending["kind"] {
  return outcome === "new" && candidate.passes < candidate.trials ? "skipped" : "passed";
}

/** Everything that XML 1.0 forbids, also in references, and halves of pairs. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Cs}/gu;

const ENTITIES: { readonly [character: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
  "\n": "&#10;",
  "\r": "&#13;",
  "\t": "&#9;",
};

function escaped(text: string): string {
  return text
    .slice(0, 4_000)
    .replace(FORBIDDEN, "\ufffd")
    .replace(/[&<>"'\n\r\t]/g, (mark) => ENTITIES[mark] ?? "");
}
