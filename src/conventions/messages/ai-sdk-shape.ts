import { isObject, type JsonValue } from "../../core/json.ts";
import { type MessageShape, textAt, toolCall, toolResult } from "./shape.ts";

/** Content parts of the Vercel AI SDK's `ModelMessage`. */
export const aiSdkShape: MessageShape = {
  name: "ai-sdk",
  part(value) {
    switch (value.type) {
      case "tool-call":
        return toolCall(
          textAt(value, "toolName") ?? "",
          textAt(value, "toolCallId"),
          value.args ?? value.input,
        );
      case "tool-result":
        return toolResult(
          textAt(value, "toolCallId"),
          textAt(value, "toolName"),
          outputValue(value.output) ?? value.result,
        );
      case "file":
      case "image": {
        const mimeType = textAt(value, "mediaType", "mimeType");
        return mimeType === undefined
          ? undefined
          : { type: "media", modality: mimeType.split("/")[0] ?? "other", mimeType };
      }
      default:
        return undefined;
    }
  },
};

/** Since version 5 a result is wrapped as `{type, value}`. */
function outputValue(output: JsonValue | undefined): JsonValue | undefined {
  return isObject(output) && "type" in output && "value" in output ? output.value : output;
}
