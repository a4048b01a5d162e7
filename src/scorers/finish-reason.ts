import type { Scorer } from "../core/scorer.ts";
import type { LlmCall } from "../core/trace.ts";
import { defineScorer } from "./define-scorer.ts";
import { lastLlmCall } from "./final-answer.ts";

/** What to tell a person per bad ending. */
const MEANING: { readonly [reason: string]: string } = {
  length: "was cut off at its output limit, so the answer may be incomplete; raise the limit or ask for less",
  content_filter: "was stopped by the provider's content filter, so the answer may be missing or cut",
  error: "ended in an error",
};

/**
 * Scores 0 when the last LLM call of the run was cut at its output limit, stopped by a content filter, or
 * failed. Earlier calls do not count: the agent went on after them.
 */
export function finishReason(): Scorer {
  const description = "The last LLM call ended by itself: not cut off, not filtered, no error.";
  return defineScorer("finish-reason", { description }, ({ trace }) => {
    const last = lastLlmCall(trace);
    if (last === undefined) return { value: null, explanation: "The trace has no LLM call." };
    const reason = last.error === null ? last.finishReason : "error";
    if (reason === undefined) {
      return { value: null, explanation: "The last LLM call has no finish reason recorded." };
    }
    const meaning = MEANING[reason];
    const model = last.model ?? "of unknown name";
    if (meaning === undefined) {
      return { value: 1, label: reason, explanation: `The last LLM call ended by itself (${reason}).` };
    }
    return {
      value: 0,
      label: reason,
      explanation: `The last LLM call (model ${model}) ${meaning}${detailOf(last)}.`,
      evidence: [last.spanId],
    };
  });
}

function detailOf(call: LlmCall): string {
  if (call.error !== null) return `: ${call.error.message ?? call.error.type}`;
  const { outputTokens } = call.usage;
  return outputTokens === undefined ? "" : ` (${outputTokens} output tokens)`;
}
