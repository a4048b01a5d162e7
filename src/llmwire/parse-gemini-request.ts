import type { JsonObject } from "../core/json.ts";
import type { Message, Part } from "../core/message.ts";
import type { ToolDefinition } from "../core/trace.ts";
import { numberField, objectField, objectsField, optional, stringField } from "./json-fields.ts";
import type { ModelRequest } from "./model-request.ts";
import { readDefinition } from "./parse-chat-request.ts";

/**
 * Reads the body of `POST /v1beta/models/{model}:generateContent`. `systemInstruction` becomes a first message, role `model` becomes
 * `assistant`, and function responses get role `tool`.
 */
export function parseGeminiRequest(
  body: JsonObject,
  place: { readonly model: string; readonly stream: boolean },
): ModelRequest {
  const config = objectField(body, "generationConfig") ?? {};
  const instruction = objectField(body, "systemInstruction") ?? objectField(body, "system_instruction");
  const system = instruction === undefined ? [] : objectsField(instruction, "parts").map(readPart);
  const schema = objectField(config, "responseJsonSchema") ?? objectField(config, "responseSchema");
  return {
    provider: "google",
    format: "gemini-generate-content",
    model: place.model,
    messages: [
      ...(system.length > 0 ? [{ role: "system", parts: system }] : []),
      ...objectsField(body, "contents").flatMap(readTurn),
    ],
    tools: objectsField(body, "tools").flatMap((tool) =>
      objectsField(tool, "functionDeclarations").map(readDeclaration),
    ),
    ...optional("responseSchema", schema),
    stream: place.stream,
    ...optional("maxTokens", numberField(config, "maxOutputTokens")),
    ...optional("temperature", numberField(config, "temperature")),
    body,
  };
}

/** A turn may mix function responses and text: the responses come first as messages of their own. */
function readTurn(turn: JsonObject): readonly Message[] {
  const parts = objectsField(turn, "parts").map(readPart);
  const results = parts.filter((part) => part.type === "tool_result");
  const rest = parts.filter((part) => part.type !== "tool_result");
  const messages: Message[] = results.map((part) => ({ role: "tool", parts: [part] }));
  if (rest.length > 0 || results.length === 0) {
    messages.push({ role: turn.role === "model" ? "assistant" : "user", parts: rest });
  }
  return messages;
}

function readPart(part: JsonObject): Part {
  const call = objectField(part, "functionCall");
  if (call !== undefined) {
    const name = stringField(call, "name") ?? "";
    return {
      type: "tool_call",
      ...optional("id", stringField(call, "id")),
      name,
      ...optional("arguments", call.args),
    };
  }
  const response = objectField(part, "functionResponse");
  if (response !== undefined) {
    return {
      type: "tool_result",
      ...optional("id", stringField(response, "id")),
      ...optional("name", stringField(response, "name")),
      result: response.response ?? "",
    };
  }
  const content = stringField(part, "text");
  if (content === undefined) return { type: "other", value: part };
  return { type: part.thought === true ? "reasoning" : "text", content };
}

function readDeclaration(declaration: JsonObject): ToolDefinition {
  const key = "parametersJsonSchema" in declaration ? "parametersJsonSchema" : "parameters";
  return readDefinition(declaration, key);
}
