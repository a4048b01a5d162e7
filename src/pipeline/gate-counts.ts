import { distinctTrials } from "../core/count-history.ts";
import { contentHash } from "../core/ids.ts";
import type { HistoryEntry, HistoryTrial, Result, Run } from "../core/run.ts";
import { passed, type Score } from "../core/score.ts";
import type { CaseCounts } from "../core/verdict.ts";
import type { Criterion } from "./gate-criteria.ts";

/** Counts the results of a change beside main's history: the input of the decision. */
export function countCases(
  criteria: readonly Criterion[],
  history: readonly HistoryEntry[],
  results: readonly Result[],
): readonly CaseCounts[] {
  const main = new Map(history.map((entry) => [entry.key, entry]));
  const byCase = Map.groupBy(results, (result) => result.caseId);
  return criteria.flatMap((criterion) => {
    const trials = (byCase.get(criterion.case.id) ?? []).map((result) => trialOf(criterion, result));
    const scored = distinctTrials(trials.filter((trial) => typeof trial.passed === "boolean"));
    const known = main.get(criterion.key);
    const applies = criterion.named || known || trials.some((trial) => trial.passed !== "not-applicable");
    if (!applies) return [];
    return {
      caseId: criterion.case.id,
      scorer: criterion.scorer.name,
      main: { passes: known?.passes ?? 0, trials: known?.trials ?? 0 },
      candidate: { passes: scored.filter((trial) => trial.passed).length, trials: scored.length },
      unscored: trials.filter((trial) => trial.passed === "unscored").length,
      accepted: true,
      blocking: criterion.blocking,
    };
  });
}

/** The scored trials of a run as they enter main's history. */
export function trialsToRecord(criteria: readonly Criterion[], run: Run): readonly HistoryTrial[] {
  const byCase = Map.groupBy(run.results, (result) => result.caseId);
  const { commit, startedAt: at } = run;
  const id = runId(run);
  return criteria.flatMap(({ key, scorer, ...criterion }) =>
    (byCase.get(criterion.case.id) ?? []).flatMap((result) => {
      const { passed, evidenceHash } = trialOf({ ...criterion, scorer }, result);
      if (typeof passed !== "boolean") return [];
      const { caseId, trial } = result;
      return { caseId, scorer: scorer.name, key, passed, commit, at, evidenceHash, run: id, trial };
    }),
  );
}

/** Tells a run apart from others of the same commit; the same for a report that is read again. */
function runId({ results }: Run): string {
  return contentHash(
    results.map(({ caseId, trial, trace }) => [caseId, trial, trace?.traceId]),
    12,
  );
}

/** The score a criterion asks for; undefined when the trial ended in a fault. */
export function scoreOf(result: Result, scorer: string): Score | undefined {
  return result.scores.find((score) => score.name === scorer);
}

/**
 * A scorer that has nothing to say counts as unscored only where the case names it: a case that must pass
 * "every scorer" means every one that applies.
 */
function trialOf({ scorer, named }: Pick<Criterion, "scorer" | "named">, result: Result) {
  const score = scoreOf(result, scorer.name);
  const { evidenceHash } = result;
  const outcome = score ? passed(score) : null;
  if (outcome !== null) return { passed: outcome, evidenceHash } as const;
  const applies = named || score?.unscored?.code !== "not-applicable";
  return { passed: applies ? "unscored" : "not-applicable", evidenceHash } as const;
}
