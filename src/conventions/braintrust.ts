import { isObject, type JsonObject, type JsonValue } from "../core/json.ts";
import type { Span } from "../core/span.ts";
import type { Annotation, SpanType } from "../core/trace.ts";
import { readAnswerBody } from "./answer-body.ts";
import { AttributeReader } from "./attribute-reader.ts";
import type { Dialect } from "./dialect.ts";
import { personOf } from "./identity-names.ts";
import { keyPrefixes } from "./key-prefixes.ts";
import { textAt, unpackJson, unpackResult } from "./messages/shape.ts";
import { objectOf } from "./object-of.ts";
import { present, presentOrNothing } from "./present.ts";
import { readProvider } from "./provider.ts";
import type { ReadingScope } from "./reading-scope.ts";
import { readRequestBody } from "./request-body.ts";
import type { SpanFields } from "./span-fields.ts";
import { valueText } from "./value-text.ts";

/** `SpanTypeAttribute` of the SDK. */
const TYPES: { readonly [type: string]: SpanType } = {
  llm: "llm",
  tool: "tool",
  task: "step",
  function: "step",
  score: "evaluator",
  eval: "workflow",
};

/**
 * Braintrust's own attributes: each holds JSON, or is spelled out with dots (`braintrust.metrics.prompt_tokens`).
 * Prompt tokens include the cache.
 *
 * Sources: the Java, Ruby and Go SDKs (`braintrust.{span_attributes,input_json,output_json,metadata,metrics}`),
 * js/src/wrappers/anthropic-tokens-util.ts of braintrust-sdk at a696a723 (2026-03-27) for what counts mean.
 */
export const braintrust: Dialect = {
  name: "braintrust",
  prefixes: ["braintrust."],
  saysTypes: true,
  owns: (span) =>
    "braintrust.span_attributes" in span.attributes || "braintrust.span_attributes.type" in span.attributes,
  read(span, scope) {
    if (!keyPrefixes(span.attributes).has("braintrust")) return undefined;
    const from = new AttributeReader(span.attributes);
    const attributes = group(from, "span_attributes");
    const metadata = group(from, "metadata");
    const type = TYPES[textAt(attributes, "type") ?? ""];
    const input = from.value("braintrust.input_json", "braintrust.input");
    const output = from.value("braintrust.output_json", "braintrust.output");
    const metrics = new AttributeReader(group(from, "metrics"));
    const tags = from.names("braintrust.tags");
    const annotations = readScores(group(from, "scores"));
    from.value("braintrust.parent", "braintrust.org", "braintrust.app_url");
    return {
      ...present({ type }),
      ...(type === "llm" ? readModelCall(input, output, metadata, metrics, scope) : {}),
      ...(type === "tool" ? readTool(span, attributes, input, output) : {}),
      ...(type === "llm" || type === "tool"
        ? {}
        : present({
            input: valueText(input, "user", scope),
            output: valueText(output, "assistant", scope),
          })),
      ...personOf(metadata),
      ...present({ tags, annotations }),
      used: from.used,
    };
  },
};

/** One of the groups, as JSON in one attribute or spelled out. */
function group(from: AttributeReader, name: string): JsonObject {
  return {
    ...Object.fromEntries(from.below(`braintrust.${name}.`)),
    ...objectOf(from.value(`braintrust.${name}`)),
  };
}

function readModelCall(
  input: JsonValue | undefined,
  output: JsonValue | undefined,
  metadata: JsonObject,
  metrics: AttributeReader,
  scope: ReadingScope,
): SpanFields {
  const { requestModel, parameters, toolDefinitions } = readRequestBody({ ...metadata }, scope);
  const { usage: _, ...response } = readAnswerBody(output, scope);
  const seconds = metrics.number("time_to_first_token");
  const usage = presentOrNothing({
    inputTokens: metrics.count("prompt_tokens"),
    outputTokens: metrics.count("completion_tokens"),
    cacheReadTokens: metrics.count("prompt_cached_tokens"),
    cacheWriteTokens: metrics.count("prompt_cache_creation_tokens"),
    reasoningTokens: metrics.count("completion_reasoning_tokens"),
  });
  return {
    ...readRequestBody(input, scope),
    ...response,
    ...present({
      requestModel,
      parameters,
      toolDefinitions,
      provider: readProvider(textAt(metadata, "provider"), response.responseModel ?? requestModel),
      usage,
      cost: metrics.number("estimated_cost", "cost"),
      timeToFirstTokenMs: seconds === undefined ? undefined : seconds * 1000,
    }),
  };
}

function readTool(
  span: Span,
  attributes: JsonObject,
  input: JsonValue | undefined,
  output: JsonValue | undefined,
): Pick<SpanFields, "tool"> {
  return {
    tool: {
      name: textAt(attributes, "name") ?? span.name,
      ...present({
        arguments: input === undefined ? undefined : unpackJson(input),
        result: output === undefined ? undefined : unpackResult(output),
      }),
    },
  };
}

/** Scores by name, each 0..1 or an object with a score. */
function readScores(scores: JsonObject): readonly Omit<Annotation, "spanId">[] | undefined {
  const found = Object.entries(scores).flatMap(([name, value]) => {
    const score = isObject(value) ? value.score : value;
    return typeof score === "number" ? [{ name, value: score }] : [];
  });
  return found.length > 0 ? found : undefined;
}
