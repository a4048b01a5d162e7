import type { JsonObject, JsonValue } from "../core/json.ts";
import type { Message } from "../core/message.ts";
import type { ToolDefinition } from "../core/trace.ts";
import type { AttributeReader } from "./attribute-reader.ts";
import { flatItems, innerItems } from "./openinference-flat.ts";
import { present } from "./present.ts";
import type { ReadingScope } from "./reading-scope.ts";

/** `gen_ai.prompt.N.{role,content,tool_calls.K.…,tool_call_id}` and `gen_ai.completion.N.…`. */
export function readLegacyMessages(
  from: AttributeReader,
  prefix: string,
  role: "user" | "assistant",
  scope: ReadingScope,
): readonly Message[] | undefined {
  const items = flatItems(from.below(prefix));
  return items.length > 0
    ? scope.messages(
        items.map((item) => messageOf(item, role)),
        role,
      )
    : undefined;
}

/** `llm.request.functions.N.{name,description,parameters}`. */
export function readLegacyFunctions(
  from: AttributeReader,
  scope: ReadingScope,
): readonly ToolDefinition[] | undefined {
  const items = flatItems(from.below("llm.request.functions."));
  if (items.length === 0) return undefined;
  const definitions = items.map((item) =>
    present({
      name: item.get("name"),
      description: item.get("description"),
      parameters: parsed(item.get("parameters") ?? item.get("arguments") ?? item.get("input_schema"), scope),
    }),
  );
  return scope.toolDefinitions(definitions);
}

function messageOf(item: ReadonlyMap<string, JsonValue>, role: string): JsonValue {
  const calls = innerItems(item, "tool_calls.").map(callOf);
  const functionName = item.get("function_call.name");
  const content = item.get("content");
  return present({
    role: item.get("role") ?? role,
    // Turns that only call tools are written with the text "null".
    content: content === undefined || content === "null" ? null : content,
    tool_call_id: item.get("tool_call_id"),
    tool_calls: calls.length > 0 ? calls : undefined,
    function_call:
      functionName === undefined
        ? undefined
        : { name: functionName, arguments: item.get("function_call.arguments") ?? null },
    finish_reason: item.get("finish_reason"),
  });
}

function callOf(item: ReadonlyMap<string, JsonValue>): JsonObject {
  return present({
    id: item.get("id"),
    name: item.get("name") ?? "",
    arguments: item.get("arguments"),
  });
}

function parsed(value: JsonValue | undefined, scope: ReadingScope): JsonValue | undefined {
  return typeof value === "string" ? (scope.json(value) ?? value) : value;
}
