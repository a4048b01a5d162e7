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
  const crashed = results.filter(hasCrashed).length;
  return {
    caseId: criterion.case.id,
    scorer: criterion.scorer.name,
    main: { passes: known?.passes ?? 0, trials: known?.trials ?? 0 },
    candidate: countOf(scored),
    unscored: trials.filter((trial) => trial.passed === "unscored").length,
    ...(crashed > 0 && { crashed }),
    accepted: true,
    blocking: criterion.blocking,
    ...(criterion.scorer.weight !== undefined && { weight: criterion.scorer.weight }),
  };
}

/**
 * A pair counts when both of its trials gave a score, so that a fault on one side is no advantage of the other. Crashes are failed trials on
 * either side, and pairs with one are told apart.
 */
function pairsOf(criterion: Criterion, change: readonly Result[], main: readonly Result[]): ControlCounts {
  const partners = new Map(change.map((result) => [result.trial, result]));
  const pairs = main.flatMap((result) => {
    const beside = partners.get(result.trial);
    const pair = beside && { main: outcomeOf(criterion, result), candidate: outcomeOf(criterion, beside) };
    return pair?.main && pair.candidate ? [{ main: pair.main, candidate: pair.candidate }] : [];
  });
  const crashing = pairs.filter((pair) => pair.main.crashed || pair.candidate.crashed);
  const countsOf = (some: typeof pairs) => ({
    main: countOf(distinctTrials(some.map((pair) => pair.main))),
    candidate: countOf(distinctTrials(some.map((pair) => pair.candidate))),
  });
  const mainCrashed = crashing.filter((pair) => pair.main.crashed).length;
  return {
    ...countsOf(pairs),
    ...(crashing.length > 0 && { crashing: { ...countsOf(crashing), mainCrashed } }),
  };
}

/** Null for a trial that tells nothing. */
function outcomeOf(criterion: Criterion, result: Result) {
  if (hasCrashed(result)) return { passed: false, evidenceHash: null, crashed: true };
  const { passed, evidenceHash } = trialOf(criterion, result);
  return typeof passed === "boolean" ? { passed, evidenceHash, crashed: false } : null;
}

/** Whether the agent began and ended in an error. */
export function hasCrashed({ fault }: Result): boolean {
  return fault?.code === "agent-crashed";
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
