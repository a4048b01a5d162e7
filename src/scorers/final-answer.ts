import { type Message, textOf } from "../core/message.ts";
import type { LlmCall, Trace } from "../core/trace.ts";

/**
 * The text the user got at the end of a run, trimmed; empty when the run ended without one; undefined when
 * the trace recorded nothing to tell it by.
 *
 * The recorded output counts, unless it only repeats what the agent had said before it went on: then the run
 * ended with its last message, whatever that was.
 */
export function finalAnswer(trace: Trace): string | undefined {
  const output = trace.output?.trim();
  const messages = trace.messages.length > 0 ? trace.messages : (lastLlmCall(trace)?.output ?? []);
  const turn = messages.slice(messages.findLastIndex((message) => message.role === "user") + 1);
  const last = turn.findLast((message) => message.role === "assistant");
  const said = last === undefined ? "" : textOf(last).trim();
  if (output === undefined) return said === "" && !recordsAnswers(trace, messages) ? undefined : said;
  const stale = turn.length > 0 && said === "" && messages.some((message) => isAnswer(message, output));
  return stale ? "" : output || said;
}

/** True when the text of answers is recorded at all, so that a missing one is missing. */
function recordsAnswers(trace: Trace, messages: readonly Message[]): boolean {
  if (messages.some((message) => message.role === "assistant")) return true;
  const last = lastLlmCall(trace);
  return messages.length > 0 && (last?.output !== undefined || (last !== undefined && last.error !== null));
}

/** The LLM call that ended last; of those that ended together, the one that comes last in the trace. */
export function lastLlmCall(trace: Trace): LlmCall | undefined {
  let last: LlmCall | undefined;
  for (const call of trace.llmCalls) {
    if (last === undefined || (call.endTime ?? 0) >= (last.endTime ?? 0)) last = call;
  }
  return last;
}

function isAnswer(message: Message, text: string): boolean {
  return message.role === "assistant" && textOf(message).trim() === text;
}
