import { setTimeout as pause } from "node:timers/promises";

import { backoffMs } from "../core/backoff.ts";
import { TracegateError } from "../core/errors.ts";
import type { HistoryTrial, PassingRun } from "../core/run.ts";
import { type GitBranch, moveBranch, type UpdateOutcome } from "./git-branch.ts";
import { gitText } from "./git-command.ts";
import { commitAt, filesOf, type GitFiles, writeCommit, writeContents } from "./git-objects.ts";
import { planRunFiles, type RunFilePlan } from "./history-files.ts";
import { BRANCH_README } from "./history-readme.ts";
import type { HistoryRules } from "./history-trials.ts";
import { PASSING, planPassing } from "./passing-file.ts";
import { type HistoryBranch, readBranch, runsOf, unsentRef } from "./read-history-branch.ts";
import { RUNS } from "./run-file.ts";

/** Tries at the most. In every round of a race somebody wins, so this many may record at once. */
const TRIES = 30;

const BACKOFF = { baseMs: 100, maxMs: 3_000 };

/** Commits after which the branch begins anew, so that a clone of the repository does not grow with every run. */
const CHAIN = 500;

/** What a run leaves. */
export interface Recordable {
  readonly trials: readonly HistoryTrial[];
  readonly passing: readonly PassingRun[];
}

/**
 * Adds trials to the branch and shares it: builds a commit on top of the newest one and moves the branch there; when the branch has
 * moved meanwhile, again from the start.
 *
 * @throws TracegateError `refused` or `unavailable`; then the trials wait in the clone.
 */
export async function recordOnBranch(
  place: GitBranch,
  added: Recordable,
  rules: HistoryRules,
): Promise<void> {
  try {
    await share(place, added, rules);
  } catch (cause) {
    if (!(cause instanceof TracegateError) || place.remote === null) throw cause;
    if (cause.code !== "refused" && cause.code !== "unavailable") throw cause;
    const ref = await keep(place, added, rules);
    throw new TracegateError(
      cause.code,
      `${cause.message} Nothing is lost: the trials wait in this clone (${ref}), and the next recording here takes them along. Where the clone is thrown away, as on a runner, keep the report and run tracegate gate --adopt with it.`,
      { retryable: cause.retryable, cause },
    );
  }
}

async function share(place: GitBranch, added: Recordable, rules: HistoryRules): Promise<void> {
  let mayRestart = true;
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    const before = await readBranch(place);
    const plan = planRunFiles(before.runs, added.trials, rules);
    const files = await filesAfter(place, before.files, plan, added);
    let outcome: UpdateOutcome = { kind: "done" };
    if (before.tip === null || !sameFiles(files, before.files)) {
      const length = await chainLength(place, before.tip);
      const anew = mayRestart && length >= CHAIN;
      const parent = anew ? null : before.tip;
      const message = commitMessage(added, plan, parent === null ? 1 : length + 1);
      const next = await writeCommit(place.git, files, { parent, message });
      outcome = await moveBranch(place, { previous: before.tip, next, anew });
      // Where beginning anew is not allowed the branch goes on as it is.
      if (anew && outcome.kind === "refused") mayRestart = false;
      else if (outcome.kind === "refused" || (outcome.kind === "unreachable" && attempt >= 3)) {
        throw notTaken(place, outcome);
      }
    }
    if (outcome.kind === "done") return forgetUnsent(place, before);
    await pause(backoffMs(attempt, BACKOFF));
  }
  throw notTaken(place, { kind: "unreachable", why: `${TRIES} times somebody else was faster` });
}

/** Files of others and unknown folders stay as they are. */
async function filesAfter(
  { git }: GitBranch,
  before: GitFiles,
  plan: RunFilePlan,
  { passing }: Recordable,
): Promise<GitFiles> {
  const isPassing = (path: string) => path.startsWith(`${PASSING}/`);
  const chosen = planPassing([...before.keys()].filter(isPassing), passing, plan.cases);
  const kept = new Set(chosen.keep);
  const written = new Map([["README.md", BRANCH_README], ...plan.write, ...chosen.write]);
  const ids = await writeContents(git, [...written.values()]);
  const others = [...before].filter(([path]) => {
    return isPassing(path) ? kept.has(path) : !path.startsWith(`${RUNS}/`);
  });
  return new Map([
    ...others,
    ...plan.keep,
    ...[...written.keys()].map((path, index) => [path, ids[index] ?? ""] as const),
  ]);
}

function sameFiles(a: GitFiles, b: GitFiles): boolean {
  return a.size === b.size && [...a].every(([path, id]) => b.get(path) === id);
}

/** Which commit of the branch this is, as its message says: a shallow clone cannot count. */
async function chainLength({ git }: GitBranch, tip: string | null): Promise<number> {
  if (tip === null) return 0;
  const message = await gitText(git, ["log", "-1", "--format=%B", tip]);
  return Number(/^Commit of this branch: (\d{1,9})$/m.exec(message)?.[1] ?? 1);
}

function commitMessage({ trials }: Recordable, { added }: RunFilePlan, number: number): string {
  const commits = [...new Set(trials.map(({ commit }) => commit?.slice(0, 12) ?? "no commit"))].join(", ");
  return `Record ${added} ${added === 1 ? "trial" : "trials"} of main at ${commits}\n\nCommit of this branch: ${number}\n`;
}

function notTaken(
  { branch, remote }: GitBranch,
  { kind, why }: Extract<UpdateOutcome, { why: string }>,
): TracegateError {
  const remedy =
    kind === "refused"
      ? "It needs the right to push this branch (in a workflow: contents: write), and no rule that protects it."
      : "Try again.";
  return new TracegateError(
    kind === "refused" ? "refused" : "unavailable",
    `The history could not be pushed to the branch ${branch} of ${remote ?? "this clone"}: ${why}. ${remedy}`,
    { retryable: kind !== "refused" },
  );
}

/** Puts what could not be shared under a ref of its own. Returns its name. */
async function keep(place: GitBranch, added: Recordable, rules: HistoryRules): Promise<string> {
  const { git, branch } = place;
  const ref = unsentRef(branch);
  const files = await filesOf(git, await commitAt(git, ref));
  const plan = planRunFiles(await runsOf(place, files), added.trials, rules);
  const message = commitMessage(added, plan, 1);
  const next = await writeCommit(git, await filesAfter(place, files, plan, added), { parent: null, message });
  await gitText(git, ["update-ref", ref, next]);
  return ref;
}

async function forgetUnsent({ git, branch }: GitBranch, { unsent }: HistoryBranch): Promise<void> {
  if (unsent !== null) await gitText(git, ["update-ref", "-d", unsentRef(branch), unsent]);
}
