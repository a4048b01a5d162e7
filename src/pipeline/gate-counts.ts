import { distinctTrials } from "../core/count-history.ts";
import { contentHash } from "../core/ids.ts";
import type { HistoryEntry, HistoryTrial, Result, Run } from "../core/run.ts";
import { passed, type Score } from "../core/score.ts";
import type { CaseCounts, ControlCounts, Counts } from "../core/verdict.ts";
import type { Criterion } from "./gate-criteria.ts";

/**
 * Counts the results of a change beside main's history, and main's trials of now beside those of the change with the same
 * number: the input of the decision.
 */
export function countCases(
  criteria: readonly Criterion[],
  history: readonly HistoryEntry[],
  results: readonly Result[],
  mainNow: readonly Result[] = [],
): readonly CaseCounts[] {
  const main = new Map(history.map((entry) => [entry.key, entry]));
  const byCase = Map.groupBy(results, (result) => result.caseId);
  const mainByCase = Map.groupBy(mainNow, (result) => result.caseId);
  return criteria.flatMap((criterion) => {
    const results = byCase.get(criterion.case.id) ?? [];
    const counts = countCriterion(criterion, main.get(criterion.key), results);
    const beside = mainByCase.get(criterion.case.id);
    if (!counts) return [];
    return { ...counts, ...(beside && { control: pairsOf(criterion, results, beside) }) };
  });
}

/** The counts of one criterion, from all trials of its case; null where its scorer does not apply. */
export function countCriterion(
  criterion: Criterion,
  known: HistoryEntry | undefined,
  results: readonly Result[],
): CaseCounts | null {
  const trials = results.map((result) => trialOf(criterion, result));
  const scored = distinctTrials(trials.filter((trial) => typeof trial.passed === "boolean"));
  const applies = criterion.named || known || trials.some((trial) => trial.passed !== "not-applicable");
  if (!applies) return null;
  return {
    caseId: criterion.case.id,
    scorer: criterion.scorer.name,
    main: { passes: known?.passes ?? 0, trials: known?.trials ?? 0 },
    candidate: countOf(scored),
    unscored: trials.filter((trial) => trial.passed === "unscored").length,
    accepted: true,
    blocking: criterion.blocking,
    ...(criterion.scorer.weight !== undefined && { weight: criterion.scorer.weight }),
  };
}

/** A pair counts when both of its trials gave a score, so that a fault on one side is no advantage of the other. */
function pairsOf(criterion: Criterion, change: readonly Result[], main: readonly Result[]): ControlCounts {
  const partners = new Map(change.map((result) => [result.trial, trialOf(criterion, result)]));
  const pairs = main.flatMap((result) => {
    const pair = { main: trialOf(criterion, result), candidate: partners.get(result.trial) };
    return isScored(pair.main) && isScored(pair.candidate) ? [{ ...pair, candidate: pair.candidate }] : [];
  });
  return {
    main: countOf(distinctTrials(pairs.map((pair) => pair.main))),
    candidate: countOf(distinctTrials(pairs.map((pair) => pair.candidate))),
  };
}

function isScored(trial: ReturnType<typeof trialOf> | undefined): trial is NonNullable<typeof trial> {
  return typeof trial?.passed === "boolean";
}

function countOf(scored: readonly { readonly passed: unknown }[]): Counts {
  return { passes: scored.filter(({ passed }) => passed === true).length, trials: scored.length };
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
