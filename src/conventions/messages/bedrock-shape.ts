import { isObject } from "../../core/json.ts";
import { type MessageShape, textAt, toolCall, toolResult } from "./shape.ts";

/** Content blocks of the Bedrock Converse API, which have one key and no type. Strands adds a type. */
export const bedrockShape: MessageShape = {
  name: "bedrock",
  part(value) {
    if (value.type === "toolUse" || isObject(value.toolUse)) {
      const call = isObject(value.toolUse) ? value.toolUse : value;
      return toolCall(textAt(call, "name") ?? "", textAt(call, "toolUseId"), call.input);
    }
    if (value.type === "toolResult" || isObject(value.toolResult)) {
      const result = isObject(value.toolResult) ? value.toolResult : value;
      return toolResult(textAt(result, "toolUseId"), undefined, result.content);
    }
    const reasoning = value.reasoningContent;
    if (isObject(reasoning)) {
      const inner = isObject(reasoning.reasoningText) ? reasoning.reasoningText : reasoning;
      return { type: "reasoning", content: textAt(inner, "text") ?? "" };
    }
    return undefined;
  },
};
