import type { Config } from "../config/schema.ts";
import { systemClock } from "../core/clock.ts";
import { newSpanId, newTraceId } from "../core/ids.ts";
import { isAnswer } from "../core/judge.ts";
import type { Store } from "../core/store.ts";
import { batchLanes } from "../pipeline/batches/batch-lanes.ts";
import { startBatches } from "../pipeline/batches/batch-loop.ts";
import type { AnsweredCall, BatchedCall } from "../pipeline/batches/batch-tools.ts";
import type { Repeating } from "../pipeline/repeat.ts";
import type { LiveEvaluation, LiveEvaluationOptions } from "./evaluate-live.ts";
import { type TellFault, tellThrown } from "./site-events.ts";

/** Options of {@link startJudgeBatches}. */
export interface JudgeBatchesOptions extends Pick<LiveEvaluationOptions, "watchJudge" | "onJudgeCall"> {
  readonly config: Config;
  readonly store: Store;
  readonly evaluation: LiveEvaluation;
  readonly onFault: TellFault;
}

/** Where no provider that is configured takes batches, what is left of earlier ones is looked for so seldom. */
const SELDOM_MS = 600_000;

/** Sends and collects batches for the judges that are configured. */
export function startJudgeBatches(options: JudgeBatchesOptions): Repeating {
  const { config, store, evaluation, onFault } = options;
  const lanes = batchLanes(evaluation.judges);
  const { batchBudget: budget } = evaluation;
  const { gatherMs, lookMs } = config.judging.batches;
  return startBatches({
    gatherMs,
    lookMs,
    everyMs: lanes.size === 0 ? SELDOM_MS : Math.max(100, Math.min(5_000, gatherMs, lookMs)),
    lanes,
    store,
    clock: systemClock,
    ...(budget && { budget }),
    onAnswered: (call) => answeredCall(call, options),
    onFault: (error) => tellThrown(onFault, "judge", "asking in batches", error),
  });
}

/** Gives an answer that no call of theirs brought a call, which is told to those who watch judges. */
function answeredCall(
  { judge, batch, asked, result }: BatchedCall,
  { watchJudge, onJudgeCall }: JudgeBatchesOptions,
): AnsweredCall {
  const { question } = asked;
  const { provider, model } = judge;
  const [traceId, spanId] = [newTraceId(), newSpanId()];
  const [startTime, endTime] = [batch.at, systemClock.now()];
  const sentIn = batch.providerId ?? batch.id;
  return {
    kept: onJudgeCall !== undefined && isAnswer(result) ? { ...result, callTraceId: traceId } : result,
    async tell() {
      const arrived = { ...judge, ask: async () => result };
      await watchJudge?.(arrived).ask(question, NEVER);
      onJudgeCall?.({
        traceId,
        spanId,
        startTime,
        endTime,
        provider,
        model,
        question,
        result,
        batch: sentIn,
      });
    },
  };
}

const NEVER = new AbortController().signal;
