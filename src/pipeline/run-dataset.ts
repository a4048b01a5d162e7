import type { Case, Dataset } from "../core/case.ts";
import { systemClock } from "../core/clock.ts";
import type { Result, Run } from "../core/run.ts";
import { runTrial, type TrialTools } from "./run-dataset-trial.ts";

/** Options of {@link runDataset}. */
export interface RunDatasetOptions extends Omit<TrialTools, "signal" | "clock" | "onAttempted"> {
  readonly dataset: Pick<Dataset, "name">;
  /** The cases to try. */
  readonly cases: readonly Case[];
  /** Trials of each. Default 1. */
  readonly trials?: number;
  /** Cases tried at once. Default 4. */
  readonly concurrency?: number;
  /**
   * Trials that may wait for their scores while the agent tries further cases. Default 0. For rule scorers, which are cheaper
   * when many start together; judges that wait would be asked more at once than `concurrency` says.
   */
  readonly scoresBehind?: number;
  /** Called when no further trial will come: scores that wait for others need not any more. */
  readonly scoreNow?: () => void;
  /** Commit id of the agent. Default null, unknown. */
  readonly commit?: string | null;
  /** Called with every result as soon as it is there; waited for. */
  readonly onResult?: (result: Result) => void | Promise<void>;
  readonly signal?: AbortSignal;
  readonly clock?: TrialTools["clock"];
}

/**
 * Tries every case with the agent under test and scores what it did. Results come in the order of the
 * cases, whatever order they finish in. When the signal fires, trials under way end as `aborted` and the
 * rest is not begun.
 */
export async function runDataset(options: RunDatasetOptions): Promise<Run> {
  const { dataset, cases, trials = 1, concurrency = 4, commit = null } = options;
  const clock = options.clock ?? systemClock;
  const startedAt = clock.now();
  const jobs = Array.from({ length: trials }, (_, index) => index + 1).flatMap((trial) =>
    cases.map((one) => ({ one, trial })),
  );
  const results = await runTrials(jobs, { ...options, clock, concurrency });
  const place = new Map(cases.map(({ id }, index) => [id, index]));
  const order = (result: Result) => place.get(result.caseId) ?? 0;
  return {
    v: 1,
    dataset: dataset.name,
    commit,
    startedAt,
    results: results.toSorted((a, b) => order(a) - order(b) || a.trial - b.trial),
  };
}

/** One trial to make. */
export interface TrialJob {
  readonly one: Case;
  readonly trial: number;
}

/**
 * Makes trials, several at once, and hands each result on as soon as it is there. In order of finishing. Those
 * that `mayStart` refuses, or that the signal comes before, have no result.
 */
export async function runTrials(
  jobs: readonly TrialJob[],
  options: Omit<TrialTools, "signal" | "onAttempted"> &
    Pick<RunDatasetOptions, "signal" | "onResult" | "scoresBehind" | "scoreNow"> & {
      readonly concurrency: number;
    },
): Promise<readonly Result[]> {
  const { concurrency, scoresBehind = 0, onResult } = options;
  const results: Result[] = [];
  const failures: unknown[] = [];
  // One job that throws (a bug, a full disk) stops the others.
  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  const unfinished = new Set<Promise<void>>();
  const make = async ({ one, trial }: TrialJob, onAttempted: () => void) => {
    try {
      const result = await runTrial(one, trial, { ...options, signal, onAttempted });
      results.push(result);
      await onResult?.(result);
    } catch (error) {
      failures.push(error);
      stop.abort(error);
    }
  };
  const queue = jobs.values();
  const work = async () => {
    for (const job of queue) {
      if (signal.aborted || options.mayStart?.() === false) return;
      const { promise: attempted, resolve } = Promise.withResolvers<void>();
      const made = make(job, resolve).then(() => {
        unfinished.delete(made);
      });
      unfinished.add(made);
      await (scoresBehind > 0 ? Promise.race([attempted, made]) : made);
      while (unfinished.size >= concurrency + scoresBehind) await Promise.race(unfinished);
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(concurrency, jobs.length)) }, work));
  options.scoreNow?.();
  await Promise.all(unfinished);
  if (failures.length > 0) throw failures[0];
  return results;
}
