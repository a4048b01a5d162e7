import type { RecordedLlmCall } from "../core/case.ts";
import { isObject } from "../core/json.ts";
import { textOf } from "../core/message.ts";
import type { Fault } from "../llmwire/fault.ts";
import type { ModelReply, ReplyFinishReason, ReplyToolCall } from "../llmwire/model-request.ts";

/** Tells the providers' clients not to try again; they would retry a 409 or a 500. */
export const NO_RETRY = { "x-should-retry": "false" };

/**
 * What a model answered then, to be said again in any wire format: text, tool calls with their ids, finish
 * reason, usage. Reasoning is left out, for it is signed by its provider. A call that failed fails again, with
 * the status its error names. Null when nobody recorded what came back.
 */
export function recordedReply(call: RecordedLlmCall): ModelReply | Fault | null {
  if (call.output === null || call.output.length === 0) {
    if (call.error === undefined) return null;
    const status = Number(/\b([45]\d\d)\b/.exec(call.error)?.[1] ?? 500);
    return { fault: "status", status, message: call.error, headers: NO_RETRY };
  }
  const text = call.output.map(textOf).filter(Boolean).join("\n");
  const toolCalls = call.output.flatMap(({ parts }) =>
    parts.flatMap((part): readonly ReplyToolCall[] => {
      if (part.type !== "tool_call") return [];
      const given = isObject(part.arguments) ? part.arguments : {};
      return [{ ...(part.id === undefined ? {} : { id: part.id }), name: part.name, arguments: given }];
    }),
  );
  const finishReason = finishReasonOf(call);
  return {
    ...(text === "" && toolCalls.length > 0 ? {} : { text }),
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
    ...(finishReason === null ? {} : { finishReason }),
    ...(call.usage === undefined ? {} : { usage: call.usage }),
    ...(call.model === null ? {} : { model: call.model }),
  };
}

function finishReasonOf({ finishReason }: RecordedLlmCall): ReplyFinishReason | null {
  return finishReason === "error" || finishReason === "other" ? null : finishReason;
}
