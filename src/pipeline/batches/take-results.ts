import type { BatchResult } from "../../core/judge-batches.ts";
import type { Batch, LaterQuestion, LaterResult } from "../../core/later-questions.ts";
import { faultClassOf } from "../../core/ledger-state.ts";
import { settlementOf } from "../remember-answers.ts";
import type { BatchJudge } from "./batch-lanes.ts";
import type { AnsweredCall, LaneTools } from "./batch-tools.ts";
import { firstInTime, SETTLED_AT_ONCE } from "./put-back.ts";

/** A trace that noted its waiting while its answer came is woken so much later; longer than scoring a trace takes. */
const WAKE_AGAIN_MS = 300_000;

/** Keeps what came of the questions of a batch that has ended. */
export async function takeResults(
  judge: BatchJudge,
  batch: Batch,
  {
    questions,
    results,
  }: { readonly questions: readonly LaterQuestion[]; readonly results: readonly BatchResult[] },
  tools: LaneTools,
): Promise<void> {
  const { store, clock, pace } = tools;
  const byKey = new Map(results.map(({ key, result }) => [key, result]));
  let [answers, again] = [0, 0];
  for (let start = 0; start < questions.length; start += SETTLED_AT_ONCE) {
    const outcomes = questions
      .slice(start, start + SETTLED_AT_ONCE)
      .map((asked) => outcomeOf(judge, batch, asked, byKey.get(asked.key) ?? "not-asked", tools));
    const settled = outcomes.map(({ result }) => result);
    const counting = await store.settleLater(batch.id, settled, clock.now());
    for (const { result, call } of outcomes) if (counting.has(result.key)) await call?.tell();
    answers += outcomes.filter(({ call }) => call !== undefined).length;
    again += settled.filter(({ result }) => result === "again").length;
  }
  if (answers > 0) pace.brought(batch.lane);
  if (again > 0) pace.pause(batch.lane, clock.now(), lastRetryOf(results));
  await store.batchEnded(batch.id, clock.now() + WAKE_AGAIN_MS);
}

/** What is kept of a question; with the call that brought it, if one was paid for. */
interface Outcome {
  readonly result: LaterResult;
  readonly call?: AnsweredCall;
}

function outcomeOf(
  judge: BatchJudge,
  batch: Batch,
  asked: LaterQuestion,
  result: BatchResult["result"],
  { clock, budget, onAnswered = ({ result: kept }) => ({ kept, tell: async () => {} }) }: LaneTools,
): Outcome {
  const { key } = asked;
  const paid = result === "not-asked" ? null : settlementOf(result);
  if (result === "not-asked" || paid === null || paid === "in-doubt") {
    const isInTime = asked.deadline >= firstInTime(judge.batches, clock.now());
    return { result: { key, result: mayPass(result) && isInTime ? "again" : "live" } };
  }
  const call = onAnswered({ judge, batch, asked, result: paid });
  const spent = budget?.spent(judge, asked.question, result) ?? null;
  return { result: { key, result: call.kept, ...(spent && { spent }) }, call };
}

/** What would be the same again is better told by asking at once. */
function mayPass(result: BatchResult["result"]): boolean {
  return result === "not-asked" || ("unscored" in result && faultClassOf(result.unscored.code) === "passing");
}

function lastRetryOf(results: readonly BatchResult[]): number {
  const times = results.map(({ result }) =>
    typeof result !== "string" && "unscored" in result ? (result.unscored.retryAt ?? 0) : 0,
  );
  return times.reduce((last, time) => Math.max(last, time), 0);
}
