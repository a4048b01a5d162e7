import type { Case } from "../core/case.ts";
import { systemClock } from "../core/clock.ts";
import type { Result, Run } from "../core/run.ts";
import type { GateReport, Verdict } from "../core/verdict.ts";
import { gateBasis } from "./gate-basis.ts";
import { decide } from "./gate-decide.ts";
import { notesOf } from "./gate-notes.ts";
import type { GateOptions } from "./gate-options.ts";
import { recordRun } from "./gate-record.ts";
import { runRounds } from "./gate-run-rounds.ts";

export { decide, type GateOptions };

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
  const startedAt = clock.now();
  const basis = await gateBasis(options);
  const { cases, criteria, policy } = basis;
  const results = await runRounds(basis, { ...options, clock });
  const run: Run = {
    v: 1,
    dataset: options.dataset.name,
    commit: options.commit,
    startedAt,
    results: inOrder(results, cases),
  };
  const interrupted = options.signal?.aborted === true;
  const decided = basis.judge(run.results);
  const verdict = interrupted ? interruptedVerdict(decided, run, cases) : decided;
  const cutShort = interrupted ? "the run was interrupted" : null;
  const { recorded, why } = options.record
    ? await recordRun(options.history, { run, criteria, verdict, cutShort })
    : { recorded: false, why: null };
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
