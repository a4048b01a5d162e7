import type { Clock } from "../core/clock.ts";
import { newSpanId, newTraceId } from "../core/ids.ts";
import {
  type Answer,
  isAnswer,
  type Judge,
  type NoAnswer,
  type Question,
  wrapOthers,
} from "../core/judge.ts";

/** One call of a provider: what was asked, of whom, and what came back. Times are Unix ms. */
export interface JudgeCall {
  /** Ids of the span that tells of it. */
  readonly traceId: string;
  readonly spanId: string;
  readonly startTime: number;
  readonly endTime: number;
  readonly provider: string;
  /** As requested. */
  readonly model: string;
  readonly question: Question;
  readonly result: Answer | NoAnswer;
  /** The provider's batch it was part of; then the times are those of the batch. */
  readonly batch?: string;
}

/** Options of {@link auditJudge}. */
export interface AuditOptions {
  readonly clock: Clock;
  /** Told of every call once it has ended. Must not throw. */
  readonly onCall: (call: JudgeCall) => void;
}

/**
 * The same judge, each of its calls told of. An answer carries the trace id of the call that brought it, so that a score is
 * linked to it, also when the answer is remembered and nothing is called. Stands directly around the provider.
 */
export function auditJudge(judge: Judge, options: AuditOptions): Judge {
  const { clock, onCall } = options;
  const { provider, model } = judge;
  return {
    ...judge,
    ...wrapOthers(judge, (other) => auditJudge(other, options)),
    async ask(question, signal) {
      const startTime = clock.now();
      const result = await judge.ask(question, signal);
      // Nothing was sent, so there is no call to tell of.
      if (result.calls === 0) return result;
      const [traceId, spanId] = [newTraceId(), newSpanId()];
      onCall({ traceId, spanId, startTime, endTime: clock.now(), provider, model, question, result });
      return isAnswer(result) ? { ...result, callTraceId: traceId } : result;
    },
  };
}
