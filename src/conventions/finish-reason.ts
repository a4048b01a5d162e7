import { type JsonValue, parseJson } from "../core/json.ts";
import type { FinishReason } from "../core/message.ts";

const REASONS: { readonly [reason: string]: FinishReason } = {
  stop: "stop",
  end_turn: "stop",
  endturn: "stop",
  stop_sequence: "stop",
  completed: "stop",
  length: "length",
  max_tokens: "length",
  maxtokens: "length",
  max_output_tokens: "length",
  model_context_window_exceeded: "length",
  tool_call: "tool_call",
  tool_calls: "tool_call",
  tool_use: "tool_call",
  tooluse: "tool_call",
  function_call: "tool_call",
  content_filter: "content_filter",
  content_filtered: "content_filter",
  safety: "content_filter",
  refusal: "content_filter",
  guardrail_intervened: "content_filter",
  error: "error",
};

/**
 * Why the model stopped, in one vocabulary: the value may be a name, a list of names, or the JSON text of
 * such a list. Of several choices the first counts. Undefined when nothing is said.
 */
export function readFinishReason(value: JsonValue | undefined): FinishReason | undefined {
  const name = firstName(value);
  if (name === undefined || name === "") return undefined;
  return REASONS[name.toLowerCase().replaceAll("-", "_")] ?? "other";
}

function firstName(value: JsonValue | undefined): string | undefined {
  if (Array.isArray(value)) return firstName(value[0]);
  if (typeof value !== "string") return undefined;
  return value.startsWith("[") ? firstName(parseJson(value) ?? undefined) : value;
}
