import { textOf } from "../core/message.ts";
import type { LlmCall, Trace } from "../core/trace.ts";

/** What the user got at the end. */
export interface FinalAnswer {
  /** Trimmed; empty when the run ended without text for the user. */
  readonly text: string;
  /** The LLM call that wrote it, else the root; null when there is neither. */
  readonly spanId: string | null;
}

/** The final answer of a run; undefined when the trace recorded nothing to tell it by. */
export function finalAnswer(trace: Trace): FinalAnswer | undefined {
  const text = trace.output?.trim() ?? lastText(trace);
  if (text === undefined) return undefined;
  const last = lastLlmCall(trace);
  return { text, spanId: last?.spanId ?? trace.rootSpanId };
}

/** The LLM call that ended last; of those that ended together, the one that comes last in the trace. */
export function lastLlmCall(trace: Trace): LlmCall | undefined {
  let last: LlmCall | undefined;
  for (const call of trace.llmCalls) {
    if (last === undefined || (call.endTime ?? 0) >= (last.endTime ?? 0)) last = call;
  }
  return last;
}

function lastText(trace: Trace): string | undefined {
  const message = trace.messages.at(-1) ?? lastLlmCall(trace)?.output?.at(-1);
  if (message === undefined) return undefined;
  return message.role === "assistant" ? textOf(message).trim() : "";
}
