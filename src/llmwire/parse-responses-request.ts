import { isObject, type JsonObject, type JsonValue } from "../core/json.ts";
import type { Message, Part } from "../core/message.ts";
import { numberField, objectField, objectsField, optional, stringField } from "./json-fields.ts";
import type { ModelRequest } from "./model-request.ts";
import { readArguments, readDefinition } from "./parse-chat-request.ts";

/** Reads the body of `POST /v1/responses`. `instructions` become a first `system` message. */
export function parseResponsesRequest(body: JsonObject): ModelRequest {
  const text = objectField(body, "text");
  const format = text && objectField(text, "format");
  const instructions = stringField(body, "instructions");
  const system: readonly Message[] =
    instructions === undefined ? [] : [{ role: "system", parts: [{ type: "text", content: instructions }] }];
  return {
    provider: "openai",
    format: "openai-responses",
    model: stringField(body, "model") ?? "",
    messages: joinAssistantTurns([...system, ...readInput(body.input)]),
    tools: objectsField(body, "tools")
      .filter((tool) => tool.type === "function")
      .map((tool) => readDefinition(tool, "parameters")),
    ...optional("responseSchema", format && objectField(format, "schema")),
    stream: body.stream === true,
    ...optional("maxTokens", numberField(body, "max_output_tokens")),
    ...optional("temperature", numberField(body, "temperature")),
    body,
  };
}

function readInput(input: JsonValue | undefined): readonly Message[] {
  if (typeof input === "string") return [{ role: "user", parts: [{ type: "text", content: input }] }];
  return Array.isArray(input) ? input.filter(isObject).map(readItem) : [];
}

function readItem(item: JsonObject): Message {
  const id = optional("id", stringField(item, "call_id"));
  switch (stringField(item, "type") ?? "message") {
    case "message": {
      const role = stringField(item, "role") ?? "user";
      return { role: role === "developer" ? "system" : role, parts: readContent(item.content) };
    }
    case "function_call": {
      const name = stringField(item, "name") ?? "";
      const call = {
        type: "tool_call",
        ...id,
        name,
        ...optional("arguments", readArguments(item.arguments)),
      } as const;
      return { role: "assistant", parts: [call] };
    }
    case "function_call_output":
      return { role: "tool", parts: [{ type: "tool_result", ...id, result: item.output ?? "" }] };
    case "reasoning": {
      const summary = objectsField(item, "summary").map((part) => stringField(part, "text") ?? "");
      return { role: "assistant", parts: [{ type: "reasoning", content: summary.join("\n") }] };
    }
    default:
      return { role: "assistant", parts: [{ type: "other", value: item }] };
  }
}

function readContent(content: JsonValue | undefined): readonly Part[] {
  if (typeof content === "string") return [{ type: "text", content }];
  if (!Array.isArray(content)) return [];
  return content.filter(isObject).map((part): Part => {
    const text = stringField(part, "text") ?? stringField(part, "refusal");
    return text === undefined ? { type: "other", value: part } : { type: "text", content: text };
  });
}

/** The format sends every call as an item of its own; one turn of the model is one message for us. */
function joinAssistantTurns(messages: readonly Message[]): readonly Message[] {
  const joined: Message[] = [];
  for (const message of messages) {
    const last = joined.at(-1);
    if (last?.role === "assistant" && message.role === "assistant") {
      joined[joined.length - 1] = { ...last, parts: [...last.parts, ...message.parts] };
    } else {
      joined.push(message);
    }
  }
  return joined;
}
