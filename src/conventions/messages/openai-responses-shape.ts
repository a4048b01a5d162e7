import { isObject, type JsonObject, type JsonValue } from "../../core/json.ts";
import type { Part } from "../../core/message.ts";
import { type DraftMessage, type MessageShape, textAt, toolCall, toolResult } from "./shape.ts";

/** Items of the OpenAI Responses API; the items of one model turn are joined into one message. */
export const openaiResponsesShape: MessageShape = {
  name: "openai-responses",
  message(value, read): DraftMessage | undefined {
    switch (value.type) {
      case "message": {
        const role = textAt(value, "role") ?? "assistant";
        return { role, parts: read(value.content), joins: role === "assistant" };
      }
      case "function_call":
        return {
          role: "assistant",
          parts: [
            toolCall(textAt(value, "name") ?? "", textAt(value, "call_id", "callId", "id"), value.arguments),
          ],
          joins: true,
        };
      case "function_call_output":
      case "function_call_result":
        return {
          role: "tool",
          parts: [
            toolResult(textAt(value, "call_id", "callId"), textAt(value, "name"), outputOf(value.output)),
          ],
          joins: true,
        };
      case "reasoning":
        return "summary" in value || Array.isArray(value.content)
          ? { role: "assistant", parts: reasoning(value), joins: true }
          : undefined;
      default:
        return undefined;
    }
  },
  part(value) {
    if (value.type === "input_text" || value.type === "output_text") {
      return { type: "text", content: textAt(value, "text") ?? "" };
    }
    if (value.type === "input_image") return { type: "media", modality: "image" };
    return undefined;
  },
};

/** The Agents SDK wraps a text as `{type: "text", text}`. */
function outputOf(output: JsonValue | undefined): JsonValue | undefined {
  return isObject(output) && output.type === "text" && typeof output.text === "string" ? output.text : output;
}

function reasoning(value: JsonObject): Part[] {
  const pieces: JsonValue[] = [value.summary, value.content].flatMap((list) =>
    Array.isArray(list) ? list : [],
  );
  return pieces.flatMap((piece) => {
    const content = isObject(piece) ? textAt(piece, "text") : undefined;
    return content === undefined ? [] : [{ type: "reasoning", content } as const];
  });
}
