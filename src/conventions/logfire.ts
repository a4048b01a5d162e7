import { isObject, type JsonObject, type JsonValue } from "../core/json.ts";
import type { Span } from "../core/span.ts";
import { readAnswerBody } from "./answer-body.ts";
import { AttributeReader } from "./attribute-reader.ts";
import type { Dialect } from "./dialect.ts";
import { keyPrefixes } from "./key-prefixes.ts";
import { objectOf } from "./object-of.ts";
import { present } from "./present.ts";
import type { ReadingScope } from "./reading-scope.ts";
import { readRequestBody } from "./request-body.ts";
import type { SpanFields } from "./span-fields.ts";

/**
 * What the Logfire SDK adds to its spans, and its own instrumentations of the OpenAI and Anthropic clients,
 * which record request and answer whole. Its pending spans are left out by `resolve-placeholders.ts`.
 *
 * Sources: logfire 4 and 5 (`logfire.*` attributes; `request_data` and `response_data` of
 * `_internal/integrations/llm_providers`).
 */
export const logfire: Dialect = {
  name: "logfire",
  prefixes: ["logfire."],
  owns: isModelClient,
  read(span, scope) {
    if (!keyPrefixes(span.attributes).has("logfire") && !isModelClient(span)) return undefined;
    const from = new AttributeReader(span.attributes);
    const tags = from.names("logfire.tags");
    // How to show the span: no part of what happened.
    from.below("logfire.");
    if (!("request_data" in span.attributes && "response_data" in span.attributes)) {
      return { ...present({ tags }), used: from.used };
    }
    const response = readResponse(objectOf(from.value("response_data")), scope);
    return {
      // Embeddings and images have a usage, but no answer.
      ...(response.outputMessages ? { type: "llm" } : {}),
      ...present({ tags }),
      ...readRequestBody(from.value("request_data"), scope),
      ...response,
      used: from.used,
    };
  },
};

function isModelClient(span: Span): boolean {
  return /^logfire\.(openai|anthropic)$/.test(span.scope.name);
}

function readResponse(response: JsonObject, scope: ReadingScope): SpanFields {
  const { message, combined_chunk_content: streamed } = response;
  if (typeof streamed === "string") return readAnswerBody({ ...response, text: streamed }, scope);
  if (!isObject(message)) return readAnswerBody(response, scope);
  const { tool_calls: calls } = message;
  const opened = Array.isArray(calls) ? { ...message, tool_calls: calls.map(withOpenArguments) } : message;
  return readAnswerBody({ ...response, message: opened }, scope);
}

/** For Anthropic the arguments are written as `{"input": {...}}`. */
function withOpenArguments(call: JsonValue): JsonValue {
  if (!isObject(call) || !isObject(call.function)) return call;
  const { input, ...others } = objectOf(call.function.arguments);
  if (!isObject(input) || Object.keys(others).length > 0) return call;
  return { ...call, function: { ...call.function, arguments: input } };
}
