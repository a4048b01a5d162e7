import type { JsonObject } from "../core/json.ts";
import { objectsField, stringField } from "./json-fields.ts";
import { pieces, type ServerSentEvent } from "./server-sent-event.ts";

type Emit = (type: string, data: JsonObject) => void;

/** The events of a Responses stream for a finished response and its output items. */
export function streamResponsesReply(
  response: JsonObject,
  items: readonly JsonObject[],
): readonly ServerSentEvent[] {
  const events: ServerSentEvent[] = [];
  const emit: Emit = (type, data) => {
    events.push({ event: type, data: { type, sequence_number: events.length, ...data } });
  };
  const begun = { ...response, status: "in_progress", incomplete_details: null, output: [], usage: null };
  emit("response.created", { response: begun });
  emit("response.in_progress", { response: begun });
  items.forEach((item, index) => {
    if (item.type === "message") emitMessage(emit, item, index);
    else emitCall(emit, item, index);
  });
  emit(response.status === "incomplete" ? "response.incomplete" : "response.completed", { response });
  return events;
}

function emitMessage(emit: Emit, item: JsonObject, output_index: number): void {
  const item_id = stringField(item, "id") ?? "";
  emit("response.output_item.added", { output_index, item: { ...item, status: "in_progress", content: [] } });
  objectsField(item, "content").forEach((part, content_index) => {
    const key = part.type === "refusal" ? "refusal" : "text";
    const kind = key === "refusal" ? "response.refusal" : "response.output_text";
    const place = { item_id, output_index, content_index };
    const text = stringField(part, key) ?? "";
    const extra: JsonObject = key === "text" ? { logprobs: [] } : {};
    emit("response.content_part.added", { ...place, part: { ...part, [key]: "" } });
    for (const delta of pieces(text)) emit(`${kind}.delta`, { ...place, delta, ...extra });
    emit(`${kind}.done`, { ...place, [key]: text, ...extra });
    emit("response.content_part.done", { ...place, part });
  });
  emit("response.output_item.done", { output_index, item });
}

function emitCall(emit: Emit, item: JsonObject, output_index: number): void {
  const item_id = stringField(item, "id") ?? "";
  const text = stringField(item, "arguments") ?? "";
  emit("response.output_item.added", {
    output_index,
    item: { ...item, status: "in_progress", arguments: "" },
  });
  for (const delta of pieces(text)) {
    emit("response.function_call_arguments.delta", { item_id, output_index, delta });
  }
  emit("response.function_call_arguments.done", { item_id, output_index, arguments: text });
  emit("response.output_item.done", { output_index, item });
}
