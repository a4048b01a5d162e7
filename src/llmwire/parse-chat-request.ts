import { isObject, type JsonObject, type JsonValue, parseJson } from "../core/json.ts";
import type { Message, Part } from "../core/message.ts";
import type { ToolDefinition } from "../core/trace.ts";
import { numberField, objectField, objectsField, optional, stringField } from "./json-fields.ts";
import type { ModelRequest } from "./model-request.ts";

/** Reads the body of `POST /v1/chat/completions`. `developer` messages become `system`. */
export function parseChatRequest(body: JsonObject): ModelRequest {
  const format = objectField(body, "response_format");
  const schema = format && objectField(format, "json_schema");
  return {
    provider: "openai",
    format: "openai-chat",
    model: stringField(body, "model") ?? "",
    messages: objectsField(body, "messages").map(readMessage),
    tools: objectsField(body, "tools").flatMap(readTool),
    ...optional("responseSchema", schema && objectField(schema, "schema")),
    stream: body.stream === true,
    ...optional("maxTokens", numberField(body, "max_completion_tokens") ?? numberField(body, "max_tokens")),
    ...optional("temperature", numberField(body, "temperature")),
    body,
  };
}

function readMessage(message: JsonObject): Message {
  const role = stringField(message, "role") ?? "user";
  if (role === "tool") {
    const result = readContent(message.content)
      .flatMap((part) => (part.type === "text" ? [part.content] : []))
      .join("\n");
    return {
      role,
      parts: [{ type: "tool_result", ...optional("id", stringField(message, "tool_call_id")), result }],
    };
  }
  return {
    role: role === "developer" ? "system" : role,
    parts: [...readContent(message.content), ...objectsField(message, "tool_calls").map(readToolCall)],
    ...optional("name", stringField(message, "name")),
  };
}

function readContent(content: JsonValue | undefined): readonly Part[] {
  if (typeof content === "string") return [{ type: "text", content }];
  if (!Array.isArray(content)) return [];
  return content.filter(isObject).map((part): Part => {
    const text = stringField(part, "text") ?? stringField(part, "refusal");
    return text === undefined ? { type: "other", value: part } : { type: "text", content: text };
  });
}

function readToolCall(call: JsonObject): Part {
  const target = objectField(call, "function") ?? {};
  return {
    type: "tool_call",
    ...optional("id", stringField(call, "id")),
    name: stringField(target, "name") ?? "",
    ...optional("arguments", readArguments(target.arguments)),
  };
}

/** Arguments travel as JSON text; text that is no JSON stays text. */
export function readArguments(value: JsonValue | undefined): JsonValue | undefined {
  return typeof value === "string" ? (parseJson(value) ?? value) : value;
}

function readTool(tool: JsonObject): readonly ToolDefinition[] {
  const definition = objectField(tool, "function");
  return definition === undefined ? [] : [readDefinition(definition, "parameters")];
}

/** A tool definition whose JSON Schema lies under `schemaKey`. */
export function readDefinition(tool: JsonObject, schemaKey: string): ToolDefinition {
  return {
    name: stringField(tool, "name") ?? "",
    ...optional("description", stringField(tool, "description")),
    ...optional("parameters", objectField(tool, schemaKey)),
  };
}
