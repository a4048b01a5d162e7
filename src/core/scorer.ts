import type { Case } from "./case.ts";
import type { Judge } from "./judge.ts";
import type { Score, ScorerKind } from "./score.ts";
import type { Trace } from "./trace.ts";

/** What a scorer may look at. */
export interface Subject {
  readonly trace: Trace;
  /** The case that was tried; absent on live traffic. */
  readonly case?: Case;
}

/** What a scorer is given to work with. */
export interface ScorerContext {
  /** Fires when the scorer's time is up or the process stops. */
  readonly signal: AbortSignal;
  /** The judge of the configuration; absent when none is configured. */
  readonly judge?: Judge;
  /**
   * Gives a judge of the scorer's own what that of the configuration has here: answers paid once, limits, a budget. A scorer that asks one
   * asks what this returns. Absent: there is nothing of the kind.
   */
  readonly prepare?: (judge: Judge) => Judge;
}

/**
 * A named, versioned function Trace → Score. The same object runs on live traffic and in CI.
 *
 * Made by `defineScorer` and `defineJudge`. Identity is name + version: change the version when a score
 * of the old code and one of the new must not be compared.
 */
export interface Scorer {
  readonly name: string;
  readonly version: string;
  readonly kind: ScorerKind;
  /** A value below this is a failure, for harvest and for the gate alike. */
  readonly passAt: number;
  /** One sentence: what it looks for. */
  readonly description: string;
  /** Share of the gate's error rate that each of its cases gets beside those of other scorers. Default 1. */
  readonly weight?: number;
  /** What it fails waits for a person, first in line in `tracegate review --labels`: a judge that goes by a document. Default false. */
  readonly queuesFailures?: boolean;
  /** The judge that it brings along. Absent: it asks that of the configuration, or none. */
  readonly judge?: Judge;
  score(subject: Subject, context: ScorerContext): Promise<Score>;
  /**
   * For judges: what the answers come from, as 16 hex digits: model and its settings, question, rubric and renderer. Another value is another
   * instrument, and nothing that was found out about the old one holds for it. Null without a judge to ask.
   *
   * @param judge the judge of the configuration.
   */
  instrument?(judge: Judge | undefined): string | null;
}
