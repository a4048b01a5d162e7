import type { Scorer } from "../core/scorer.ts";
import { toolWords } from "../core/tool-words.ts";
import { defineScorer } from "./define-scorer.ts";
import { finalAnswer, lastLlmCall } from "./final-answer.ts";

/** Words in the names of tools that end a conversation themselves: by answering, handing over or closing it. */
const CLOSING_WORDS =
  "transfer handoff handover escalate human answer respond reply message finish final end terminate done".split(
    " ",
  );

/**
 * Scores 0 when the run ended without text for the user, as an agent does that runs out of steps between
 * two tool calls. A last call of a tool whose name says that it answers, hands over or ends the conversation
 * counts as an answer.
 */
export function noFinalAnswer(): Scorer {
  const description = "The run ends with text for the user.";
  return defineScorer("no-final-answer", { description }, ({ trace }) => {
    const answer = finalAnswer(trace);
    if (answer === undefined) {
      return { value: null, explanation: "The trace records neither the conversation nor the final answer." };
    }
    if (/[\p{L}\p{N}\p{S}]/u.test(answer)) {
      return {
        value: 1,
        label: "answered",
        explanation: `The final answer has ${answer.length} characters.`,
      };
    }
    const lastTool = trace.toolCalls.at(-1);
    if (lastTool !== undefined && closes(lastTool.name)) {
      return { value: 1, label: "closed-by-tool", explanation: `The run ended with tool ${lastTool.name}.` };
    }
    const lastDone = lastTool === undefined ? "" : ` The last tool called was ${lastTool.name}.`;
    return {
      value: 0,
      label: "no-answer",
      explanation: `The run ended after ${trace.llmCalls.length} LLM call(s) without text for the user.${lastDone}`,
      evidence: [lastLlmCall(trace)?.spanId ?? trace.rootSpanId],
    };
  });
}

function closes(toolName: string): boolean {
  const words = toolWords(toolName);
  return CLOSING_WORDS.some((word) => words.has(word));
}
