import { isObject, type JsonObject, type JsonValue } from "../core/json.ts";
import type { Span } from "../core/span.ts";
import type { SpanType } from "../core/trace.ts";
import { AttributeReader } from "./attribute-reader.ts";
import type { Dialect } from "./dialect.ts";
import { personOf } from "./identity-names.ts";
import { keyPrefixes } from "./key-prefixes.ts";
import { constructorArguments } from "./messages/langchain-shape.ts";
import { unpackJson, unpackResult } from "./messages/shape.ts";
import { present, presentOrNothing } from "./present.ts";
import { readProvider } from "./provider.ts";
import type { ReadingScope } from "./reading-scope.ts";
import { readRequestParameters } from "./request-parameters.ts";
import { readDocuments } from "./retrieved-documents.ts";
import type { SpanFields } from "./span-fields.ts";
import { valueText } from "./value-text.ts";

const TYPES: { readonly [kind: string]: SpanType } = {
  llm: "llm",
  chain: "step",
  tool: "tool",
  retriever: "retrieval",
  embedding: "embedding",
  prompt: "other",
  parser: "step",
};

/**
 * LangSmith SDKs in OTel mode: `langsmith.*`, with the run's inputs and outputs as JSON in `gen_ai.prompt` and
 * `gen_ai.completion`.
 *
 * Source: the OTel translator of langsmith-sdk.
 */
export const langsmith: Dialect = {
  name: "langsmith",
  prefixes: ["langsmith."],
  saysTypes: true,
  owns: (span) => span.scope.name.startsWith("langsmith"),
  read(span, scope) {
    if (!keyPrefixes(span.attributes).has("langsmith")) return undefined;
    const from = new AttributeReader(span.attributes);
    const type = TYPES[from.name("langsmith.span.kind") ?? ""];
    const isRoot = from.boolean("langsmith.is_root") === true;
    const metadata = Object.fromEntries(from.below("langsmith.metadata."));
    return {
      ...present({ type }),
      ...(isRoot ? { isRoot } : {}),
      ...readIdentity(from, metadata),
      ...(type === "llm" ? readModelCall(from, metadata, scope) : readContent(from, type, span, scope)),
      used: from.used,
    };
  },
};

function readIdentity(from: AttributeReader, metadata: JsonObject): SpanFields {
  const tags = from.text("langsmith.span.tags");
  // Ids of LangSmith's own; the tree follows the OTel parents.
  from.below("langsmith.trace.");
  from.value(
    "langsmith.span.id",
    "langsmith.span.parent_id",
    "langsmith.span.dotted_order",
    "langsmith.traceable",
    "langsmith.traceable_parent_otel_span_id",
    "langsmith.request.streaming",
  );
  return {
    ...personOf(metadata),
    ...present({ tags: tags ? tags.split(",").map((tag) => tag.trim()) : undefined }),
  };
}

function readContent(
  from: AttributeReader,
  type: SpanType | undefined,
  span: Span,
  scope: ReadingScope,
): SpanFields {
  const input = from.value("gen_ai.prompt");
  const output = from.value("gen_ai.completion");
  if (type === "tool") {
    return {
      tool: present({
        name: span.name,
        arguments: input === undefined ? undefined : only(unpackJson(input), "input"),
        result: output === undefined ? undefined : unpackResult(toolResult(unpackJson(output))),
      }),
    };
  }
  if (type === "retrieval") {
    return {
      retrieval: present({
        query: valueText(input, "user", scope),
        documents: output === undefined ? undefined : readDocuments(documentsOf(unpackJson(output))),
      }),
    };
  }
  return present({
    // A function without arguments has the inputs `{}`.
    input: input === "{}" ? "" : valueText(input, "user", scope),
    output:
      output === undefined ? undefined : valueText(only(unpackJson(output), "outputs"), "assistant", scope),
  });
}

/** The member that wraps a value which is no object itself. */
function only(value: JsonValue, name: string): JsonValue {
  return isObject(value) && Object.keys(value).length === 1 && name in value ? (value[name] ?? null) : value;
}

/** Tools called by LangChain give a ToolMessage. */
function toolResult(value: JsonValue): JsonValue {
  const inner = only(only(value, "outputs"), "output");
  const message = isObject(inner) ? (constructorArguments(inner) ?? inner) : undefined;
  return message && "tool_call_id" in message ? (message.content ?? null) : inner;
}

function documentsOf(value: JsonValue): JsonValue {
  return only(only(value, "outputs"), "documents");
}

/** LangChain's `generations` hold the message; other answers are read as they are. */
function answerOf(response: JsonValue | undefined): JsonValue | undefined {
  if (!isObject(response) || !Array.isArray(response.generations)) return response;
  return response.generations.flat().map((one) => (isObject(one) ? (one.message ?? one.text ?? one) : one));
}

function readModelCall(from: AttributeReader, metadata: JsonObject, scope: ReadingScope): SpanFields {
  const input = from.value("gen_ai.prompt");
  const output = from.value("gen_ai.completion");
  const request = typeof input === "string" ? scope.json(input) : input;
  const body = isObject(request) ? request : {};
  const known = new AttributeReader(metadata);
  const requestModel = from.name("gen_ai.request.model") ?? known.name("ls_model_name");
  const responseModel = from.name("gen_ai.response.model");
  const provider = known.name("ls_provider") ?? from.name("gen_ai.system");
  return present({
    provider: readProvider(provider, responseModel ?? requestModel),
    requestModel,
    responseModel,
    inputMessages: scope.messages(body.messages ?? body.input ?? input, "user"),
    outputMessages: scope.messages(
      answerOf(output === undefined ? undefined : unpackJson(output, 1)),
      "assistant",
    ),
    toolDefinitions: scope.toolDefinitions(body.tools),
    parameters: readRequestParameters(present({ temperature: metadata.ls_temperature, ...body })),
    systemInstructions: typeof body.system === "string" ? body.system : undefined,
    usage: readUsage(from, known),
  });
}

/**
 * `usage_metadata` counts as we do: the details are parts of input and output. The SDK for Python keeps it in the
 * metadata, and writes the details apart from it as no JSON.
 */
function readUsage(from: AttributeReader, metadata: AttributeReader): SpanFields["usage"] {
  const usage = { ...objectAt(metadata, "usage_metadata"), ...objectAt(from, "langsmith.usage_metadata") };
  from.value("gen_ai.usage.input_token_details", "gen_ai.usage.output_token_details");
  const input = isObject(usage.input_token_details)
    ? usage.input_token_details
    : objectAt(from, "gen_ai.usage.input_token_details");
  const output = isObject(usage.output_token_details)
    ? usage.output_token_details
    : objectAt(from, "gen_ai.usage.output_token_details");
  const [counts, inputs, outputs] = [usage, input, output].map((object) => new AttributeReader(object));
  return presentOrNothing({
    inputTokens: counts?.count("input_tokens"),
    outputTokens: counts?.count("output_tokens"),
    cacheReadTokens: inputs?.count("cache_read"),
    cacheWriteTokens: inputs?.count("cache_creation", "cache_write"),
    reasoningTokens: outputs?.count("reasoning"),
  });
}

function objectAt(from: AttributeReader, key: string): JsonObject {
  const value = from.value(key);
  const parsed = value === undefined ? null : unpackJson(value);
  return isObject(parsed) ? parsed : {};
}
