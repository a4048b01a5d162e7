import type { Case } from "../core/case.ts";
import type { Result, Spending } from "../core/run.ts";
import type { GateBasis } from "./gate-basis.ts";
import type { BudgetMeter } from "./gate-budget.ts";
import { isSuspected, type Judgement } from "./gate-decide.ts";
import type { Ending } from "./gate-ending.ts";
import type { GateOptions } from "./gate-options.ts";
import { partOf } from "./gate-part.ts";
import { nextTrials, repeatingCases } from "./gate-rounds.ts";
import { HungCases } from "./hung-cases.ts";
import { runTrials, type TrialJob } from "./run-dataset.ts";
import { isWorthAgain, type TrialTools } from "./run-dataset-trial.ts";

/** The trials of a run, in the order in which they came, and how it ended. */
export interface RoundsEnd {
  readonly results: readonly Result[];
  readonly ending: Ending;
  /** The cases that were to be tried: all, or those of one part. */
  readonly cases: readonly Case[];
}

/**
 * Tries every case once, then, as long as something is open, the cases that are worth another trial. What is known already is not
 * tried again, except for faults.
 */
export async function runRounds(
  basis: GateBasis,
  options: GateOptions & Pick<TrialTools, "clock">,
  meter: BudgetMeter,
): Promise<RoundsEnd> {
  const { record = false, concurrency = 4, signal, known, share } = options;
  const cases = share ? basis.cases.filter(({ id }) => partOf(id, share.of) === share.index) : basis.cases;
  const ids = new Set(cases.map(({ id }) => id));
  const ours = (known?.results ?? []).filter(({ caseId }) => ids.has(caseId));
  const first = firstJobs(cases, ours);
  if (options.decideOnly) {
    const whole = first.untried === 0 && known?.whole !== false;
    return { results: ours, ending: { kind: whole ? "whole" : "unfinished" }, cases };
  }
  const byId = new Map(cases.map((one) => [one.id, one]));
  const { made } = first;
  const results = ours.filter(({ fault }) => fault === null);
  const onSpent = (spending: Spending) => meter.add(spending);
  const mayStart = () => meter.exhausted() === null;
  const running = basis.running();
  running.add(results);
  const tools = { ...options, ...new HungCases().watching(options.onResult), concurrency, onSpent, mayStart };
  let jobs: readonly TrialJob[] = first.jobs;
  while (jobs.length > 0 && !signal?.aborted) {
    options.onProgress?.({ done: results.length, planned: results.length + jobs.length });
    for (const { one, trial } of jobs) made.set(one.id, Math.max(trial, made.get(one.id) ?? 0));
    const round = await runTrials(jobs, tools);
    results.push(...round);
    running.add(round);
    const exhausted = meter.exhausted();
    const refused = jobs.length - round.length;
    if (exhausted && refused > 0 && !signal?.aborted) {
      return { results, ending: { kind: "budget", exhausted, refused }, cases };
    }
    const judgement = running.judge();
    const next = nextTrials(judgement, {
      policy: basis.policy,
      made,
      record,
      repeating: repeatingCases(results),
      settledFaults: new Set(
        results.flatMap(({ caseId, fault }) => (fault && !isWorthAgain(fault) ? [caseId] : [])),
      ),
      furtherPass: share === undefined,
      seed: options.commit ?? "",
    });
    jobs = next
      .flatMap((id) => byId.get(id) ?? [])
      .slice(0, record && !isOpen(judgement, next) ? next.length : concurrency)
      .map((one) => ({ one, trial: (made.get(one.id) ?? 0) + 1 }));
  }
  options.onProgress?.({ done: results.length, planned: results.length });
  return { results, ending: { kind: signal?.aborted ? "interrupted" : "whole" }, cases };
}

/** Whether the next trials may settle something, so that those after them depend on what comes out. */
function isOpen({ cases }: Judgement, next: readonly string[]): boolean {
  const ids = new Set(next);
  return cases.some((one) => ids.has(one.caseId) && isSuspected(one));
}

/** The trials of the first pass: every case once, and what is known to have begun but did not end well. */
function firstJobs(cases: readonly Case[], known: readonly Result[]) {
  const byCase = Map.groupBy(known, ({ caseId }) => caseId);
  const made = new Map<string, number>();
  let untried = 0;
  const jobs = cases.flatMap((one): readonly TrialJob[] => {
    const trials = byCase.get(one.id) ?? [];
    const begun = Math.max(1, ...trials.map(({ trial }) => trial));
    made.set(one.id, begun);
    if (!trials.some(({ fault }) => fault?.code !== "aborted")) untried += 1;
    const finished = new Set(trials.filter(({ fault }) => fault === null).map(({ trial }) => trial));
    return Array.from({ length: begun }, (_, index) => index + 1)
      .filter((trial) => !finished.has(trial))
      .map((trial) => ({ one, trial }));
  });
  return { jobs, made, untried };
}
