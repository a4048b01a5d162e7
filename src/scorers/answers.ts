import { textOf } from "../core/message.ts";
import type { Trace } from "../core/trace.ts";

/**
 * What the agent told the user, one text per turn: assistant text that a user message or the end of the run
 * follows, and the final output. Text beside a tool call and talk between agents is left out.
 */
export function answersOf(trace: Trace): readonly string[] {
  const turns = trace.messages.flatMap((message, index) => {
    const next = trace.messages[index + 1];
    if (message.role !== "assistant" || (next !== undefined && next.role !== "user")) return [];
    return message.parts.some((part) => part.type === "tool_call") ? [] : [textOf(message)];
  });
  return [...new Set([...turns, trace.output ?? ""].map((text) => text.trim()))].filter(
    (text) => text !== "",
  );
}
