import type { Batch, SentQuestion } from "../../core/batch-questions.ts";
import type { Clock } from "../../core/clock.ts";
import type { Answer, Judge, NoAnswer } from "../../core/judge.ts";
import type { Store } from "../../core/store.ts";
import type { BatchBudget } from "./batch-budget.ts";
import type { LanePace } from "./lane-pace.ts";

/** What sending and collecting batches needs. Times in ms. */
export interface BatchTools {
  readonly store: Pick<
    Store,
    | "waitingLanes"
    | "dropLate"
    | "formBatch"
    | "batchQuestions"
    | "batchSent"
    | "claimBatches"
    | "lookAgain"
    | "knownBatches"
    | "settleQuestions"
    | "batchEnded"
    | "closeBatch"
    | "forgetOverdue"
  >;
  readonly clock: Clock;
  /** Where questions were paid from. Default: nobody counts. */
  readonly budget?: BatchBudget;
  /** Time between two looks at a batch that is under way. Default 60,000. */
  readonly lookMs?: number;
  /** Shown every result that a provider was paid for, before it is kept. Must not throw. Default: kept as it is. */
  readonly onAnswered?: (call: BatchedCall) => AnsweredCall;
  /** Told of a fault; what it concerns is tried again, or asked at once. Must not throw. */
  readonly onFault: (error: unknown) => void;
}

/** {@link BatchTools}, and how fast each lane may go. */
export interface LaneTools extends BatchTools {
  readonly pace: LanePace;
}

/** One question of a batch and what came of it. */
export interface BatchedCall {
  readonly judge: Judge;
  readonly batch: Batch;
  readonly asked: SentQuestion;
  readonly result: Answer | NoAnswer;
}

/** What `onAnswered` makes of a call. */
export interface AnsweredCall {
  /** What is kept of it, if it is to be: what may pass is asked again. */
  readonly kept: Answer | NoAnswer;
  /** Called when it is, so by one of several who collect one batch; by nobody when its process dies just then. Must not throw. */
  tell(): Promise<void>;
}

/** Time between two looks at a batch, ms, where nothing else is said. */
export const LOOK_MS = 60_000;
