import type { Clock } from "../../core/clock.ts";
import { TracegateError } from "../../core/errors.ts";
import type { Answer, Judge, NoAnswer } from "../../core/judge.ts";
import type { Batch, LaterQuestion } from "../../core/later-questions.ts";
import { faultClassOf } from "../../core/ledger-state.ts";
import type { Store } from "../../core/store.ts";
import type { BatchJudge } from "./batch-lanes.ts";
import type { LaterBudget } from "./later-budget.ts";

/** What sending and collecting batches needs. Times in ms. */
export interface BatchTools {
  readonly store: Pick<
    Store,
    | "waitingLanes"
    | "formBatch"
    | "batchSent"
    | "claimBatches"
    | "lookAgain"
    | "knownBatches"
    | "settleLater"
    | "batchEnded"
    | "closeBatch"
  >;
  readonly clock: Clock;
  /** Where questions were paid from. Default: nobody counts. */
  readonly budget?: LaterBudget;
  /** Time between two looks at a batch that is under way. Default 60,000. */
  readonly lookMs?: number;
  /** Told of every result that a provider was paid for; what it returns is kept. Must not throw. Default: kept as it is. */
  readonly onAnswered?: (call: BatchedCall) => Promise<Answer | NoAnswer>;
  /** Told of a fault; what it concerns is tried again, or asked at once. Must not throw. */
  readonly onFault: (error: unknown) => void;
}

/** One question of a batch and what came of it. */
export interface BatchedCall {
  readonly judge: Judge;
  readonly batch: Batch;
  readonly asked: LaterQuestion;
  readonly result: Answer | NoAnswer;
}

/** Time between two looks at a batch, ms, where nothing else is said. */
export const LOOK_MS = 60_000;
/** A batch belongs so long to the process that sends it, ms. */
export const SEND_LEASE_MS = 600_000;
/** Sending is given up well before that, so that nobody looks for what is still on its way. */
const SEND_CALL_MS = 300_000;
/** A provider that takes no batches is not offered one so long. */
const REFUSED_MS = 600_000;
/** Where a fault names no time. */
const RETRY_MS = 60_000;

/**
 * Sends a batch that was formed, or sends it again when it never arrived. Whoever calls has it for {@link SEND_LEASE_MS}.
 *
 * @returns until when no batch of the lane should be sent, Unix ms; null: it was taken.
 */
export async function sendBatch(
  judge: BatchJudge,
  batch: Batch,
  tools: BatchTools,
  signal: AbortSignal,
): Promise<number | null> {
  const { store, clock, onFault, lookMs = LOOK_MS } = tools;
  const questions = batch.questions.map(({ key, question }) => ({ key, question }));
  const limit = AbortSignal.any([signal, AbortSignal.timeout(SEND_CALL_MS)]);
  const sent = await judge.batches.submit(batch.id, questions, limit);
  if ("batchId" in sent) {
    await store.batchSent(batch.id, sent.batchId, clock.now() + lookMs);
    return null;
  }
  const { code, retryAt = clock.now() + RETRY_MS } = sent.unscored;
  if (code === "rate-limited") {
    await putBack(batch, "again", tools);
    return retryAt;
  }
  if (faultClassOf(code) === "passing") {
    // It may have arrived all the same, which is found out first.
    await store.lookAgain(batch.id, retryAt);
    return retryAt;
  }
  const message = `${judge.provider} takes no batch for ${judge.model}: ${sent.reason} Its ${questions.length} questions are asked at once, at the full price.`;
  onFault(new TracegateError("refused", message));
  await putBack(batch, "live", tools);
  return clock.now() + REFUSED_MS;
}

/** Takes all questions out of a batch, which is then over. */
export async function putBack(batch: Batch, how: "again" | "live", tools: BatchTools): Promise<void> {
  const { store, clock, budget } = tools;
  const at = clock.now();
  await store.settleLater(
    batch.id,
    batch.questions.map(({ key }) => ({ key, result: how })),
    at,
  );
  await store.closeBatch(batch.id, at);
  if (how === "live") await budget?.settle(batch.questions.map((asked) => ({ asked, result: null })));
}
