import type { Batch, BatchQuestion } from "../../core/batch-questions.ts";
import { TracegateError } from "../../core/errors.ts";
import type { NoAnswer } from "../../core/judge.ts";
import { faultClassOf } from "../../core/ledger-state.ts";
import type { UnscoredCode } from "../../core/score.ts";
import type { BatchJudge } from "./batch-lanes.ts";
import type { LaneTools } from "./batch-tools.ts";
import { firstInTime, putBack, sentenceOf } from "./put-back.ts";

/** Until somebody has put a key right, or what is queued at the provider has become less. */
export const REFUSED_MS = 600_000;
/** What a key is told, not a batch: asked at once it would be the same, and at the full price. */
const OF_THE_KEY: ReadonlySet<UnscoredCode> = new Set(["key-refused", "quota", "no-key"]);

/** Whether a fault concerns the key, and none of the questions. */
export function isOfTheKey(code: UnscoredCode): boolean {
  return OF_THE_KEY.has(code);
}

/**
 * What follows when a provider asked none of a batch's questions, at once or when it had looked at it. For what may pass, or
 * concerns the key, they wait for another batch while there is time for one; a provider that takes no such batch has them asked at
 * once. The lane pauses in any case.
 */
export async function takeRefusal(
  judge: BatchJudge,
  batch: Batch,
  questions: readonly BatchQuestion[],
  { unscored, reason }: NoAnswer,
  tools: LaneTools,
): Promise<void> {
  const { clock, pace, onFault } = tools;
  const { code, retryAt } = unscored;
  const now = clock.now();
  const isPassing = faultClassOf(code) === "passing";
  const mayWait = isPassing || isOfTheKey(code);
  pace.pause(batch.lane, now, retryAt ?? now + REFUSED_MS);
  if (code === "rate-limited") pace.shrink(batch.lane, bytesOf(questions));
  const firstDeadline = mayWait ? firstInTime(judge.batches, now) : Infinity;
  const back = await putBack(batch, questions, { firstDeadline, mayBePaid: false }, tools);
  // How much may wait at the provider is no fault, unless it makes something dearer.
  if (isPassing && back.live === 0) return;
  const what = mayWait ? "took no batch" : "takes no batch";
  const message = `${judge.provider} ${what} for ${judge.model}: ${reason} ${sentenceOf(back)}`;
  onFault(new TracegateError("refused", message));
}

function bytesOf(questions: readonly BatchQuestion[]): number {
  return questions.reduce((sum, { question }) => sum + Buffer.byteLength(JSON.stringify(question)), 0);
}
