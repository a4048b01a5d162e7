import type { Clock } from "../../core/clock.ts";
import { messageOf, TracegateError } from "../../core/errors.ts";
import {
  type Answer,
  isAnswer,
  type Judge,
  type NoAnswer,
  type Question,
  wrapOthers,
} from "../../core/judge.ts";
import type { JudgeBatches } from "../../core/judge-batches.ts";
import { faultClassOf } from "../../core/ledger-state.ts";
import type { Store } from "../../core/store.ts";
import { answerKey } from "../remember-answers.ts";
import type { BatchBudget } from "./batch-budget.ts";
import { type BatchJudge, laneOf } from "./batch-lanes.ts";
import { LooseReservations } from "./loose-reservations.ts";

/** Options of {@link askInBatches}. */
export interface AskInBatchesOptions {
  readonly store: Pick<Store, "knownAnswer" | "isLeft" | "leaveForBatch" | "askedLive">;
  readonly clock: Clock;
  /** How soon answers are needed where a question does not say, ms. Default: at once. */
  readonly withinMs?: number;
  /** The budget that questions of batches are paid from. Default: any amount. */
  readonly budget?: BatchBudget;
}

/** When the store does not answer, ms. */
const STORE_AWAY_MS = 30_000;
/** What the provider has is looked for so much later, ms, once its answer is overdue. */
const OVERDUE_MS = 3_600_000;

/**
 * The same judge, leaving questions that have time to a batch of its provider: they are unscored `batched` until the answer
 * is in, and whoever asks then finds it remembered. A question that has not the time of a whole batch left, or whose judge has no batches, is
 * asked at once. Stands around the judge that remembers answers.
 */
export function askInBatches(judge: Judge, options: AskInBatchesOptions): Judge {
  return leaving(judge, { ...options, loose: new LooseReservations() }, false);
}

/** @param isUnsure it is asked where a cheaper one was not sure, which comes first when the budget runs short */
function leaving(judge: Judge, options: LeavingOptions, isUnsure: boolean): Judge {
  const { batches, stronger } = judge;
  return {
    ...judge,
    ...wrapOthers(judge, (other) => leaving(other, options, isUnsure)),
    ...(stronger && { stronger: { ...stronger, judge: leaving(stronger.judge, options, true) } }),
    ask: (question, signal) =>
      batches !== undefined && hasTime(question, batches, options)
        ? askInBatch({ judge: { ...judge, batches }, isUnsure, ...options }, question, signal)
        : judge.ask(question, signal),
  };
}

interface LeavingOptions extends AskInBatchesOptions {
  readonly loose: LooseReservations;
}

/** Whom to ask, and with what. */
interface Asking extends LeavingOptions {
  readonly judge: BatchJudge;
  readonly isUnsure: boolean;
}

function hasTime(question: Question, { windowMs }: JudgeBatches, options: AskInBatchesOptions): boolean {
  return (question.withinMs ?? options.withinMs ?? 0) >= windowMs;
}

async function askInBatch(
  asking: Asking,
  question: Question,
  signal: AbortSignal,
): Promise<Answer | NoAnswer> {
  const { judge, store, clock } = asking;
  const key = answerKey(judge, question);
  try {
    const known = await store.knownAnswer(key, question.subject ?? null);
    if (known !== null) return { ...known, remembered: true };
    const left = await leave(key, question, asking);
    if (left !== "live") return left;
  } catch (error) {
    return storeAway(error, clock);
  }
  const result = await judge.ask(question, signal);
  // What may pass is asked again, and then at once, too.
  if (isAnswer(result) || faultClassOf(result.unscored.code) !== "passing") {
    await store.askedLive(key).catch(() => {});
  }
  return result;
}

/** Leaves a question to the next batch, unless it waits already. */
async function leave(
  key: string,
  question: Question,
  { judge, isUnsure, store, clock, withinMs = 0, budget, loose }: Asking,
): Promise<NoAnswer | "live"> {
  const isNew = budget !== undefined && !(await store.isLeft(key));
  // Of one that is left by now nobody can say whether what is loose is in its row: it stays taken.
  const earlier = loose.take(key);
  const reserved = isNew ? (earlier ?? (await budget.reserve(judge, question, isUnsure))) : null;
  if (reserved !== null && "unscored" in reserved) return reserved;
  const at = clock.now();
  const deadline = at + (question.withinMs ?? withinMs);
  const row = { key, lane: laneOf(judge), question, at, deadline, reserved };
  const state = await store.leaveForBatch(row).catch((error: unknown) => {
    if (reserved !== null) loose.keep(key, reserved);
    throw error;
  });
  if (state.state !== "added" && reserved !== null) await budget?.giveBack(reserved);
  if (state.state === "live") return "live";
  if (state.state === "added") return batched(deadline, "It goes to the provider with the next batch.");
  if (state.deadline > at) {
    return batched(state.deadline, state.isSent ? "The provider has it." : "It waits for the next batch.");
  }
  return batched(at + OVERDUE_MS, "The provider has it, and is late.");
}

function batched(retryAt: number, where: string): NoAnswer {
  return {
    unscored: { code: "batched", retryAt },
    reason: `Asked in a batch, at half the price. ${where}`,
    calls: 0,
  };
}

function storeAway(error: unknown, clock: Clock): NoAnswer {
  if (!(error instanceof TracegateError && error.retryable)) throw error;
  const unscored = { code: "rate-limited", retryAt: clock.now() + STORE_AWAY_MS } as const;
  return { unscored, reason: `The judge was not asked: ${messageOf(error)}`, calls: 0 };
}
