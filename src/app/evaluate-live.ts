import type { Config } from "../config/schema.ts";
import { systemClock } from "../core/clock.ts";
import { type Judge, type Question, wrapOthers } from "../core/judge.ts";
import type { Limiter } from "../core/limiter.ts";
import type { SamplingDecision } from "../core/sampling.ts";
import type { Score } from "../core/score.ts";
import type { Scorer, Subject } from "../core/scorer.ts";
import type { Pause, Store } from "../core/store.ts";
import { auditJudge, type JudgeCall } from "../pipeline/audit-judge.ts";
import { askInBatches } from "../pipeline/batches/ask-in-batches.ts";
import { type BatchBudget, batchBudget } from "../pipeline/batches/batch-budget.ts";
import { type BudgetOptions, budgetJudge } from "../pipeline/budget-judge.ts";
import { evaluate } from "../pipeline/evaluate.ts";
import { heedPauses } from "../pipeline/heed-pauses.ts";
import { paceJudge } from "../pipeline/pace-judge.ts";
import { rememberAnswers } from "../pipeline/remember-answers.ts";
import type { Interruption } from "../worker/watchdog.ts";
import { checkWithin } from "./check-within.ts";
import { type Environment, equip } from "./equipment.ts";

import { billingOf, checkBudget, judgeBudget } from "./judge-budget.ts";

/** Options of {@link liveEvaluation}. */
export interface LiveEvaluationOptions {
  readonly config: Config;
  readonly environment: Environment;
  readonly store: Store;
  /** Shared by all workers. */
  readonly limiter: Limiter;
  readonly onPaused: (pause: Pause) => void;
  /** Wraps the judge whose calls are paid. */
  readonly watchJudge?: (judge: Judge) => Judge;
  /** Told of every call of a provider. Must not throw. */
  readonly onJudgeCall?: (call: JudgeCall) => void;
  /** See `Watchdog.beat`. */
  readonly beat: () => void;
}

/** How long scorers wait for those of other traces in hand, ms: a guard costs more than the rules of a small trace. */
const GATHER_MS = 4;

/** Scorers on live traces. */
export interface LiveEvaluation {
  /** All that are configured. */
  readonly scorers: readonly Scorer[];
  /** The judge of the configuration and those that scorers bring along, as configured. */
  readonly judges: readonly Judge[];
  /** What questions of batches are paid from. Absent: any amount. */
  readonly batchBudget?: BatchBudget;
  /** Scores of some of them, in their order. Throws only when the signal fires. `sampling`: why judges see the trace. */
  score(
    subject: Subject,
    some: readonly Scorer[],
    signal: AbortSignal,
    sampling?: SamplingDecision,
  ): Promise<readonly Score[]>;
  /** The same, leaving no question to a batch. */
  scoreAtOnce(
    subject: Subject,
    some: readonly Scorer[],
    signal: AbortSignal,
    sampling?: SamplingDecision,
  ): Promise<readonly Score[]>;
  /** Code was interrupted while traces were scored. */
  interrupted(interruption: Interruption): void;
}

/**
 * The scorers of a configuration as live traffic is scored: answers paid once, calls in their turn, paused scorers left
 * alone.
 */
export function liveEvaluation(options: LiveEvaluationOptions): LiveEvaluation {
  const { config, store, onPaused, beat } = options;
  const { scorers, judge } = equip(config, options.environment);
  if (judge) checkBudget(config, judge);
  checkWithin(config);
  const { ruleTimeoutMs, judgeTimeoutMs } = config.worker;
  const purses = judgeBudget(config);
  const budget = purses && { budget: purses, store, clock: systemClock };
  const batches = budget && batchBudget(budget);
  const prepared = preparation(options, budget, batches);
  const own = [...scorers, ...config.sessionScorers].flatMap((scorer) => scorer.judge ?? []);
  const limits = { ruleTimeoutMs, timeoutMs: ruleTimeoutMs, judgeTimeoutMs, gatherMs: GATHER_MS, beat };
  let last: Interruption | null = null;
  const scoring =
    (more: Pick<Question, "withinMs">): LiveEvaluation["score"] =>
    async (subject, some, signal, sampling) => {
      const startedAt = systemClock.now();
      const about = { ...more, billing: billingOf(subject.trace, sampling, config) };
      const prepare = (one: Judge) => asking(prepared(one), about);
      const run = (free: readonly Scorer[]) =>
        evaluate(subject, free, { ...limits, signal, prepare, ...(judge && { judge: prepare(judge) }) });
      const scores = await heedPauses(some, run, { store, clock: systemClock, onPaused });
      const during = last !== null && last.at >= startedAt ? last : null;
      return during ? scores.map((score) => withPlace(score, during)) : scores;
    };
  return {
    scorers,
    judges: [...(judge ? [judge] : []), ...own],
    ...(batches && { batchBudget: batches }),
    score: scoring({}),
    scoreAtOnce: scoring({ withinMs: 0 }),
    interrupted(interruption) {
      last = interruption;
    },
  };
}

/** What every judge is given, once: in a batch where there is time, from the store, within the budget, in its turn. */
function preparation(
  options: LiveEvaluationOptions,
  budget: BudgetOptions | null,
  batches: BatchBudget | null,
): (judge: Judge) => Judge {
  const { config, store, limiter } = options;
  const { holdMs } = config.judging.limits;
  const { withinMs } = config.judging;
  const prepared = new WeakMap<Judge, Judge>();
  return (judge) => {
    const known = prepared.get(judge);
    if (known !== undefined) return known;
    const paced = paceJudge(watched(judge, options), { limiter, clock: systemClock, holdMs });
    const paid = budget === null ? paced : budgetJudge(paced, budget);
    const ready = askInBatches(rememberAnswers(paid, store, systemClock), {
      store,
      clock: systemClock,
      ...(withinMs !== undefined && { withinMs }),
      ...(batches && { budget: batches }),
    });
    prepared.set(judge, ready);
    return ready;
  };
}

/** The judge and those it brings along, told more about each question: who pays, how soon. */
function asking(judge: Judge, about: Pick<Question, "billing" | "withinMs">): Judge {
  return {
    ...judge,
    ...wrapOthers(judge, (other) => asking(other, about)),
    ask: (question, signal) => judge.ask({ ...question, ...about }, signal),
  };
}

/** The judge and those it brings along, each watched by whoever wants to. */
function watched(judge: Judge, options: LiveEvaluationOptions): Judge {
  const { watchJudge, onJudgeCall } = options;
  const wrap = (one: Judge): Judge => ({ ...(watchJudge?.(one) ?? one), ...wrapOthers(one, wrap) });
  const counted = wrap(judge);
  return onJudgeCall ? auditJudge(counted, { clock: systemClock, onCall: onJudgeCall }) : counted;
}

/** A scorer that was interrupted shows only as one that did not return; where it hung is what its author needs. */
function withPlace(score: Score, { place }: Interruption): Score {
  const code = score.unscored?.code;
  if (place === null || (code !== "scorer-error" && code !== "timed-out")) return score;
  const note = `While it ran, code at ${place} kept the processor and was interrupted.`;
  return { ...score, explanation: [score.explanation, note].filter(Boolean).join(" ") };
}
