import type { Clock } from "../core/clock.ts";
import type { Result } from "../core/run.ts";
import type { GateBasis } from "./gate-basis.ts";
import type { GateOptions } from "./gate-options.ts";
import { nextTrials } from "./gate-rounds.ts";
import { runTrials, type TrialJob } from "./run-dataset.ts";

/**
 * Tries every case once, then, as long as something is open, the cases that are worth another trial. Results are in the order
 * in which they came.
 */
export async function runRounds(
  basis: GateBasis,
  options: GateOptions & { readonly clock: Clock },
): Promise<readonly Result[]> {
  const { record = false, concurrency = 4, signal } = options;
  const { cases, policy, judge } = basis;
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
  return results;
}
