import type { Dataset } from "../core/case.ts";
import type { Clock } from "../core/clock.ts";
import type { History, Result } from "../core/run.ts";
import type { Policy } from "../core/verdict.ts";
import type { GateScorer } from "./gate-criteria.ts";
import type { Severity } from "./gate-severity.ts";
import type { TrialTools } from "./run-dataset-trial.ts";

/** What a gate decides on, besides results. */
export interface GateQuestion {
  /** All cases; those not accepted are left out and counted. Ids must differ. */
  readonly dataset: Dataset;
  /** The configured scorers, which `evaluate` applies. */
  readonly scorers: readonly GateScorer[];
  /** `Judge.identity` of the configured judge, if there is one. */
  readonly judgeIdentity?: string;
  /** Names of judge scorers that may block. Default: none; judges are advisory. */
  readonly trust?: readonly string[];
  /** Main's passes and trials. */
  readonly history: History;
  /** Default {@link DEFAULT_POLICY}. */
  readonly policy?: Partial<Policy>;
  /** What the tags of cases say of their severity. Default: nothing, all weigh the same. */
  readonly severity?: Severity;
  /** Adds the trials to main's history: for runs on main. Default false. */
  readonly record?: boolean;
  /** Commit id of the agent; null outside git. */
  readonly commit: string | null;
}

/** Options of `runGate`. */
export interface GateOptions extends GateQuestion, Omit<TrialTools, "signal" | "clock"> {
  /** Cases tried at once. Default 4. */
  readonly concurrency?: number;
  /** Sentences to put into the report's notes, e.g. unreadable dataset lines. */
  readonly notes?: readonly string[];
  readonly onResult?: (result: Result) => void | Promise<void>;
  /** Called before each round with the trials made and those known to come. */
  readonly onProgress?: (progress: { readonly done: number; readonly planned: number }) => void;
  /** Ends the gate early: the verdict is inconclusive and nothing is recorded. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}
