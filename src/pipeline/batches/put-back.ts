import type { Batch, BatchQuestion, SettledQuestion } from "../../core/batch-questions.ts";
import type { JudgeBatches } from "../../core/judge-batches.ts";
import type { BatchTools } from "./batch-tools.ts";

/** Results written in one transaction: other writers wait as long as it takes. */
export const SETTLED_AT_ONCE = 200;
/** A trace that noted its waiting while its question's batch ended is woken so much later, ms; longer than scoring a trace takes. */
export const WAKE_AGAIN_MS = 300_000;
/** Share of the provider's window that must be left for another batch: most end within an hour. */
const NEEDED = 0.5;

/** What is needed before is not sent in a batch that is formed now, Unix ms. */
export function firstInTime({ windowMs }: JudgeBatches, now: number): number {
  return now + windowMs * NEEDED;
}

/** How many questions went where. */
export interface PutBack {
  readonly again: number;
  readonly live: number;
}

/** What a question has cost that nobody was asked. */
export const UNPAID = { usd: 0, tokens: 0 } as const;

/** How {@link putBack} does it. */
export interface PutBackOptions {
  /** What is needed before that is asked at once, Unix ms; the others wait for another batch. Default: all are asked at once. */
  readonly firstDeadline?: number;
  /** True: what was taken for those that are asked at once stays taken. */
  readonly mayBePaid: boolean;
}

/**
 * Takes all questions out of a batch, which is then over. In several transactions; who dies in between leaves a batch that is due.
 */
export async function putBack(
  batch: Batch,
  questions: readonly BatchQuestion[],
  { firstDeadline = Infinity, mayBePaid }: PutBackOptions,
  { store, clock }: BatchTools,
): Promise<PutBack> {
  const at = clock.now();
  let live = 0;
  for (let start = 0; start < questions.length; start += SETTLED_AT_ONCE) {
    const some = questions
      .slice(start, start + SETTLED_AT_ONCE)
      .map(
        ({ key, deadline }): SettledQuestion =>
          deadline < firstDeadline
            ? { key, result: "live", ...(!mayBePaid && { spent: UNPAID }) }
            : { key, result: "again" },
      );
    live += some.filter(({ result }) => result === "live").length;
    await store.settleQuestions(batch.id, some, at);
  }
  const wakesNobody = live === 0 && questions.length > 0;
  if (wakesNobody) await store.closeBatch(batch.id, at);
  else await store.batchEnded(batch.id, at + WAKE_AGAIN_MS);
  return { again: questions.length - live, live };
}

/** For logs. */
export function sentenceOf({ again, live }: PutBack): string {
  const parts = [
    ...(again > 0 ? [`${again} waiting for another batch`] : []),
    ...(live > 0 ? [`${live} asked at once, at the full price`] : []),
  ];
  return `Questions: ${parts.join(", ") || "none"}.`;
}
