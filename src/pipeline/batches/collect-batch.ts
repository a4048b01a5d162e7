import { TracegateError } from "../../core/errors.ts";
import type { Answer, NoAnswer } from "../../core/judge.ts";
import type { BatchResult } from "../../core/judge-batches.ts";
import type { Batch, LaterQuestion, LaterResult } from "../../core/later-questions.ts";
import { faultClassOf } from "../../core/ledger-state.ts";
import { settlementOf } from "../remember-answers.ts";
import type { BatchJudge } from "./batch-lanes.ts";
import { type BatchTools, LOOK_MS, putBack, SEND_LEASE_MS, sendBatch } from "./send-batch.ts";

/** Results written in one transaction: other writers wait as long as it takes. */
const AT_ONCE = 200;
/** A trace that noted its waiting while its answer came is woken so much later; longer than scoring a trace takes. */
const WAKE_AGAIN_MS = 300_000;
/** Share of the provider's window that must be left for another batch: most end within an hour. */
const NEEDED = 0.5;
/** Where the provider refuses to say how far a batch is. */
const REFUSED_MS = 600_000;

/** What ends a step early. */
export interface StepSignals {
  /** Ends asking the provider how far it is. */
  readonly look: AbortSignal;
  /** Ends sending it again. */
  readonly send: AbortSignal;
}

/**
 * Takes a batch one step further: finds out whether it arrived, how far it is, or what its answers are.
 *
 * @returns until when no batch of the lane should be sent, Unix ms; null: nothing speaks against it.
 */
export async function collectBatch(
  judge: BatchJudge,
  batch: Batch,
  tools: BatchTools,
  signals: StepSignals,
): Promise<number | null> {
  const { store, clock, lookMs = LOOK_MS, onFault } = tools;
  if (batch.providerId === null) return findBatch(judge, batch, tools, signals);
  const questions = new Map(batch.questions.map(({ key, question }) => [key, question]));
  const progress = await judge.batches.look(batch.providerId, async () => questions, signals.look);
  if ("unscored" in progress) return later(batch, progress, tools);
  if (progress.state === "running") {
    await store.lookAgain(batch.id, clock.now() + lookMs);
    return null;
  }
  if (progress.state === "refused") {
    const results = batch.questions.map(({ key }) => ({ key, result: progress.refusal }));
    await takeResults(judge, batch, results, tools);
    return pauseAfter(results, clock.now());
  }
  if (progress.state === "ended") {
    await takeResults(judge, batch, progress.results, tools);
    return pauseAfter(progress.results, clock.now());
  }
  const message = `Batch ${batch.providerId} is gone: ${progress.reason} Its ${questions.size} questions are asked at once, and may be paid twice.`;
  onFault(new TracegateError("not-found", message));
  await putBack(batch, "live", tools);
  return null;
}

async function findBatch(
  judge: BatchJudge,
  batch: Batch,
  tools: BatchTools,
  signals: StepSignals,
): Promise<number | null> {
  const { store, clock } = tools;
  const sent = { id: batch.id, sentAt: batch.at, sentUntil: batch.at + SEND_LEASE_MS, questions: batch.size };
  const found = await judge.batches.find(sent, await store.knownBatches(), signals.look);
  if ("unscored" in found) return later(batch, found, tools);
  if (found.batchId === null) {
    await store.lookAgain(batch.id, clock.now() + SEND_LEASE_MS);
    return sendBatch(judge, batch, tools, signals.send);
  }
  await store.batchSent(batch.id, found.batchId, clock.now());
  return null;
}

/** A provider may take a batch and then refuse all of it for now: more is queued than it allows. */
function pauseAfter(results: readonly BatchResult[], now: number): number | null {
  const times = results.map(({ result }) =>
    typeof result !== "string" && "unscored" in result && result.unscored.code === "rate-limited"
      ? (result.unscored.retryAt ?? now + REFUSED_MS)
      : null,
  );
  const until = times.map((time) => time ?? 0);
  return times.length > 0 && times.every((time) => time !== null)
    ? Math.max(...until, now + REFUSED_MS)
    : null;
}

/** The provider does not say, for now or at all. Nothing is asked twice for that: answers are kept there for weeks. */
async function later(batch: Batch, { unscored, reason }: NoAnswer, tools: BatchTools): Promise<null> {
  const { store, clock, onFault, lookMs = LOOK_MS } = tools;
  const isPassing = faultClassOf(unscored.code) === "passing";
  if (!isPassing) onFault(new TracegateError("refused", `Batch ${batch.providerId ?? batch.id}: ${reason}`));
  await store.lookAgain(batch.id, unscored.retryAt ?? clock.now() + (isPassing ? lookMs : REFUSED_MS));
  return null;
}

async function takeResults(
  judge: BatchJudge,
  batch: Batch,
  results: readonly BatchResult[],
  tools: BatchTools,
): Promise<void> {
  const { store, clock, budget, onAnswered = async ({ result }) => result } = tools;
  const byKey = new Map(results.map(({ key, result }) => [key, result]));
  for (let start = 0; start < batch.questions.length; start += AT_ONCE) {
    const some = batch.questions.slice(start, start + AT_ONCE);
    const settled: LaterResult[] = [];
    const paid: { asked: LaterQuestion; result: Answer | NoAnswer | null }[] = [];
    for (const asked of some) {
      const result = byKey.get(asked.key) ?? "not-asked";
      const kept = result === "not-asked" ? null : settlementOf(result);
      if (kept === null || kept === "in-doubt" || result === "not-asked") {
        const next = nextLane(asked, result, judge.batches.windowMs, clock.now());
        settled.push({ key: asked.key, result: next });
        if (next === "live") paid.push({ asked, result: null });
        continue;
      }
      settled.push({ key: asked.key, result: await onAnswered({ judge, batch, asked, result: kept }) });
      paid.push({ asked, result: kept });
    }
    await store.settleLater(batch.id, settled, clock.now());
    await budget?.settle(paid);
  }
  await store.batchEnded(batch.id, clock.now() + WAKE_AGAIN_MS);
}

/** Another batch where there is time for one; what would be the same again is better told by asking at once. */
function nextLane(
  { deadline }: LaterQuestion,
  result: BatchResult["result"],
  windowMs: number,
  now: number,
): "again" | "live" {
  const mayPass =
    result === "not-asked" || ("unscored" in result && faultClassOf(result.unscored.code) === "passing");
  return mayPass && deadline - now >= windowMs * NEEDED ? "again" : "live";
}
