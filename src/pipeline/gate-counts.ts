import { distinctTrials } from "../core/count-history.ts";
import { contentHash } from "../core/ids.ts";
import type { HistoryEntry, HistoryTrial, Result, Run } from "../core/run.ts";
import { passed, type Score } from "../core/score.ts";
import type { CaseCounts, ControlCounts, Counts, NearLimit } from "../core/verdict.ts";
import { breakdownsOf, hasBrokenDown } from "./breakdowns.ts";
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
  const breakdowns = breakdownsOf(results);
  return {
    caseId: criterion.case.id,
    scorer: criterion.scorer.name,
    main: { passes: known?.passes ?? 0, trials: known?.trials ?? 0 },
    candidate: countOf(scored),
    unscored: trials.filter((trial) => trial.passed === "unscored").length,
    ...(breakdowns && { breakdowns }),
    accepted: true,
    blocking: criterion.blocking,
    ...(criterion.scorer.weight !== undefined && { weight: criterion.scorer.weight }),
  };
}

/**
 * A pair counts when both of its trials gave a score, so that a fault on one side is no advantage of the other. Breakdowns are failed trials on
 * either side, and pairs with one are told apart. Left out are those in which the change timed out and main passed near that limit: the machine may have
 * been slow. Only what speaks against the change is left out, so the evidence stays one.
 */
function pairsOf(criterion: Criterion, change: readonly Result[], main: readonly Result[]): ControlCounts {
  const partners = new Map(change.map((result) => [result.trial, result]));
  const slow: Omit<NearLimit, "pairs">[] = [];
  const pairs = main.flatMap((result) => {
    const beside = partners.get(result.trial);
    if (!beside) return [];
    const pair = { main: outcomeOf(criterion, result), candidate: outcomeOf(criterion, beside) };
    if (!pair.main || !pair.candidate) return [];
    const near = pair.main.passed ? nearLimitOf(result, beside) : null;
    if (near) slow.push(near);
    return near ? [] : [{ main: pair.main, candidate: pair.candidate }];
  });
  const broken = pairs.filter((pair) => pair.main.brokeDown || pair.candidate.brokeDown);
  const countsOf = (some: typeof pairs) => ({
    main: countOf(distinctTrials(some.map((pair) => pair.main))),
    candidate: countOf(distinctTrials(some.map((pair) => pair.candidate))),
  });
  const ofMain = broken.filter((pair) => pair.main.brokeDown).length;
  const [nearest] = slow.toSorted((a, b) => b.tookMs / b.limitMs - a.tookMs / a.limitMs);
  return {
    ...countsOf(pairs),
    ...(broken.length > 0 && { breakdowns: { ...countsOf(broken), ofMain } }),
    ...(nearest && { nearLimit: { pairs: slow.length, ...nearest } }),
  };
}

/** Share of the limit that main may need in a pair in which the change timed out. */
const NEAR = 0.5;

/** Main's time beside the limit in which the change did not end; null unless that is near. */
function nearLimitOf(main: Result, change: Result): Omit<NearLimit, "pairs"> | null {
  if (change.fault?.code !== "agent-timed-out") return null;
  const limitMs = change.fault.limitMs ?? change.tookMs;
  const { tookMs } = main;
  if (tookMs === undefined || limitMs === undefined || tookMs <= NEAR * limitMs) return null;
  return { tookMs, limitMs };
}

/** Null for a trial that tells nothing. */
function outcomeOf(criterion: Criterion, result: Result) {
  if (hasBrokenDown(result)) return { passed: false, evidenceHash: null, brokeDown: true };
  const { passed, evidenceHash } = trialOf(criterion, result);
  return typeof passed === "boolean" ? { passed, evidenceHash, brokeDown: false } : null;
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
