import type { Config } from "../config/schema.ts";
import type { Judge } from "../core/judge.ts";
import type { Scorer } from "../core/scorer.ts";
import { defaultJudges, judgeFromEnvironment } from "../judges/index.ts";
import { redactForJudges } from "../pipeline/redact-for-judges.ts";
import { ruleScorers } from "../scorers/index.ts";

/** Environment variables, as `process.env` has them. */
export type Environment = { readonly [name: string]: string | undefined };

/** What every trace is looked at with, live and in the gate. */
export interface Equipment {
  readonly scorers: readonly Scorer[];
  /** Absent: judge scorers are unscored with the reason. */
  readonly judge?: Judge;
}

/** The scorers and the judge of a configuration, with the defaults of one that names none. */
export function equip(config: Config, environment: Environment): Equipment {
  const judge = config.judge ?? judgeFromEnvironment(environment);
  const scorers = config.scorers ?? [...ruleScorers, ...defaultJudges];
  const shown = config.privacy.redact.judge ? redactForJudges(scorers) : scorers;
  return { scorers: shown, ...(judge ? { judge } : {}) };
}
