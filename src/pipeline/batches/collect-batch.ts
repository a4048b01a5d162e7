import type { Batch, SentQuestion } from "../../core/batch-questions.ts";
import { messageOf, TracegateError } from "../../core/errors.ts";
import type { NoAnswer } from "../../core/judge.ts";
import { faultClassOf } from "../../core/ledger-state.ts";
import type { BatchJudge } from "./batch-lanes.ts";
import { type LaneTools, LOOK_MS } from "./batch-tools.ts";
import type { DoublingWait } from "./doubling-wait.ts";
import { firstInTime, putBack, sentenceOf } from "./put-back.ts";
import { SEND_LEASE_MS } from "./send-batch.ts";
import { takeRefusal } from "./take-refusal.ts";
import { takeResults } from "./take-results.ts";

/** What collecting batches needs. */
export interface CollectTools extends LaneTools {
  /** Since when this process hears that a provider does not know a batch, Unix ms, by the batch's id. */
  readonly goneSince: Map<string, number>;
  /** How long to wait where a provider does not say how far a batch is, by the batch's id. */
  readonly lookWaits: DoublingWait;
}

/** A batch of which nothing was heard so many windows of its provider is given up. */
const WINDOWS = 2;
/** A provider that does not know a batch may be wrong for so long, ms: a whole batch asked at once would be paid twice. */
const GONE_MS = 3_600_000;
const STILL_RUNNING: NoAnswer = {
  unscored: { code: "timed-out" },
  reason: "Its provider still works on it long after it should have ended.",
};

/** Takes a batch one step further: finds out whether it arrived, how far it is, or what its answers are. */
export async function collectBatch(
  judge: BatchJudge,
  batch: Batch,
  tools: CollectTools,
  signal: AbortSignal,
): Promise<void> {
  const { store, clock, lookMs = LOOK_MS, lookWaits, goneSince } = tools;
  if (batch.providerId === null) return findBatch(judge, batch, tools, signal);
  const questions = loadedOnce(() => store.batchQuestions(batch.id));
  const byKey = async () => new Map((await questions()).map(({ key, question }) => [key, question]));
  const { providerId } = batch;
  const progress = await caught(() => judge.batches.look(providerId, byKey, signal));
  if ("unscored" in progress) return notTold(judge, batch, progress, tools);
  if (progress.state === "gone") return notKnown(batch, progress.reason, questions, tools);
  lookWaits.reset(batch.id);
  goneSince.delete(batch.id);
  switch (progress.state) {
    case "running":
      if (isOverdue(judge, batch, clock.now())) return giveUp(batch, STILL_RUNNING, tools);
      return store.lookAgain(batch.id, clock.now() + lookMs);
    case "ended":
      return takeResults(judge, batch, { questions: await questions(), results: progress.results }, tools);
    case "refused":
      return takeRefusal(judge, batch, await questions(), progress.refusal, tools);
  }
}

/** A batch that its provider does not know is gone when it says so for an hour. */
async function notKnown(
  batch: Batch,
  reason: string,
  questions: () => Promise<readonly SentQuestion[]>,
  tools: CollectTools,
): Promise<void> {
  const { store, clock, lookWaits, goneSince, onFault } = tools;
  const now = clock.now();
  const since = goneSince.get(batch.id);
  if (since === undefined || now - since < GONE_MS) {
    if (since === undefined) {
      goneSince.set(batch.id, now);
      const message = `Batch ${batch.providerId} seems to be gone: ${reason} It is given up when that holds for an hour.`;
      onFault(new TracegateError("not-found", message));
    }
    return store.lookAgain(batch.id, now + lookWaits.next(batch.id));
  }
  goneSince.delete(batch.id);
  const back = await putBack(batch, await questions(), { mayBePaid: true }, tools);
  const message = `Batch ${batch.providerId} is gone: ${reason} ${sentenceOf(back)} They may be paid twice.`;
  onFault(new TracegateError("not-found", message));
}

async function findBatch(
  judge: BatchJudge,
  batch: Batch,
  tools: CollectTools,
  signal: AbortSignal,
): Promise<void> {
  const { store, clock, onFault } = tools;
  const sent = {
    id: batch.id,
    sentAt: batch.at,
    sentUntil: batch.at + SEND_LEASE_MS,
    questions: batch.size,
  };
  const known = await store.knownBatches();
  const found = await caught(() => judge.batches.find(sent, known, signal));
  if ("unscored" in found) return notTold(judge, batch, found, tools);
  if (found.batchId !== null) return store.batchSent(batch.id, found.batchId, clock.now());
  const questions = await store.batchQuestions(batch.id);
  const firstDeadline = firstInTime(judge.batches, clock.now());
  const back = await putBack(batch, questions, { firstDeadline, mayBePaid: false }, tools);
  const message = `A batch for ${judge.model} never arrived at ${judge.provider}. ${sentenceOf(back)}`;
  onFault(new TracegateError("unavailable", message));
}

/**
 * The provider does not say, for now or at all. Answers are kept there for weeks, so nothing is asked twice for that until long after; but
 * a batch that may never have arrived is given up when its first answer is needed.
 */
async function notTold(judge: BatchJudge, batch: Batch, none: NoAnswer, tools: CollectTools): Promise<void> {
  const { store, clock, lookWaits, onFault } = tools;
  const now = clock.now();
  const isNeeded = batch.providerId === null && (await firstDeadlineOf(batch, tools)) <= now;
  if (isNeeded || isOverdue(judge, batch, now)) return giveUp(batch, none, tools);
  onFault(faultOf(batch, none));
  await store.lookAgain(batch.id, Math.max(now + lookWaits.next(batch.id), none.unscored.retryAt ?? 0));
}

async function firstDeadlineOf(batch: Batch, { store }: CollectTools): Promise<number> {
  const questions = await store.batchQuestions(batch.id);
  return questions.reduce((first, { deadline }) => Math.min(first, deadline), Infinity);
}

function isOverdue(judge: BatchJudge, batch: Batch, now: number): boolean {
  return now - batch.at >= WINDOWS * judge.batches.windowMs;
}

async function giveUp(batch: Batch, none: NoAnswer, tools: CollectTools): Promise<void> {
  const questions = await tools.store.batchQuestions(batch.id);
  const back = await putBack(batch, questions, { mayBePaid: true }, tools);
  tools.onFault(faultOf(batch, none, ` It is given up. ${sentenceOf(back)} They may be paid twice.`));
}

function faultOf({ id, providerId }: Batch, { unscored, reason }: NoAnswer, more = ""): TracegateError {
  const code = faultClassOf(unscored.code) === "passing" ? "unavailable" : "refused";
  return new TracegateError(code, `Batch ${providerId ?? id}: ${reason}${more}`);
}

/** What a provider's code throws is as if it did not say. When the store is away, somebody looks again after the lease. */
async function caught<Told>(tell: () => Promise<Told>): Promise<Told | NoAnswer> {
  try {
    return await tell();
  } catch (error) {
    if (error instanceof TracegateError && error.retryable) throw error;
    const reason = `What the provider says of it cannot be read: ${messageOf(error)}.`;
    return { unscored: { code: "provider-down" }, reason };
  }
}

function loadedOnce(load: () => Promise<readonly SentQuestion[]>): () => Promise<readonly SentQuestion[]> {
  let loaded: Promise<readonly SentQuestion[]> | undefined;
  return () => (loaded ??= load());
}
