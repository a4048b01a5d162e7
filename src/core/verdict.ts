import type { CaseState } from "./case.ts";
import type { Result, Run, Spending } from "./run.ts";

/** Passes and trials. */
export interface Counts {
  readonly passes: number;
  readonly trials: number;
}

/**
 * Trials of main of today and of the change that were made side by side, when a block was in question. Each trial of main has the
 * number of the change's trial that it was made beside. A breakdown is a failed trial.
 */
export interface ControlCounts {
  readonly main: Counts;
  /** Part of the change's own trials. */
  readonly candidate: Counts;
  /** Those of these pairs in which an agent broke down. Absent: none. */
  readonly breakdowns?: BreakdownPairs;
  /** Pairs that are left out, because main passed too near to the limit in which the change did not end. Absent: none. */
  readonly nearLimit?: NearLimit;
}

/** Pairs in which an agent broke down. */
export interface BreakdownPairs {
  readonly main: Counts;
  readonly candidate: Counts;
  /** Trials in which main did. */
  readonly ofMain: number;
}

/** Pairs in which the change timed out, and main needed more than half of that time. */
export interface NearLimit {
  readonly pairs: number;
  /** The longest that main took in them, ms. */
  readonly tookMs: number;
  /** The time that the change had, ms. */
  readonly limitMs: number;
}

/** Trials in which an agent began and gave nothing to score. */
export interface Breakdowns {
  readonly trials: number;
  /** `crashed`: ended in an error. `timed-out`: did not end in time. `silent`: ended with neither an answer nor spans. `mixed`: not all in one way. */
  readonly how: "crashed" | "timed-out" | "silent" | "mixed";
  /** The time that it had where it timed out, ms. */
  readonly limitMs?: number;
}

/** All the gate knows of one case and one scorer. */
export interface CaseCounts {
  readonly caseId: string;
  readonly scorer: string;
  /** On main, comparable trials only. */
  readonly main: Counts;
  /** On the change under test. */
  readonly candidate: Counts;
  /** Trials of this change that ended in a fault or unscored. */
  readonly unscored: number;
  /**
   * Those of them in which the agent broke down. In a verdict for which main was tried again they are failed trials of `candidate` instead,
   * where they count. Absent: none.
   */
  readonly breakdowns?: Breakdowns;
  /** False: quarantined; not reviewed yet. */
  readonly accepted: boolean;
  /** False for an advisory judge: reported, never blocking. */
  readonly blocking: boolean;
  /** Share of the error rate beside the other cases, by severity. Default 1. */
  readonly weight?: number;
  /** No release while it fails, also when main fails it. Default false. */
  readonly mustFix?: boolean;
  /** Absent: main was not tried again on it. */
  readonly control?: ControlCounts;
}

/** The gate's rules. */
export interface Policy {
  /**
   * `pull-request`: blocks on evidence of harm, and rules out what loss it can at about one pass. `release`: passes only
   * when the loss of `margin` is ruled out, and blocks while a case that must be fixed fails.
   */
  readonly mode: "pull-request" | "release";
  /** Smallest loss of the mean pass rate that matters, 0..1. Default 0.05. */
  readonly margin: number;
  /** Chance to pass a change that lost the margin, 0..1. Default 0.1. */
  readonly missRate: number;
  /** Passes over the dataset, first one included, that the question of the margin may cost. Default 5. */
  readonly maxPasses: number;
  /** Chance of blocking an unchanged agent that the gate may spend, 0..1. Default 0.05. */
  readonly errorRate: number;
  /** Trials on main a case needs before it may block. Default 3. */
  readonly minHistory: number;
  /** Trials of one case in one run at the most, first one included. Default 6. */
  readonly maxTrials: number;
  /** Share of unscored trials above which the verdict is inconclusive, 0..1. Default 0.05. A guarding case needs one score at least. */
  readonly maxUnscored: number;
}

/** The gate's answer about one case and scorer. */
export interface CaseVerdict extends CaseCounts {
  readonly state: CaseState;
  /**
   * `regressed`: blocks. `fixed`: main fails it, this change passes it. `still-failing`: main fails it too, by its
   * history. `stale`: main passes it by its history and fails it now.
   * `undecided`: evidence is open and more trials would settle it. `unscored`: nothing to decide on.
   */
  readonly outcome:
    | "held"
    | "regressed"
    | "stale"
    | "fixed"
    | "still-failing"
    | "undecided"
    | "unscored"
    | "new";
  /** E-value against "nothing changed": the odds the evidence offers for a break. 1 is no evidence. */
  readonly evidence: number;
}

