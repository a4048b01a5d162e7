import type { Case } from "../core/case.ts";
import type { Result } from "../core/run.ts";
import type { Policy, Verdict } from "../core/verdict.ts";
import { countCases } from "./gate-counts.ts";
import { type Criterion, casesToTry, criteriaOf } from "./gate-criteria.ts";
import { decide, modelFor, type Suspicion, suspect } from "./gate-decide.ts";
import type { GateQuestion } from "./gate-options.ts";
import { DEFAULT_POLICY } from "./gate-policy.ts";
import { withSeverity } from "./gate-severity.ts";
import { textsOf } from "./gate-texts.ts";
import { RunningJudgement } from "./running-judgement.ts";

/** What the results of a run are held against; it stays the same while they come in. */
export interface GateBasis {
  /** Those that count: accepted and in use. */
  readonly cases: readonly Case[];
  readonly criteria: readonly Criterion[];
  readonly policy: Policy;
  /** The verdict on these results, and on those of main where it was tried again. */
  readonly judge: (results: readonly Result[], mainNow?: readonly Result[]) => Verdict;
  /** What main is to be tried for, and whether its trials have settled it. */
  readonly suspect: (results: readonly Result[], mainNow?: readonly Result[]) => Suspicion;
  /** The same for trials as they come in. */
  readonly running: () => RunningJudgement;
}

/**
 * Reads main's history for the cases and scorers of a gate.
 *
 * @throws TracegateError `config` when a case names a scorer that is not there.
 */
export async function gateBasis(
  question: GateQuestion & { readonly task: { readonly identity: string } },
): Promise<GateBasis> {
  const policy = { ...DEFAULT_POLICY, ...question.policy };
  const cases = casesToTry(question.dataset);
  const criteria = criteriaOf(cases, {
    scorers: question.scorers,
    taskIdentity: question.task.identity,
    trust: question.trust ?? [],
    ...(question.judgeIdentity === undefined ? {} : { judgeIdentity: question.judgeIdentity }),
  });
  const history = await question.history.entries(criteria.map(({ key }) => key));
  const severity = question.severity ?? { weights: {}, mustFix: [] };
  const countsOf = (results: readonly Result[], mainNow: readonly Result[] = []) =>
    withSeverity(countCases(criteria, history, results, mainNow), cases, severity);
  return {
    cases,
    criteria,
    policy,
    running: () => new RunningJudgement({ cases, criteria, history, severity, policy }),
    suspect(results, mainNow) {
      const counts = countsOf(results, mainNow);
      return suspect(modelFor(counts, policy), counts, policy);
    },
    judge: (results, mainNow) => decide(countsOf(results, mainNow), policy, textsOf(cases, results)),
  };
}
