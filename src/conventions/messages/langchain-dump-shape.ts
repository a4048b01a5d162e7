import { isObject, type JsonObject } from "../../core/json.ts";
import { type MessageShape, textAt, toolCall, toolResult } from "./shape.ts";

const ROLES: { readonly [type: string]: string } = {
  human: "user",
  ai: "assistant",
  AIMessageChunk: "assistant",
  system: "system",
  tool: "tool",
};

/**
 * LangChain messages as `model_dump` writes them, `{type: "human" | "ai" | …, content, tool_calls}`, and as
 * `messages_to_dict` does, with all but the type in `data`.
 */
export const langchainDumpShape: MessageShape = {
  name: "langchain-dump",
  message(dump, read) {
    const role = roleOfDump(dump);
    const value = fieldsOfDump(dump);
    if (role === undefined) return undefined;
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

/** The role of a dumped LangChain message; undefined for anything else, such as an object with such a `type` of its own. */
export function roleOfDump(dump: JsonObject): string | undefined {
  const { type, role } = dump;
  if (typeof type !== "string" || role !== undefined || !("content" in fieldsOfDump(dump))) return undefined;
  return ROLES[type];
}

/** The fields of a dumped LangChain message, wherever the dump has them. */
export function fieldsOfDump(dump: JsonObject): JsonObject {
  return isObject(dump.data) ? dump.data : dump;
}
