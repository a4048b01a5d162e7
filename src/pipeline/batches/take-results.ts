import type { Batch, SentQuestion } from "../../core/batch-questions.ts";
import { TracegateError } from "../../core/errors.ts";
import type { BatchResult } from "../../core/judge-batches.ts";
import type { BatchJudge } from "./batch-lanes.ts";
import type { LaneTools } from "./batch-tools.ts";
import { SETTLED_AT_ONCE, sentenceOf, WAKE_AGAIN_MS } from "./put-back.ts";
import { type QuestionOutcome, questionOutcome } from "./question-outcome.ts";
import { isOfTheKey, REFUSED_MS } from "./take-refusal.ts";

/** Keeps what came of the questions of a batch that has ended. */
export async function takeResults(
  judge: BatchJudge,
  batch: Batch,
  {
    questions,
    results,
  }: { readonly questions: readonly SentQuestion[]; readonly results: readonly BatchResult[] },
  tools: LaneTools,
): Promise<void> {
  const { store, clock, pace } = tools;
  const byKey = new Map(results.map(({ key, result }) => [key, result]));
  const missing: QuestionOutcome[] = [];
  for (let start = 0; start < questions.length; start += SETTLED_AT_ONCE) {
    const outcomes = questions
      .slice(start, start + SETTLED_AT_ONCE)
      .map((asked) => questionOutcome(judge, batch, asked, byKey.get(asked.key) ?? "not-asked", tools));
    const settled = outcomes.map(({ result }) => result);
    const counting = await store.settleQuestions(batch.id, settled, clock.now());
    const counted = outcomes.filter(({ result }) => counting.has(result.key));
    for (const { call } of counted) await call?.tell();
    missing.push(...counted.filter((outcome) => outcome.missing !== undefined));
  }
  const now = clock.now();
  if (missing.some(({ isPassing }) => isPassing)) pace.pause(batch.lane, now, lastRetryOf(missing, now));
  else if (missing.length < questions.length) pace.brought(batch.lane);
  if (missing.length > 0) tellMissing(batch, missing, questions.length, tools);
  await store.batchEnded(batch.id, clock.now() + WAKE_AGAIN_MS);
}

/** One sentence for all of them, with the first reason there is. */
function tellMissing(
  { id, providerId }: Batch,
  missing: readonly QuestionOutcome[],
  questions: number,
  { onFault }: LaneTools,
): void {
  const [reason = "Their turn did not come before it ended."] = missing.flatMap(
    (outcome) => outcome.missing?.reason ?? [],
  );
  const again = missing.filter(({ result }) => result.result === "again").length;
  const message = `Batch ${providerId ?? id} has no answer to ${missing.length} of ${questions} questions: ${reason} ${sentenceOf({ again, live: missing.length - again })}`;
  const isPassing = missing.some((outcome) => outcome.isPassing);
  onFault(new TracegateError(isPassing ? "unavailable" : "refused", message));
}

function lastRetryOf(missing: readonly QuestionOutcome[], now: number): number {
  const times = missing.map(({ missing: none }) => {
    const { code, retryAt = 0 } = none?.unscored ?? {};
    return code !== undefined && isOfTheKey(code) ? Math.max(retryAt, now + REFUSED_MS) : retryAt;
  });
  return times.reduce((last, time) => Math.max(last, time), 0);
}
