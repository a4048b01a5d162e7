import { isObject } from "../../core/json.ts";
import { type MessageShape, textAt, toolCall, toolResult } from "./shape.ts";

/** Parts of the Gemini API, camelCase or snake_case; its messages are read by the GenAI shape. */
export const geminiShape: MessageShape = {
  name: "gemini",
  part(value) {
    const call = value.functionCall ?? value.function_call;
    if (isObject(call)) return toolCall(textAt(call, "name") ?? "", textAt(call, "id"), call.args);
    const response = value.functionResponse ?? value.function_response;
    if (isObject(response)) {
      return toolResult(textAt(response, "id"), textAt(response, "name"), response.response);
    }
    const data = value.inlineData ?? value.inline_data ?? value.fileData ?? value.file_data;
    if (isObject(data)) {
      const mimeType = textAt(data, "mimeType", "mime_type");
      const uri = textAt(data, "fileUri", "file_uri");
      const modality = mimeType?.split("/")[0] ?? "other";
      return { type: "media", modality, ...(mimeType ? { mimeType } : {}), ...(uri ? { uri } : {}) };
    }
    const text = textAt(value, "text");
    if (text === undefined || "type" in value) return undefined;
    return value.thought === true ? { type: "reasoning", content: text } : { type: "text", content: text };
  },
};
