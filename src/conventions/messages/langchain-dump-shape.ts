import { isObject } from "../../core/json.ts";
import { type MessageShape, textAt, toolCall, toolResult } from "./shape.ts";

const ROLES: { readonly [type: string]: string } = {
  human: "user",
  ai: "assistant",
  AIMessageChunk: "assistant",
  system: "system",
  tool: "tool",
};

/** LangChain messages as their `model_dump` writes them: `{type: "human" | "ai" | …, content, tool_calls}`. */
export const langchainDumpShape: MessageShape = {
  name: "langchain-dump",
  message(value, read) {
    const role = typeof value.type === "string" && !("role" in value) ? ROLES[value.type] : undefined;
    if (role === undefined || !("content" in value)) return undefined;
    if (role === "tool") {
      return {
        role,
        parts: [toolResult(textAt(value, "tool_call_id"), textAt(value, "name"), value.content)],
      };
    }
    const calls = Array.isArray(value.tool_calls) ? value.tool_calls : [];
    return {
      role,
      parts: [
        ...read(value.content),
        ...calls.flatMap((call) =>
          isObject(call) ? [toolCall(textAt(call, "name") ?? "", textAt(call, "id"), call.args)] : [],
        ),
      ],
    };
  },
};
