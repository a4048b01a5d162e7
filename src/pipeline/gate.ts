import type { Case, Dataset } from "../core/case.ts";
import { type Clock, systemClock } from "../core/clock.ts";
import type { History, Result, Run } from "../core/run.ts";
import type { GateReport, Policy, Verdict } from "../core/verdict.ts";
import { countCases, trialsToRecord } from "./gate-counts.ts";
import { type Criterion, casesToTry, criteriaOf, type GateScorer } from "./gate-criteria.ts";
import { decide } from "./gate-decide.ts";
import { notesOf } from "./gate-notes.ts";
import { DEFAULT_POLICY } from "./gate-policy.ts";
import { nextTrials } from "./gate-rounds.ts";
import { plural } from "./gate-sentences.ts";
import { type Severity, withSeverity } from "./gate-severity.ts";
import { textsOf } from "./gate-texts.ts";
import { runTrials, type TrialJob } from "./run-dataset.ts";
import type { TrialTools } from "./run-dataset-trial.ts";

export { decide };

/** Options of {@link runGate}. */
export interface GateOptions extends Omit<TrialTools, "signal" | "clock"> {
  /** All cases; those not accepted are left out and counted. Ids must differ. */
  readonly dataset: Dataset;
  /** The configured scorers, which `evaluate` applies. */
  readonly scorers: readonly GateScorer[];
  /** `Judge.identity` of the configured judge, if there is one. */
  readonly judgeIdentity?: string;
  /** Names of judge scorers that may block. Default: none; judges are advisory. */
  readonly trust?: readonly string[];
  /** Main's passes and trials. */
  readonly history: History;
  /** Default {@link DEFAULT_POLICY}. */
  readonly policy?: Partial<Policy>;
  /** What the tags of cases say of their severity. Default: nothing, all weigh the same. */
  readonly severity?: Severity;
  /** Adds the trials to main's history: for runs on main. Default false. */
  readonly record?: boolean;
  /** Commit id of the agent; null outside git. */
  readonly commit: string | null;
  /** Cases tried at once. Default 4. */
  readonly concurrency?: number;
  /** Sentences to put into the report's notes, e.g. unreadable dataset lines. */
  readonly notes?: readonly string[];
  readonly onResult?: (result: Result) => void | Promise<void>;
  /** Called before each round with the trials made and those known to come. */
  readonly onProgress?: (progress: { readonly done: number; readonly planned: number }) => void;
  /** Ends the gate early: the verdict is inconclusive and nothing is recorded. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}

/**
 * Tries the accepted cases with the agent under test and compares with main's history: every case once,
 * then, as long as something is open, suspected cases again (at most `maxTrials` of each), until they are
 * settled.
 *
 * Faults of the infrastructure are never a regression and never green: they make it inconclusive.
 *
 * @throws TracegateError `config` when a case names a scorer that is not there.
 */
export async function runGate(options: GateOptions): Promise<GateReport> {
  const clock = options.clock ?? systemClock;
  const policy = { ...DEFAULT_POLICY, ...options.policy };
  const startedAt = clock.now();
  const cases = casesToTry(options.dataset);
  const criteria = criteriaOf(cases, {
    scorers: options.scorers,
    taskIdentity: options.task.identity,
    trust: options.trust ?? [],
    ...(options.judgeIdentity === undefined ? {} : { judgeIdentity: options.judgeIdentity }),
  });
  const history = await options.history.entries(criteria.map(({ key }) => key));
  const severity = options.severity ?? { weights: {}, mustFix: [] };
  const judge = (results: readonly Result[]) =>
    decide(
      withSeverity(countCases(criteria, history, results), cases, severity),
      policy,
      textsOf(cases, results),
    );
  const measured = await runRounds(cases, { ...options, policy, clock }, judge);
  const run: Run = {
    v: 1,
    dataset: options.dataset.name,
    commit: options.commit,
    startedAt,
    results: inOrder(measured.results, cases),
  };
  const interrupted = options.signal?.aborted === true;
  const final = judge(run.results);
  const verdict = interrupted ? interruptedVerdict(final, run, cases) : final;
  const { recorded, why } = await recordRun(options, { run, criteria, verdict, interrupted });
  const notes = notesOf({ dataset: options.dataset, criteria, run, verdict, policy });
  return {
    v: 1,
    verdict,
    run,
    finishedAt: clock.now(),
    recorded,
    notes: [...(options.notes ?? []), ...notes, ...(why === null ? [] : [why])],
  };
}

type RoundOptions = GateOptions & { readonly policy: Policy; readonly clock: Clock };

async function runRounds(
  cases: readonly Case[],
  options: RoundOptions,
  judge: (results: readonly Result[]) => Verdict,
): Promise<{ readonly results: readonly Result[] }> {
  const { policy, record = false, concurrency = 4, signal } = options;
  const byId = new Map(cases.map((one) => [one.id, one]));
  const made = new Map<string, number>();
  const results: Result[] = [];
  let jobs: readonly TrialJob[] = cases.map((one) => ({ one, trial: 1 }));
  while (jobs.length > 0 && !signal?.aborted) {
    options.onProgress?.({ done: results.length, planned: results.length + jobs.length });
    for (const { one, trial } of jobs) made.set(one.id, trial);
    results.push(...(await runTrials(jobs, { ...options, concurrency })));
    const ids = nextTrials(judge(results), { policy, made, record, seed: options.commit ?? "" });
    jobs = ids.slice(0, concurrency).flatMap((id) => {
      const one = byId.get(id);
      return one ? [{ one, trial: (made.get(id) ?? 0) + 1 }] : [];
    });
  }
  options.onProgress?.({ done: results.length, planned: results.length });
  return { results };
}

function inOrder(results: readonly Result[], cases: readonly Case[]): readonly Result[] {
  const place = new Map(cases.map(({ id }, index) => [id, index]));
  return results.toSorted(
    (a, b) => (place.get(a.caseId) ?? 0) - (place.get(b.caseId) ?? 0) || a.trial - b.trial,
  );
}

function interruptedVerdict(verdict: Verdict, run: Run, cases: readonly Case[]): Verdict {
  const tried = new Set(run.results.filter(({ fault }) => fault === null).map(({ caseId }) => caseId)).size;
  return {
    ...verdict,
    status: "inconclusive",
    title: `Inconclusive: interrupted after ${tried} of ${cases.length} cases.`,
    reasons: ["The gate was stopped before it ended; run it again.", ...verdict.reasons],
    cases: verdict.cases.map((one) => (one.outcome === "regressed" ? { ...one, outcome: "undecided" } : one)),
  };
}

/** Only whole, healthy runs enter main's history. */
async function recordRun(
  { record, history }: Pick<GateOptions, "record" | "history">,
  outcome: {
    readonly run: Run;
    readonly criteria: readonly Criterion[];
    readonly verdict: Verdict;
    readonly interrupted: boolean;
  },
): Promise<{ readonly recorded: boolean; readonly why: string | null }> {
  if (!record) return { recorded: false, why: null };
  const { run, criteria, verdict, interrupted } = outcome;
  if (interrupted) return { recorded: false, why: "Nothing was recorded: the run was interrupted." };
  const faulty = new Set(run.results.filter(({ fault }) => fault).map(({ caseId }) => caseId));
  if (faulty.size > 0) {
    return {
      recorded: false,
      why: `Nothing was recorded: ${plural(faulty.size, "case")} could not be tried, and only whole runs enter the history.`,
    };
  }
  const trials = trialsToRecord(criteria, run);
  if (trials.length === 0) return { recorded: false, why: "Nothing was recorded: no trial gave a score." };
  await history.record(trials);
  return {
    recorded: true,
    why: verdict.status === "block" ? "These failing trials are main's history now." : null,
  };
}
