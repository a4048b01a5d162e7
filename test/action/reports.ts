import type { Result } from "../../src/core/run.ts";
import type { Score } from "../../src/core/score.ts";
import type { CaseVerdict, GateReport, Verdict } from "../../src/core/verdict.ts";

/** One row of a verdict: a guarding case that broke, unless told otherwise. */
export function caseVerdict(over: Partial<CaseVerdict> = {}): CaseVerdict {
  return {
    caseId: "refund-limit",
    scorer: "right-order",
    main: { passes: 5, trials: 5 },
    candidate: { passes: 0, trials: 3 },
    unscored: 0,
    accepted: true,
    blocking: true,
    state: "guarding",
    outcome: "regressed",
    evidence: 44,
    ...over,
  };
}

/** A failing score of the scorer of {@link caseVerdict}, unless told otherwise. */
export function score(over: Partial<Score> = {}): Score {
  return {
    name: "right-order",
    version: "1",
    kind: "rule",
    value: 0,
    label: null,
    explanation: "The answer names order A-12, the tool returned A-21.",
    evidence: [],
    unscored: null,
    passAt: 0.5,
    metadata: {},
    ...over,
  };
}

/** One trial of the case of {@link caseVerdict}, without a trace. */
export function result(over: Partial<Result> = {}): Result {
  return {
    caseId: "refund-limit",
    trial: 1,
    trace: null,
    scores: [score()],
    fault: null,
    durationMs: 10,
    evidenceHash: null,
    ...over,
  };
}

/** A report around the given rows and trials. */
export function report(
  over: { verdict?: Partial<Verdict>; results?: readonly Result[] } & Partial<
    Omit<GateReport, "verdict">
  > = {},
): GateReport {
  const { verdict, results, ...rest } = over;
  return {
    v: 1,
    verdict: {
      status: "block",
      title: "1 case regressed",
      reasons: ["refund-limit: right-order passed 5 of 5 on main and 0 of 3 here."],
      evidence: 44,
      cases: [caseVerdict()],
      ...verdict,
    },
    run: { v: 1, dataset: "harvested", commit: "abc123", startedAt: 0, results: results ?? [result()] },
    finishedAt: 1,
    recorded: false,
    notes: [],
    ...rest,
  };
}
