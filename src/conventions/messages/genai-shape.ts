import type { JsonObject } from "../../core/json.ts";
import type { Part } from "../../core/message.ts";
import { readFinishReason } from "../finish-reason.ts";
import { type MessageShape, textAt, toolCall, toolResult } from "./shape.ts";

/** The OTel GenAI message schema: `{role, parts: [{type, ...}], name?, finish_reason?}`. */
export const genaiShape: MessageShape = {
  name: "genai",
  message(value, read) {
    if (!Array.isArray(value.parts)) return undefined;
    const role = textAt(value, "role");
    const name = textAt(value, "name");
    const finishReason = readFinishReason(value.finish_reason);
    return {
      ...(role ? { role } : {}),
      parts: read(value.parts),
      ...(name ? { name } : {}),
      ...(finishReason ? { finishReason } : {}),
    };
  },
  part: readPart,
};

function readPart(value: JsonObject): Part | undefined {
  switch (value.type) {
    case "text":
      return { type: "text", content: textAt(value, "content", "text") ?? "" };
    case "reasoning":
      return "summary" in value
        ? undefined
        : { type: "reasoning", content: textAt(value, "content", "text") ?? "" };
    case "thinking":
      // pydantic-ai; Anthropic's own block has the text in `thinking`.
      return "content" in value ? { type: "reasoning", content: textAt(value, "content") ?? "" } : undefined;
    case "tool_call":
      // Where both are there, `call_id` is what the tool result refers to (OpenAI Responses).
      return toolCall(textAt(value, "name") ?? "", textAt(value, "call_id", "id"), value.arguments);
    case "tool_call_response":
      return toolResult(
        textAt(value, "call_id", "id"),
        textAt(value, "name"),
        value.response ?? value.result,
      );
    case "server_tool_call":
      return toolCall(textAt(value, "name") ?? "", textAt(value, "id"), value.server_tool_call);
    case "server_tool_call_response":
      return toolResult(textAt(value, "id"), undefined, value.server_tool_call_response);
    case "blob":
    case "file":
    case "uri":
      return "modality" in value ? readMedia(value) : undefined;
    default:
      return undefined;
  }
}

/** Inline data is left out: only where it can be found is kept. */
function readMedia(value: JsonObject): Part {
  const mimeType = textAt(value, "mime_type");
  const uri = textAt(value, "uri", "file_id");
  return {
    type: "media",
    modality: textAt(value, "modality") ?? "other",
    ...(mimeType ? { mimeType } : {}),
    ...(uri ? { uri } : {}),
  };
}
