import type { Case } from "../core/case.ts";
import { type Clock, systemClock } from "../core/clock.ts";
import type { Result, Run } from "../core/run.ts";
import type { Budget, GateReport, Verdict } from "../core/verdict.ts";
import { type ControlledEnd, controlBlock, withControl } from "./control/control-block.ts";
import { type GateBasis, gateBasis } from "./gate-basis.ts";
import { BudgetMeter } from "./gate-budget.ts";
import { decide } from "./gate-decide.ts";
import { cutShort, verdictAtEnd, verdictOfPart } from "./gate-ending.ts";
import { notesOf } from "./gate-notes.ts";
import type { GateOptions } from "./gate-options.ts";
import { partOf } from "./gate-part.ts";
import { recordRun } from "./gate-record.ts";
import { type RoundsEnd, runRounds } from "./gate-run-rounds.ts";
import { settingOf } from "./gate-setting.ts";
import { reportWithoutHistory } from "./gate-unread.ts";
import { addSpending } from "./trial-spending.ts";

export { decide, type GateOptions };

/**
 * Tries the accepted cases with the agent under test and compares with main's history: every case once,
 * then, as long as something is open, suspected cases again (at most `maxTrials` of each), until they are
 * settled.
 *
 * Faults of the infrastructure are never a regression and never green: they make it inconclusive. So does a
 * budget that is reached.
 *
 * @throws TracegateError `config` when a case names a scorer that is not there.
 */
export async function runGate(options: GateOptions): Promise<GateReport> {
  const clock = options.clock ?? systemClock;
  const { known, share } = options;
  const startedAt = known?.startedAt ?? clock.now();
  const began = clock.now();
  const basis = await readBasis(options, startedAt, clock);
  if ("verdict" in basis) return basis;
  const meter = new BudgetMeter(budgetOf(options, basis.cases), clock, {
    spending: addSpending([
      ...(known?.results ?? []).flatMap(({ spent }) => spent ?? []),
      ...(known?.beside ?? []),
    ]),
    ms: (known?.ms ?? 0) + clock.now() - began,
  });
  const rounds = await runRounds(basis, { ...options, clock }, meter);
  const controlled = await controlBlock(basis, rounds, { ...options, clock }, meter);
  const { end } = controlled;
  const run: Run = {
    v: 1,
    dataset: options.dataset.name,
    commit: options.commit,
    startedAt,
    results: inOrder(end.results, basis.cases),
  };
  const verdict = withControl(verdictOf(basis, run, controlled, options), controlled);
  const { recorded, why } = await record(options, { run, criteria: basis.criteria, verdict, end });
  const { spent } = meter;
  return {
    v: 1,
    verdict,
    run,
    finishedAt: clock.now(),
    recorded,
    notes: [
      ...(options.notes ?? []),
      ...notesOf({ ...options, ...basis, run, verdict, spent, recorded }),
      ...(why === null ? [] : [why]),
    ],
    ...(controlled.control && { control: controlled.control }),
    spent,
    ended: end.ending.kind,
    ...(share && { part: { ...share, setting: settingOf(options) } }),
  };
}

/** A part has of the USD and tokens what its cases are of all cases; the time runs for all parts at once. */
function budgetOf({ budget = {}, share }: GateOptions, cases: readonly Case[]): Budget {
  if (!share || cases.length === 0) return budget;
  const own = cases.filter(({ id }) => partOf(id, share.of) === share.index).length / cases.length;
  const { usd, tokens } = budget;
  return {
    ...budget,
    ...(usd !== undefined && { usd: usd * own }),
    ...(tokens !== undefined && { tokens: Math.ceil(tokens * own) }),
  };
}

/** What is decided on, or the report that says why there is nothing to decide on. */
async function readBasis(
  options: GateOptions,
  startedAt: number,
  clock: Clock,
): Promise<GateBasis | GateReport> {
  try {
    return await gateBasis(options);
  } catch (fault) {
    const { dataset, commit, known, notes = [] } = options;
    const run: Run = { v: 1, dataset: dataset.name, commit, startedAt, results: known?.results ?? [] };
    const report = reportWithoutHistory(fault, { run, finishedAt: clock.now(), notes });
    if (report === null) throw fault;
    return report;
  }
}

function verdictOf(
  basis: GateBasis,
  run: Run,
  { end, mainNow }: ControlledEnd,
  { share }: GateOptions,
): Verdict {
  const decided = basis.judge(run.results, mainNow);
  const tried = new Set(run.results.filter(({ fault }) => fault === null).map(({ caseId }) => caseId)).size;
  const progress = { cases: end.cases.length, tried, made: run.results.length };
  if (!share) return verdictAtEnd(decided, end.ending, progress);
  const ours = new Set(end.cases.map(({ id }) => id));
  const cases = decided.cases.filter(({ caseId }) => ours.has(caseId));
  return verdictOfPart({ ...decided, cases }, share, end.ending, progress);
}

async function record(
  { record = false, share, history }: GateOptions,
  {
    end,
    ...outcome
  }: Pick<Parameters<typeof recordRun>[1], "run" | "criteria" | "verdict"> & {
    readonly end: RoundsEnd;
  },
) {
  if (!record) return { recorded: false, why: null };
  if (!share) return recordRun(history, { ...outcome, cutShort: cutShort(end.ending) });
  const why = "A part records nothing; `tracegate gate merge --record` does.";
  return { recorded: false, why };
}

function inOrder(results: readonly Result[], cases: readonly Case[]): readonly Result[] {
  const place = new Map(cases.map(({ id }, index) => [id, index]));
  return results.toSorted(
    (a, b) => (place.get(a.caseId) ?? 0) - (place.get(b.caseId) ?? 0) || a.trial - b.trial,
  );
}
