import { isObject, type JsonObject, type JsonValue } from "../core/json.ts";
import type { Message } from "../core/message.ts";
import type { ToolDefinition } from "../core/trace.ts";
import { textAt, unpackJson } from "./messages/shape.ts";
import { objectOf } from "./object-of.ts";
import { present } from "./present.ts";
import type { ReadingScope } from "./reading-scope.ts";
import { readRequestParameters } from "./request-parameters.ts";
import type { SpanFields } from "./span-fields.ts";

/**
 * What a recorded request to a model holds, as OpenAI (Chat Completions, Responses), Anthropic, Gemini and
 * Genkit take it: some libraries record the whole request in one attribute. A list is taken for messages, a
 * text for the user's.
 */
export function readRequestBody(value: JsonValue | undefined, scope: ReadingScope): SpanFields {
  if (value === undefined) return {};
  const body = unpackJson(value);
  if (!isObject(body)) return present({ inputMessages: scope.messages(value, "user") });
  const config = { ...body, ...objectOf(body.generationConfig), ...objectOf(body.config) };
  return present({
    requestModel: textAt(config, "model", "model_name", "modelName"),
    inputMessages: messagesIn(body, scope),
    systemInstructions: instructionsIn(config, scope),
    toolDefinitions: toolsIn(config, scope),
    parameters: readRequestParameters(config),
  });
}

function messagesIn(body: JsonObject, scope: ReadingScope): readonly Message[] | undefined {
  const list = body.messages ?? body.contents ?? body.input ?? body.prompt;
  if (list !== undefined) return scope.messages(list, "user");
  return "role" in body ? scope.messages(body, "user") : undefined;
}

/** Anthropic calls them `system`, the Responses API `instructions`, Gemini `systemInstruction`. */
function instructionsIn(config: JsonObject, scope: ReadingScope): string | undefined {
  const value = config.system ?? config.instructions ?? config.systemInstruction ?? config.system_instruction;
  if (value === undefined || value === null) return undefined;
  const texts = scope
    .messages(value, "user")
    ?.flatMap(({ parts }) => parts.flatMap((part) => (part.type === "text" ? [part.content] : [])));
  return texts?.join("\n") || undefined;
}

/** Gemini groups its functions: `[{functionDeclarations: [...]}]`. */
function toolsIn(config: JsonObject, scope: ReadingScope): readonly ToolDefinition[] | undefined {
  const tools = config.tools === undefined ? undefined : unpackJson(config.tools);
  if (!Array.isArray(tools) || tools.length === 0) return undefined;
  return scope.toolDefinitions(
    tools.flatMap((tool) => {
      const grouped = isObject(tool) ? (tool.functionDeclarations ?? tool.function_declarations) : undefined;
      return Array.isArray(grouped) ? grouped : [tool];
    }),
  );
}
