import { isObject, type JsonValue } from "../core/json.ts";
import type { Message } from "../core/message.ts";
import type { Span } from "../core/span.ts";
import type { Dialect } from "./dialect.ts";
import { responseOf } from "./openinference-bodies.ts";
import { present } from "./present.ts";
import type { ReadingScope } from "./reading-scope.ts";

/**
 * What the OpenInference bridge of the OpenAI Agents SDK puts into the flat attributes wrongly: it says "stop"
 * for every Responses call, and writes reasoning in the history as a text without a role. The request and response that it keeps beside them say it right.
 */
export const openaiAgents: Dialect = {
  name: "openai-agents",
  prefixes: ["openinference."],
  owns: isBridge,
  read(span, scope) {
    if (!isBridge(span) || span.attributes["openinference.span.kind"] !== "LLM") return undefined;
    const body = responseOf(span, scope);
    return present({
      inputMessages: inputOf(span, body?.instructions, scope),
      finishReason: body?.finishReason,
      used: new Set<string>(["llm.finish_reason"]),
    });
  },
};

function isBridge(span: Span): boolean {
  return /openinference.*openai[-_]agents/.test(span.scope.name);
}

/** The items sent, behind the instructions, which the SDK sends apart from them. */
function inputOf(
  { attributes }: Span,
  instructions: string | undefined,
  scope: ReadingScope,
): readonly Message[] | undefined {
  const text = attributes["input.value"];
  const items = typeof text === "string" ? scope.json(text) : undefined;
  if (!Array.isArray(items) || !items.every(isItem)) return undefined;
  const system: JsonValue[] =
    instructions && !items.some(isSystemItem) ? [{ role: "system", content: instructions }] : [];
  return scope.messages([...system, ...items], "user");
}

function isItem(value: JsonValue): boolean {
  return isObject(value) && ("role" in value || "type" in value);
}

function isSystemItem(value: JsonValue): boolean {
  return isObject(value) && (value.role === "system" || value.role === "developer");
}
