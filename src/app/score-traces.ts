import type { Config } from "../config/schema.ts";
import type { Score } from "../core/score.ts";
import type { Trace } from "../core/trace.ts";
import { evaluate } from "../pipeline/evaluate.ts";
import type { OwnEquipment } from "./equipment.ts";

/** A trace and its scores. */
export interface ScoredTraceResult {
  readonly trace: Trace;
  readonly scores: readonly Score[];
}

/**
 * Scores traces as they come, several at once where judges make it wait, and yields them in order.
 * A scorer's fault becomes an unscored score; nothing is thrown for it.
 */
export async function* scoreTraces(
  traces: AsyncIterable<Trace>,
  equipment: OwnEquipment,
  config: Config,
  signal: AbortSignal,
): AsyncGenerator<ScoredTraceResult> {
  const underWay: Promise<ScoredTraceResult>[] = [];
  for await (const trace of traces) {
    signal.throwIfAborted();
    const result = scoreOne(trace, equipment, config, signal);
    // A result that fails while an earlier one is awaited must not end the process before its turn.
    result.catch(() => {});
    underWay.push(result);
    const first = underWay.length >= config.worker.concurrency ? underWay.shift() : undefined;
    if (first) yield await first;
  }
  for (const result of underWay) yield await result;
}

async function scoreOne(
  trace: Trace,
  equipment: OwnEquipment,
  config: Config,
  signal: AbortSignal,
): Promise<ScoredTraceResult> {
  const { ruleTimeoutMs, judgeTimeoutMs } = config.worker;
  const { scorers, ...judges } = equipment;
  const scores = await evaluate({ trace }, scorers, {
    ruleTimeoutMs,
    timeoutMs: ruleTimeoutMs,
    judgeTimeoutMs,
    signal,
    ...judges,
  });
  return { trace, scores };
}
