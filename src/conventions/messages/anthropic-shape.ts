import { isObject } from "../../core/json.ts";
import { type MessageShape, textAt, toolCall, toolResult } from "./shape.ts";

/** Content blocks of the Anthropic Messages API. */
export const anthropicShape: MessageShape = {
  name: "anthropic",
  part(value) {
    switch (value.type) {
      case "thinking":
        return { type: "reasoning", content: textAt(value, "thinking") ?? "" };
      case "redacted_thinking":
        return { type: "reasoning", content: "" };
      case "tool_use":
      case "server_tool_use":
        return toolCall(textAt(value, "name") ?? "", textAt(value, "id"), value.input);
      case "tool_result":
        return toolResult(textAt(value, "tool_use_id"), undefined, value.content ?? null);
      case "image":
      case "document": {
        const source = value.source;
        if (!isObject(source)) return undefined;
        const mimeType = textAt(source, "media_type");
        const uri = textAt(source, "url", "file_id");
        return {
          type: "media",
          modality: value.type,
          ...(mimeType ? { mimeType } : {}),
          ...(uri ? { uri } : {}),
        };
      }
      default:
        return undefined;
    }
  },
};
