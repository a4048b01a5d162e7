import { isObject, type JsonValue, parseJson } from "../core/json.ts";
import type { ToolDefinition } from "../core/trace.ts";

/**
 * Tool definitions in the shapes of OTel, OpenAI (`{function: {}}`), Anthropic (`input_schema`), the AI SDK
 * (`inputSchema`), or names alone; each may be JSON text.
 */
export function readToolDefinitions(value: JsonValue): readonly ToolDefinition[] {
  const list = Array.isArray(value) ? value : [value];
  return list.flatMap((item) => readDefinition(item));
}

function readDefinition(item: JsonValue): readonly ToolDefinition[] {
  if (typeof item === "string") {
    const parsed = item.startsWith("{") ? parseJson(item) : undefined;
    return parsed === undefined ? [{ name: item }] : readDefinition(parsed);
  }
  if (!isObject(item)) return [];
  const source = isObject(item.function) ? item.function : item;
  const { name, description } = source;
  if (typeof name !== "string" || name === "") return [];
  const parameters = source.parameters ?? source.inputSchema ?? source.input_schema ?? source.arguments;
  return [
    {
      name,
      ...(typeof description === "string" ? { description } : {}),
      ...(parameters === undefined || parameters === null ? {} : { parameters }),
    },
  ];
}
