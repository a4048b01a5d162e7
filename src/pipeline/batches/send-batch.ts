import type { Batch } from "../../core/batch-questions.ts";
import { faultClassOf } from "../../core/ledger-state.ts";
import type { BatchJudge } from "./batch-lanes.ts";
import { type LaneTools, LOOK_MS } from "./batch-tools.ts";
import { takeRefusal } from "./take-refusal.ts";

/** A batch belongs so long to the process that sends it, ms. */
export const SEND_LEASE_MS = 600_000;
/** Sending is given up well before that, so that nobody looks for what is still on its way. */
const SEND_CALL_MS = 300_000;
/** Whether it arrived after all is asked so much later where nothing else is said. */
const FIND_MS = 60_000;

/** Sends a batch that was formed. Whoever calls has it for {@link SEND_LEASE_MS}. */
export async function sendBatch(
  judge: BatchJudge,
  batch: Batch,
  tools: LaneTools,
  signal: AbortSignal,
): Promise<void> {
  const { store, clock, pace, lookMs = LOOK_MS } = tools;
  const questions = await store.batchQuestions(batch.id);
  // All of them were purged meanwhile.
  if (questions.length === 0) return store.closeBatch(batch.id, clock.now());
  const limit = AbortSignal.any([signal, AbortSignal.timeout(SEND_CALL_MS)]);
  const asked = questions.map(({ key, question }) => ({ key, question }));
  const sent = await judge.batches.submit(batch.id, asked, limit);
  if ("batchId" in sent) return store.batchSent(batch.id, sent.batchId, clock.now() + lookMs);
  const { code, retryAt = clock.now() + FIND_MS } = sent.unscored;
  if (code === "rate-limited" || faultClassOf(code) !== "passing") {
    return takeRefusal(judge, batch, questions, sent, tools);
  }
  // It may have arrived all the same, which is found out first.
  pace.pause(batch.lane, clock.now(), retryAt);
  await store.lookAgain(batch.id, retryAt);
}
