import type { Scorer } from "../core/scorer.ts";
import { defineScorer } from "./define-scorer.ts";
import { finalAnswer } from "./final-answer.ts";

/** Scores 0 when the run ended without any text for the user. */
export function noFinalAnswer(): Scorer {
  const description = "The run ends with text for the user.";
  return defineScorer("no-final-answer", { description }, ({ trace }) => {
    const answer = finalAnswer(trace);
    if (answer === undefined) {
      return { value: null, explanation: "The trace records neither the conversation nor the final answer." };
    }
    if (/[\p{L}\p{N}\p{S}]/u.test(answer.text)) {
      return { value: 1, label: "answered", explanation: `The answer has ${answer.text.length} characters.` };
    }
    const lastTool = trace.toolCalls.at(-1);
    const lastDone = lastTool === undefined ? "" : ` The last tool called was ${lastTool.name}.`;
    return {
      value: 0,
      label: "no-answer",
      explanation: `The run ended after ${trace.llmCalls.length} LLM call(s) without text for the user.${lastDone}`,
      evidence: [answer.spanId],
    };
  });
}
