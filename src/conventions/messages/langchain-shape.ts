import { isObject, type JsonObject } from "../../core/json.ts";
import { type MessageShape, textAt, toolCall, toolResult } from "./shape.ts";

const ROLES: readonly (readonly [string, string])[] = [
  ["HumanMessage", "user"],
  ["SystemMessage", "system"],
  ["ToolMessage", "tool"],
  ["AIMessage", "assistant"],
];

/** LangChain messages serialised as constructors: `{lc: 1, type: "constructor", id: [..., "AIMessage"], kwargs}`. */
export const langchainShape: MessageShape = {
  name: "langchain",
  message(value, read) {
    const kwargs = constructorArguments(value);
    if (!kwargs) return undefined;
    const role = roleOf(value);
    if (role === "tool") {
      const result = toolResult(textAt(kwargs, "tool_call_id"), textAt(kwargs, "name"), kwargs.content);
      return { role, parts: [result] };
    }
    const calls = Array.isArray(kwargs.tool_calls) ? kwargs.tool_calls : [];
    return {
      role,
      parts: [
        ...read(kwargs.content),
        ...calls.flatMap((call) =>
          isObject(call) ? [toolCall(textAt(call, "name") ?? "", textAt(call, "id"), call.args)] : [],
        ),
      ],
    };
  },
};

/** The `kwargs` of a serialised LangChain object; undefined for anything else. */
export function constructorArguments(value: JsonObject): JsonObject | undefined {
  const kwargs = value.kwargs;
  return value.lc === 1 && Array.isArray(value.id) && isObject(kwargs) ? kwargs : undefined;
}

function roleOf(value: JsonObject): string {
  const id = value.id;
  const className = Array.isArray(id) ? String(id.at(-1)) : "";
  return ROLES.find(([prefix]) => className.startsWith(prefix))?.[1] ?? className;
}
