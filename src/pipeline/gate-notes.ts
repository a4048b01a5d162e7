import type { Dataset } from "../core/case.ts";
import type { Run } from "../core/run.ts";
import type { Policy, Verdict } from "../core/verdict.ts";
import { reviewState } from "./case-life.ts";
import type { Criterion } from "./gate-criteria.ts";
import { plural } from "./gate-sentences.ts";

/** Sentences about the gate itself: what it left out, and what keeps it from guarding. */
export function notesOf(gate: {
  readonly dataset: Dataset;
  readonly criteria: readonly Criterion[];
  readonly run: Run;
  readonly verdict: Verdict;
  readonly policy: Policy;
}): readonly string[] {
  const { dataset, criteria, run, verdict, policy } = gate;
  const quarantined = dataset.cases.filter((one) => reviewState(one) === "quarantined").length;
  const guarding = verdict.cases.some((one) => one.state === "guarding" && one.blocking);
  const held = new Set(criteria.filter(({ blocking }) => blocking).map((criterion) => criterion.case.id));
  const loose = criteria.filter((criterion) => !held.has(criterion.case.id));
  const advisoryOnly = new Set(loose.map((criterion) => criterion.case.id)).size;
  const repeated = repeatedCases(run);
  return [
    ...(quarantined === 0
      ? []
      : [`${plural(quarantined, "case")} waiting for a review; not tried. Run \`tracegate review\`.`]),
    ...(guarding
      ? []
      : [
          `No case guards yet: a case guards once main has passed it in most of ${policy.minHistory} trials or more. Run \`tracegate gate --record\` on main.`,
        ]),
    ...(advisoryOnly === 0
      ? []
      : [
          `${plural(advisoryOnly, "case")} looked at by advisory judges only, which cannot block; put a judge into gate.trust if you rely on it.`,
        ]),
    ...(repeated === 0
      ? []
      : [
          `${plural(repeated, "case")} with byte-identical answers in several trials, which count as one. Turn off the answer cache, or record gen_ai.response.id if every answer was a new one.`,
        ]),
    ...trialNotes(run),
    ...(run.commit === null ? ["The commit is unknown: this is no git checkout."] : []),
  ];
}

function repeatedCases(run: Run): number {
  const byCase = Map.groupBy(run.results, ({ caseId }) => caseId);
  return [...byCase.values()].filter((trials) => {
    const hashes = trials.flatMap(({ evidenceHash }) => evidenceHash ?? []);
    return new Set(hashes).size < hashes.length;
  }).length;
}

/** What the task said of its trials, each sentence once with its cases counted. */
function trialNotes(run: Run): readonly string[] {
  const cases = new Map<string, Set<string>>();
  for (const { caseId, notes = [] } of run.results) {
    for (const note of notes) cases.set(note, (cases.get(note) ?? new Set()).add(caseId));
  }
  return [...cases].map(([note, ids]) => `${plural(ids.size, "case")}: ${note}.`);
}
