import type { Config } from "../config/schema.ts";
import { systemClock } from "../core/clock.ts";
import type { Judge } from "../core/judge.ts";
import type { Scorer } from "../core/scorer.ts";
import { defaultJudges, judgeFromEnvironment } from "../judges/index.ts";
import { paceJudge } from "../pipeline/pace-judge.ts";
import { redactForJudges } from "../pipeline/redact-for-judges.ts";
import { ruleScorers } from "../scorers/index.ts";
import { MemoryLimiter } from "../store/memory-limiter.ts";
import { laneRules } from "./lane-rules.ts";

/** Environment variables, as `process.env` has them. */
export type Environment = { readonly [name: string]: string | undefined };

/** What every trace is looked at with, live and in the gate. */
export interface Equipment {
  readonly scorers: readonly Scorer[];
  /** Absent: judge scorers are unscored with the reason. */
  readonly judge?: Judge;
}

/** The equipment of a command that scores by itself. */
export interface OwnEquipment extends Equipment {
  /** See `ScorerContext.prepare`. */
  readonly prepare: (judge: Judge) => Judge;
}

/** The scorers and the judge of a configuration, with the defaults of one that names none. */
export function equip(config: Config, environment: Environment): Equipment {
  const judge = config.judge ?? judgeFromEnvironment(environment);
  const scorers = config.scorers ?? [...ruleScorers, ...defaultJudges];
  const shown = config.privacy.redact.judge ? redactForJudges(scorers) : scorers;
  return { scorers: shown, ...(judge ? { judge } : {}) };
}

/**
 * {@link equip} for a command that asks judges by itself, such as the gate: it waits for its turn instead of taking a rate limit for an
 * answer. The limits are those of this process; nothing is remembered, because what is asked is how judge and agent are today.
 */
export function equipAlone(config: Config, environment: Environment): OwnEquipment {
  const { scorers, judge } = equip(config, environment);
  const limiter = new MemoryLimiter(laneRules(config), systemClock);
  const pace = {
    limiter,
    clock: systemClock,
    holdMs: config.worker.judgeTimeoutMs * PATIENCE,
    refusedMs: config.judging.limits.holdMs,
  };
  const paced = new WeakMap<Judge, Judge>();
  const prepare = (one: Judge): Judge => {
    const known = paced.get(one) ?? paceJudge(one, pace);
    paced.set(one, known);
    return known;
  };
  return { scorers, prepare, ...(judge && { judge: prepare(judge) }) };
}

/** Share of a judge's time that may go into waiting for its turn. */
const PATIENCE = 0.7;
