import { TracegateError } from "../core/errors.ts";
import type { History, Run } from "../core/run.ts";
import type { Verdict } from "../core/verdict.ts";
import { trialsToRecord } from "./gate-counts.ts";
import type { Criterion } from "./gate-criteria.ts";
import { plural } from "./gate-sentences.ts";
import { passingRuns } from "./passing-runs.ts";

/** Whether trials were added to main's history; `why` is a sentence about it, where there is something to say. */
export interface Recorded {
  readonly recorded: boolean;
  readonly why: string | null;
}

/** A run that may become main's history. */
export interface RunToRecord {
  readonly run: Run;
  readonly criteria: readonly Criterion[];
  readonly verdict: Verdict;
  /** Why the run is not a whole one; null: it is. */
  readonly cutShort: string | null;
}

/** Adds a run to main's history; only whole, healthy ones enter. */
export async function recordRun(history: History, outcome: RunToRecord): Promise<Recorded> {
  const { run, criteria, verdict, cutShort } = outcome;
  if (cutShort !== null) return { recorded: false, why: `Nothing was recorded: ${cutShort}.` };
  const faulty = faultyCases(run);
  if (faulty > 0) {
    return {
      recorded: false,
      why: `Nothing was recorded: ${plural(faulty, "case")} could not be tried, and only whole runs enter the history.`,
    };
  }
  const trials = trialsToRecord(criteria, run);
  if (trials.length === 0) return { recorded: false, why: "Nothing was recorded: no trial gave a score." };
  try {
    await history.record(trials, history.passingRuns ? passingRuns(criteria, run) : []);
  } catch (fault) {
    // The verdict is worth having all the same, and was paid for.
    if (!(fault instanceof TracegateError)) throw fault;
    return { recorded: false, why: `Nothing was recorded: ${fault.message}` };
  }
  return {
    recorded: true,
    why: verdict.status === "block" ? "These failing trials are main's history now." : null,
  };
}

/** Number of cases of which a trial ended in a fault; a run with one is not whole. */
export function faultyCases({ results }: Run): number {
  return new Set(results.filter(({ fault }) => fault).map(({ caseId }) => caseId)).size;
}
