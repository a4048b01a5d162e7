import type { Dataset } from "../core/case.ts";
import type { Run, Task } from "../core/run.ts";
import type { Budget, CaseVerdict, Policy, Spent, Verdict } from "../core/verdict.ts";
import { isGuarding, reviewState } from "./case-life.ts";
import type { Criterion } from "./gate-criteria.ts";
import { plural } from "./gate-sentences.ts";

/** Sentences about the gate itself: what it left out, and what keeps it from guarding. */
export function notesOf(gate: {
  readonly dataset: Dataset;
  readonly criteria: readonly Criterion[];
  readonly run: Run;
  readonly verdict: Verdict;
  readonly task: Pick<Task, "replaysAll">;
  readonly policy: Policy;
  readonly budget?: Budget;
  readonly spent: Spent;
  /** The run has become main's history. */
  readonly recorded: boolean;
  /** Only a part of the cases was tried. */
  readonly share?: object;
}): readonly string[] {
  const { dataset, criteria, run, verdict } = gate;
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
    ...(guarding || gate.share ? [] : [unguarded(gate)]),
    ...(advisoryOnly === 0
      ? []
      : [
          `${plural(advisoryOnly, "case")} looked at by advisory judges only, which cannot block; calibrate them (tracegate judge calibrate), or put a judge into gate.trust if you rely on it.`,
        ]),
    ...(repeated === 0 || gate.task.replaysAll
      ? []
      : [
          `${plural(repeated, "case")} with byte-identical answers in several trials, which count as one. Turn off the answer cache, or record gen_ai.response.id if every answer was a new one.`,
        ]),
    ...trialNotes(run),
    ...retryNote(run),
    ...budgetNotes(gate.budget ?? {}, gate.spent),
    ...(run.commit === null ? ["The commit is unknown: this is no git checkout."] : []),
  ];
}

/** Why nothing guards, and what makes it guard. */
function unguarded({ run, verdict, task, policy, recorded }: Parameters<typeof notesOf>[0]): string {
  // An agent that sends no spans has no evidence to compare, and its trials count each.
  const countsOnce =
    run.results.some(({ evidenceHash }) => evidenceHash !== null) ||
    verdict.cases.some(({ main }) => main.trials === 1);
  if (task.replaysAll && countsOnce) return onlyRecorded(policy);
  return recorded ? firstHistory(verdict, policy) : noHistory(policy);
}

function onlyRecorded({ minHistory }: Policy): string {
  return `No case guards, and none will: every answer is recorded, so a case says the same in all of its trials, which count as one, and it needs ${minHistory} on main. So nothing that this change breaks is blocked. Let the models live: replayTask with mode "models-live".`;
}

function noHistory({ minHistory }: Policy): string {
  return `No case guards yet: a case guards once main has passed it in most of ${minHistory} trials or more. Run \`tracegate gate --record\` on main.`;
}

/** After a run that begins main's history, of which the verdict beside it cannot know. */
function firstHistory({ cases }: Verdict, policy: Policy): string {
  const blocking = cases.filter((one) => one.accepted && one.blocking);
  const total = (one: CaseVerdict) => ({
    passes: one.main.passes + one.candidate.passes,
    trials: one.main.trials + one.candidate.trials,
  });
  const ids = (some: readonly CaseVerdict[]) => new Set(some.map(({ caseId }) => caseId)).size;
  const from = ids(blocking.filter((one) => isGuarding(total(one), policy)));
  const young = ids(blocking.filter((one) => total(one).trials < policy.minHistory));
  const sentences = ["Main's run was recorded."];
  if (from > 0) {
    const [guard, one] = from === 1 ? ["guards", "it"] : ["guard", "one"];
    sentences.push(
      `From the next run on ${plural(from, "case")} ${guard}: a change that breaks ${one} is blocked.`,
    );
  } else if (young > 0) {
    sentences.push("No case guards yet.");
  } else {
    sentences.push(
      "No case guards yet, because main passes none of them in most of its trials. A change that mends one is credited; record main again after it.",
    );
  }
  if (young > 0) {
    const need = young === 1 ? "needs" : "need";
    sentences.push(
      `${plural(young, "case")} ${need} ${policy.minHistory} trials on main to guard: run \`tracegate gate --record\` there again.`,
    );
  }
  return sentences.join(" ");
}

function repeatedCases(run: Run): number {
  const byCase = Map.groupBy(run.results, ({ caseId }) => caseId);
  return [...byCase.values()].filter((trials) => {
    const hashes = trials.flatMap(({ evidenceHash }) => evidenceHash ?? []);
    return new Set(hashes).size < hashes.length;
  }).length;
}

function retryNote({ results }: Run): readonly string[] {
  const faults = results.flatMap(({ retried }) => retried ?? []);
  if (faults.length === 0) return [];
  const kinds = [...Map.groupBy(faults, (code) => code)].map(([code, some]) => `${code}: ${some.length}`);
  return [
    `${plural(faults.length, "trial")} made a second time after a fault (${kinds.join(", ")}); a failing score never is.`,
  ];
}

/** What the budget could not see. */
function budgetNotes({ usd, tokens }: Budget, { unpriced, untold }: Spent): readonly string[] {
  const blind = unpriced.length > 0 && usd !== undefined;
  const deaf = untold > 0 && (usd !== undefined || tokens !== undefined);
  return [
    ...(blind
      ? [
          `No price is known of ${unpriced.join(", ")}: the calls count as tokens, and their USD are unknown. Set gate.budget.tokens to limit them.`,
        ]
      : []),
    ...(deaf
      ? [
          `${plural(untold, "trial")} with traces that do not tell all tokens; what they cost is in no budget.`,
        ]
      : []),
  ];
}

/** What the task said of its trials, each sentence once with its cases counted. */
function trialNotes(run: Run): readonly string[] {
  const cases = new Map<string, Set<string>>();
  for (const { caseId, notes = [] } of run.results) {
    for (const note of notes) cases.set(note, (cases.get(note) ?? new Set()).add(caseId));
  }
  return [...cases].map(([note, ids]) => `${plural(ids.size, "case")}: ${note}.`);
}
