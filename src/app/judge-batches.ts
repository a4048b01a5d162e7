import type { Config } from "../config/schema.ts";
import { systemClock } from "../core/clock.ts";
import { newSpanId, newTraceId } from "../core/ids.ts";
import { type Answer, isAnswer, type NoAnswer } from "../core/judge.ts";
import type { Store } from "../core/store.ts";
import { batchLanes } from "../pipeline/batches/batch-lanes.ts";
import { type BatchLoop, startBatches } from "../pipeline/batches/batch-loop.ts";
import type { BatchedCall } from "../pipeline/batches/send-batch.ts";
import type { LiveEvaluation, LiveEvaluationOptions } from "./evaluate-live.ts";
import { type TellFault, tellThrown } from "./site-events.ts";

/** Options of {@link startJudgeBatches}. */
export interface JudgeBatchesOptions extends Pick<LiveEvaluationOptions, "watchJudge" | "onJudgeCall"> {
  readonly config: Config;
  readonly store: Store;
  readonly evaluation: LiveEvaluation;
  readonly onFault: TellFault;
}

/** Sends and collects batches for the judges that are configured; nothing runs when none of their providers takes any. */
export function startJudgeBatches(options: JudgeBatchesOptions): BatchLoop {
  const { config, store, evaluation, onFault } = options;
  const lanes = batchLanes(evaluation.judges);
  if (lanes.size === 0) return { stop: async () => {} };
  const { laterBudget: budget } = evaluation;
  const { gatherMs, lookMs } = config.judging.batches;
  return startBatches({
    gatherMs,
    lookMs,
    everyMs: Math.max(100, Math.min(5_000, gatherMs, lookMs)),
    lanes,
    store,
    clock: systemClock,
    ...(budget && { budget }),
    onAnswered: (call) => tellAnswered(call, options),
    onFault: (error) => tellThrown(onFault, "judge", "asking in batches", error),
  });
}

/** Tells those who watch judges of an answer that no call of theirs brought. */
async function tellAnswered(
  { judge, batch, asked, result }: BatchedCall,
  { watchJudge, onJudgeCall }: JudgeBatchesOptions,
): Promise<Answer | NoAnswer> {
  const { question } = asked;
  const arrived = { ...judge, ask: async () => result };
  await watchJudge?.(arrived).ask(question, NEVER);
  if (onJudgeCall === undefined) return result;
  const { provider, model } = judge;
  const [traceId, spanId] = [newTraceId(), newSpanId()];
  const [startTime, endTime] = [batch.at, systemClock.now()];
  const sentIn = batch.providerId ?? batch.id;
  onJudgeCall({ traceId, spanId, startTime, endTime, provider, model, question, result, batch: sentIn });
  return isAnswer(result) ? { ...result, callTraceId: traceId } : result;
}

const NEVER = new AbortController().signal;
