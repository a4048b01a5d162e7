import type { Case, Dataset, Recording } from "../core/case.ts";
import type { Clock } from "../core/clock.ts";
import type { History, Result, Spending } from "../core/run.ts";
import type { Budget, Policy } from "../core/verdict.ts";
import type { PrepareMain } from "./control/main-agent.ts";
import type { GateScorer } from "./gate-criteria.ts";
import type { Share } from "./gate-part.ts";
import type { Severity } from "./gate-severity.ts";
import type { RunDatasetOptions } from "./run-dataset.ts";
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
  /** Of tracegate. Default `unknown`. */
  readonly version?: string;
}

/** What was found before this process began: by an interrupted run, or by the parts of one. */
export interface KnownTrials {
  /** Those that ended in a fault are made again, unless `decideOnly`. */
  readonly results: readonly Result[];
  /** When the first of them began, Unix ms. */
  readonly startedAt: number;
  /** Wall time they took, ms. */
  readonly ms: number;
  /** What main's trials cost that were made beside them. Default: nothing. */
  readonly beside?: readonly Spending[];
  /** False: not all that was worth a trial had it. Read with `decideOnly`. Default true. */
  readonly whole?: boolean;
}

/** Options of `runGate`. */
export interface GateOptions
  extends GateQuestion,
    Omit<TrialTools, "signal" | "clock" | "onAttempted">,
    Pick<RunDatasetOptions, "scoresBehind" | "scoreNow"> {
  /** Cases tried at once. Default 4. */
  readonly concurrency?: number;
  /** What the whole run may cost, judges included; checked before each new trial. Default: no limit. */
  readonly budget?: Budget;
  /** Makes main's agent ready, to be tried before a block. Default: a block says that it is not controlled. */
  readonly prepareMain?: PrepareMain;
  /** The recording a case was harvested with, to say what moved since. Default: none is known. */
  readonly recordingOf?: (one: Case) => Promise<Recording | undefined>;
  /** Trials that are not made again. Default: none. */
  readonly known?: KnownTrials;
  /** Makes no trial and decides on `known`. Default false. */
  readonly decideOnly?: boolean;
  /** Tries one part of the cases and leaves the verdict to who has all parts. */
  readonly share?: Share;
  /** Sentences to put into the report's notes, e.g. unreadable dataset lines. */
  readonly notes?: readonly string[];
  readonly onResult?: (result: Result) => void | Promise<void>;
  /** Told of main's trials before a block. */
  readonly onMainResult?: (result: Result) => void | Promise<void>;
  /** Called before each round with the trials made and those known to come. */
  readonly onProgress?: (progress: { readonly done: number; readonly planned: number }) => void;
  /** Ends the gate early: the verdict is inconclusive and nothing is recorded. */
  readonly signal?: AbortSignal;
  readonly clock?: Clock;
}
