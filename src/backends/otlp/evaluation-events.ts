import { scoreId } from "../../core/ids.ts";
import type { Score, UnscoredCode } from "../../core/score.ts";
import { double } from "../../otlp/write-any-value.ts";
import type { EventInput } from "../../otlp/write-span.ts";

/** Unscored by decision or by nature: nobody failed, so the event carries no `error.type`. */
const NO_FAULT: ReadonlySet<UnscoredCode> = new Set([
  "not-applicable",
  "cannot-judge",
  "filtered",
  "sampled-out",
  "paused",
  "batched",
  "over-budget",
]);

/**
 * One `gen_ai.evaluation.result` event per score (OpenTelemetry GenAI semantic conventions, events): name,
 * score value (a double, left out when unscored), label, explanation, and `error.type` when the scorer
 * failed. Our own fields beside them: `tracegate.score.id` (the id backends upsert on), `tracegate.unscored`
 * (the code), `tracegate.scorer.version`, `tracegate.scorer.kind`, `tracegate.judge.trace_id` (the trace of the judge's call), and `tracegate.inclusion_probability` where it is below 1.
 *
 * @param at Unix ms of the scoring
 */
export function evaluationEvents(
  target: { readonly traceId: string; readonly spanId: string },
  scores: readonly Score[],
  at: number,
): EventInput[] {
  return scores.map((score) => ({
    name: "gen_ai.evaluation.result",
    time: at,
    attributes: {
      "gen_ai.evaluation.name": score.name,
      ...(score.value !== null && { "gen_ai.evaluation.score.value": double(score.value) }),
      ...(score.label !== null && { "gen_ai.evaluation.score.label": score.label }),
      ...(score.explanation !== null && { "gen_ai.evaluation.explanation": score.explanation }),
      ...(score.unscored && !NO_FAULT.has(score.unscored.code) && { "error.type": score.unscored.code }),
      ...(score.unscored && { "tracegate.unscored": score.unscored.code }),
      "tracegate.score.id": scoreId({ ...target, scorer: score.name, version: score.version }),
      "tracegate.scorer.version": score.version,
      "tracegate.scorer.kind": score.kind,
      ...(typeof score.metadata.judgeTraceId === "string" && {
        "tracegate.judge.trace_id": score.metadata.judgeTraceId,
      }),
      ...(score.inclusionProbability !== undefined && {
        "tracegate.inclusion_probability": double(score.inclusionProbability),
      }),
    },
  }));
}
