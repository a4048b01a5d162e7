import { isObject, type JsonObject, type JsonValue } from "../core/json.ts";
import type { Span } from "../core/span.ts";
import type { SpanType } from "../core/trace.ts";
import { readAnswerBody, reasonWithCalls } from "./answer-body.ts";
import { AttributeReader } from "./attribute-reader.ts";
import type { Dialect } from "./dialect.ts";
import { textAt, unpackJson, unpackResult } from "./messages/shape.ts";
import { objectOf } from "./object-of.ts";
import { present, presentOrNothing } from "./present.ts";
import { readProvider } from "./provider.ts";
import type { ReadingScope } from "./reading-scope.ts";
import { readRequestBody } from "./request-body.ts";
import { readDocuments } from "./retrieved-documents.ts";
import type { SpanFields } from "./span-fields.ts";
import { valueText } from "./value-text.ts";
import { whole } from "./whole-usage.ts";

/** `genkit:metadata:subtype` of actions, else `genkit:type` of what is none. */
const TYPES: { readonly [type: string]: SpanType } = {
  flow: "workflow",
  agent: "agent",
  model: "llm",
  "background-model": "llm",
  tool: "tool",
  "tool.v2": "tool",
  retriever: "retrieval",
  reranker: "retrieval",
  embedder: "embedding",
  evaluator: "evaluator",
  flowStep: "step",
  prompt: "step",
  "executable-prompt": "step",
  util: "step",
  promptTemplate: "step",
  dotprompt: "step",
  helper: "step",
};

/** Plugins whose name is not the provider's. */
const PROVIDERS: { readonly [plugin: string]: string } = {
  googleai: "gcp.gemini",
  vertexai: "gcp.vertex_ai",
  "model-garden": "gcp.vertex_ai",
};

/**
 * Genkit. Actions say what they are in `genkit:metadata:subtype`; a model's name holds its plugin
 * (`googleai/gemini-2.5-flash`), requests and answers are Genkit's own shape for all providers.
 *
 * Sources: js/core/src/tracing/instrumentation.ts of firebase/genkit and its table of telemetry attributes
 * (2026), js/ai/src/model-types.ts for `GenerateRequest` and `GenerateResponse`.
 */
export const genkit: Dialect = {
  name: "genkit",
  prefixes: ["genkit:"],
  saysTypes: true,
  owns: (span) => "genkit:name" in span.attributes,
  read(span, scope) {
    if (!("genkit:name" in span.attributes || "genkit:type" in span.attributes)) return undefined;
    const from = new AttributeReader(span.attributes);
    const name = from.name("genkit:name") ?? span.name;
    const type = TYPES[from.name("genkit:metadata:subtype") ?? ""] ?? TYPES[from.name("genkit:type") ?? ""];
    const input = from.value("genkit:input");
    const output = from.value("genkit:output");
    const failed = from.name("genkit:state") === "error";
    const isRoot = from.boolean("genkit:isRoot") === true;
    const context = objectOf(from.value("genkit:metadata:context"));
    return {
      ...present({ type }),
      ...readKind(type, name, input, output, scope),
      ...present({
        isRoot: isRoot || undefined,
        sessionId: from.name("genkit:sessionId"),
        userId: textAt(objectOf(context.auth), "uid"),
        feature: from.name("genkit:feature"),
        error: failed ? { type: "_OTHER" } : undefined,
      }),
      used: withBookkeeping(from, span),
    };
  },
};

function withBookkeeping(from: AttributeReader, { attributes }: Span): ReadonlySet<string> {
  for (const key in attributes) if (key.startsWith("genkit:")) from.value(key);
  return from.used;
}

function readKind(
  type: SpanType | undefined,
  name: string,
  input: JsonValue | undefined,
  output: JsonValue | undefined,
  scope: ReadingScope,
): SpanFields {
  switch (type) {
    case "llm":
      return readModelCall(name, input, output, scope);
    case "tool":
      return {
        tool: {
          name,
          ...present({
            arguments: input === undefined ? undefined : unpackJson(input),
            result: output === undefined ? undefined : unpackResult(output),
          }),
        },
      };
    case "retrieval":
      return {
        retrieval: present({
          query: valueText(objectOf(input).query, "user", scope),
          documents: readDocuments(documentsIn(output)),
        }),
      };
    case "agent":
      return { ...readTexts(input, output, scope), agent: { name } };
    default:
      return readTexts(input, output, scope);
  }
}

function readTexts(
  input: JsonValue | undefined,
  output: JsonValue | undefined,
  scope: ReadingScope,
): SpanFields {
  return present({ input: valueText(input, "user", scope), output: valueText(output, "assistant", scope) });
}

/** A document is a list of parts: `{content: [{text}], metadata}`. */
function documentsIn(output: JsonValue | undefined): JsonValue | undefined {
  const { documents } = objectOf(output);
  if (!Array.isArray(documents)) return undefined;
  return documents.map((document) => {
    if (!isObject(document) || !Array.isArray(document.content)) return document;
    const texts = document.content.flatMap((part) => (isObject(part) ? (textAt(part, "text") ?? []) : []));
    return { ...document, content: texts.join("\n") };
  });
}

function readModelCall(
  name: string,
  input: JsonValue | undefined,
  output: JsonValue | undefined,
  scope: ReadingScope,
): SpanFields {
  const slash = name.indexOf("/");
  const [plugin, model] = slash < 0 ? [undefined, name] : [name.slice(0, slash), name.slice(slash + 1)];
  const answer = objectOf(output);
  const { responseModel, responseId, outputMessages, finishReason } = readAnswerBody(answer, scope);
  return {
    ...readRequestBody(input, scope),
    ...present({
      requestModel: model,
      responseModel,
      responseId,
      outputMessages: output === undefined ? undefined : outputMessages,
      finishReason: reasonWithCalls(finishReason, outputMessages),
      provider: readProvider(plugin === undefined ? undefined : (PROVIDERS[plugin] ?? plugin), model),
    }),
    ...readUsage(objectOf(answer.usage)),
  };
}

/** Gemini counts thoughts apart, others do not; the total says which it was. */
function readUsage(usage: JsonObject): Pick<SpanFields, "usage" | "tokensAdjusted"> {
  const from = new AttributeReader(usage);
  const counts = {
    inputTokens: from.count("inputTokens"),
    outputTokens: from.count("outputTokens"),
    cacheReadTokens: from.count("cachedContentTokens"),
    reasoningTokens: from.count("thoughtsTokens"),
  };
  const thoughts = counts.reasoningTokens ?? 0;
  const total = from.count("totalTokens");
  const isApart = total === (counts.inputTokens ?? 0) + (counts.outputTokens ?? 0) + thoughts;
  const read = whole(counts, 0, isApart ? thoughts : 0);
  return presentOrNothing(read.usage ?? {}) ? read : {};
}
