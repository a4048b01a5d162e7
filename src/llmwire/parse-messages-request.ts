import { isObject, type JsonObject, type JsonValue } from "../core/json.ts";
import type { Message, Part } from "../core/message.ts";
import { numberField, objectField, objectsField, optional, stringField } from "./json-fields.ts";
import type { ModelRequest } from "./model-request.ts";
import { readDefinition } from "./parse-chat-request.ts";

/** Reads the body of `POST /v1/messages`. `system` becomes a first message; tool results get role `tool`. */
export function parseMessagesRequest(body: JsonObject): ModelRequest {
  const config = objectField(body, "output_config");
  const format = (config && objectField(config, "format")) ?? objectField(body, "output_format");
  const system = readContent(body.system);
  return {
    provider: "anthropic",
    format: "anthropic-messages",
    model: stringField(body, "model") ?? "",
    messages: [
      ...(system.length > 0 ? [{ role: "system", parts: system }] : []),
      ...objectsField(body, "messages").flatMap(readTurn),
    ],
    tools: objectsField(body, "tools").map((tool) => readDefinition(tool, "input_schema")),
    ...optional("responseSchema", format && objectField(format, "schema")),
    stream: body.stream === true,
    ...optional("maxTokens", numberField(body, "max_tokens")),
    ...optional("temperature", numberField(body, "temperature")),
    body,
  };
}

/** A user turn may mix tool results and text: the results come first as messages of their own. */
function readTurn(turn: JsonObject): readonly Message[] {
  const parts = readContent(turn.content);
  const results = parts.filter((part) => part.type === "tool_result");
  const rest = parts.filter((part) => part.type !== "tool_result");
  const messages: Message[] = results.map((part) => ({ role: "tool", parts: [part] }));
  if (rest.length > 0 || results.length === 0) {
    messages.push({ role: stringField(turn, "role") ?? "user", parts: rest });
  }
  return messages;
}

function readContent(content: JsonValue | undefined): readonly Part[] {
  if (typeof content === "string") return [{ type: "text", content }];
  return Array.isArray(content) ? content.filter(isObject).map(readBlock) : [];
}

function readBlock(block: JsonObject): Part {
  switch (block.type) {
    case "text":
      return { type: "text", content: stringField(block, "text") ?? "" };
    case "thinking":
      return { type: "reasoning", content: stringField(block, "thinking") ?? "" };
    case "tool_use":
      return {
        type: "tool_call",
        ...optional("id", stringField(block, "id")),
        name: stringField(block, "name") ?? "",
        ...optional("arguments", block.input),
      };
    case "tool_result":
      return {
        type: "tool_result",
        ...optional("id", stringField(block, "tool_use_id")),
        result: readResult(block.content),
      };
    default:
      return { type: "other", value: block };
  }
}

/** The text of a tool result; anything that is not text stays as it came. */
function readResult(content: JsonValue | undefined): JsonValue {
  if (!Array.isArray(content)) return content ?? "";
  const texts = content.map((block) => (isObject(block) ? stringField(block, "text") : undefined));
  return texts.every((text) => text !== undefined) ? texts.join("\n") : content;
}