/** What the trials say about a loss over all cases of one scorer. */
export interface ScorerLoss {
  readonly scorer: string;
  /** The loss of the mean pass rate in question, 0..1; null: too few cases to rule any out. */
  readonly margin: number | null;
  /** Likelihood of that loss against none; ruled out at the policy's missRate or less. 1 without a margin. */
  readonly odds: number;
}

/** Only the gate has verdicts. */
export interface Verdict {
  readonly status: "pass" | "block" | "inconclusive" | "stale";
  /** One sentence. */
  readonly title: string;
  /** A sentence per reason, the deciding one first. */
  readonly reasons: readonly string[];
  /** Joint e-value over all cases; the gate blocks at 1 / errorRate. */
  readonly evidence: number;
  /** One per scorer that guards; absent in reports of earlier versions. */
  readonly losses?: readonly ScorerLoss[];
  /**
   * E-value against "the change is as main is now", from main's trials of now; a block needs 2 / errorRate of it as well,
   * the double because main is looked at on the suspects and then on all cases.
   * Absent: main was not tried again.
   */
  readonly controlEvidence?: number;
  /**
   * Whether a block was held against main of today. True: main was tried again. A text: why it was not, as the rest of a
   * sentence; the block then rests on main's history alone. Absent: no block was in question.
   */
  readonly controlled?: true | string;
  readonly cases: readonly CaseVerdict[];
}

/** What a gate run may cost; what is left out has no limit. */
export interface Budget {
  /** USD of the agent's own model calls, as its traces tell them, and of the judges' calls. */
  readonly usd?: number;
  /** Tokens of the same calls. */
  readonly tokens?: number;
  /** Minutes from the start to the last new trial. */
  readonly minutes?: number;
}

/** What a gate run cost. */
export interface Spent extends Spending {
  /** Wall time, ms; of a run in several sessions their sum, of one in several parts the longest. */
  readonly ms: number;
}

/** What makes the trials of several processes those of one run: when one differs, they are never mixed. */
export interface RunSetting {
  /** Of tracegate. */
  readonly version: string;
  /** Null outside git. */
  readonly commit: string | null;
  /** Hash of the cases to try. */
  readonly cases: string;
  /** Hash of scorers, their versions, and the judge. */
  readonly scorers: string;
  /** `Task.identity`. */
  readonly task: string;
  /** The gate's rules, as JSON. */
  readonly policy: string;
}

/** One of several reports that together are a run. */
export interface GatePart {
  /** 1 to `of`. */
  readonly index: number;
  readonly of: number;
  readonly setting: RunSetting;
}

/** What was found about main when a block was in question. */
export interface ControlReport {
  /** Commit id of main as it was tried. */
  readonly commit: string;
  /** How it was found, e.g. `origin/main`. */
  readonly base: string;
  /** Each has the number of the change's trial that it was made beside. */
  readonly results: readonly Result[];
  /** What is different around main since its history was made, a sentence each. */
  readonly moved: readonly string[];
}

/** Everything a gate run found; CLI, action and reports only render it. */
export interface GateReport {
  readonly v: 1;
  readonly verdict: Verdict;
  readonly run: Run;
  /** Unix ms. */
  readonly finishedAt: number;
  /** True when the trials were added to main's history. */
  readonly recorded: boolean;
  /** Sentences about the gate itself: no history yet, a dataset line skipped, the commit unknown. */
  readonly notes: readonly string[];
  /** Main tried again beside the change; absent when that was not in question or not possible. */
  readonly control?: ControlReport;
  /** Absent in reports of earlier versions. */
  readonly spent?: Spent;
  /**
   * `whole`: all trials that were worth making were made. Else the verdict rests on a part of them: the run was
   * interrupted, a limit of the budget was reached, or a part of it was cut short. Absent in reports of earlier versions.
   */
  readonly ended?: "whole" | "interrupted" | "budget" | "unfinished";
  /** Set: only a part of the cases was tried, and there is no verdict yet. */
  readonly part?: GatePart;
}
