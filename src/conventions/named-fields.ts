import type { JsonValue } from "../core/json.ts";
import type { SpanType } from "../core/trace.ts";
import type { AttributeReader } from "./attribute-reader.ts";
import { readFinishReason } from "./finish-reason.ts";
import { unpackJson, unpackResult } from "./messages/shape.ts";
import { present, presentOrNothing } from "./present.ts";
import { readProvider } from "./provider.ts";
import type { ReadingScope } from "./reading-scope.ts";
import { readDocuments } from "./retrieved-documents.ts";
import type { SpanFields } from "./span-fields.ts";

/** The canonical fields that can be read from an attribute of any name. */
export const CANONICAL_NAMES = [
  "input",
  "output",
  "systemInstructions",
  "model",
  "provider",
  "inputTokens",
  "outputTokens",
  "cacheReadTokens",
  "cacheWriteTokens",
  "reasoningTokens",
  "cost",
  "temperature",
  "maxTokens",
  "finishReason",
  "retries",
  "promptName",
  "promptVersion",
  "toolName",
  "toolCallId",
  "toolArguments",
  "toolResult",
  "toolStatus",
  "retrievalQuery",
  "retrievalDocuments",
  "agentName",
  "agentVersion",
  "sessionId",
  "userId",
  "organisationId",
  "feature",
  "environment",
  "tags",
  "outcome",
  "rationale",
] as const;

/** One of {@link CANONICAL_NAMES}. */
export type CanonicalName = (typeof CANONICAL_NAMES)[number];

/** Attribute names by what they mean; of several the first that is there and not empty counts. */
export type NameTable = { readonly [Name in CanonicalName]?: readonly string[] | undefined };

/** Values of a tool's status that mean failure. */
const FAILED = new Set(["error", "failed", "failure"]);

/**
 * The fields of a span whose attributes have the given names. A span with a tool's name is a tool call, one
 * with a model's a model call, one with documents a retrieval.
 */
export function fieldsByName(names: NameTable, from: AttributeReader, scope: ReadingScope): SpanFields {
  const at = (name: CanonicalName) => names[name] ?? [];
  const type = typeOf(names, from);
  const status = from.name(...at("toolStatus"))?.toLowerCase();
  return {
    ...present({ type }),
    ...readContent(names, type, from, scope),
    ...readModelCall(names, from),
    ...present({
      systemInstructions: from.text(...at("systemInstructions")),
      error: status !== undefined && FAILED.has(status) ? { type: "_OTHER" } : undefined,
      agent: presentOrNothing({
        name: from.name(...at("agentName")),
        version: from.name(...at("agentVersion")),
      }),
      sessionId: from.name(...at("sessionId")),
      userId: from.name(...at("userId")),
      organisationId: from.name(...at("organisationId")),
      feature: from.name(...at("feature")),
      environment: from.name(...at("environment")),
      tags: from.names(...at("tags")),
      outcome: from.name(...at("outcome")),
      rationale: from.name(...at("rationale")),
    }),
  };
}

function typeOf(names: NameTable, from: AttributeReader): SpanType | undefined {
  if (from.name(...(names.toolName ?? []))) return "tool";
  if (from.name(...(names.model ?? []))) return "llm";
  return from.value(...(names.retrievalDocuments ?? [])) === undefined ? undefined : "retrieval";
}

function readContent(
  names: NameTable,
  type: SpanType | undefined,
  from: AttributeReader,
  scope: ReadingScope,
): SpanFields {
  const { input = [], output = [], toolArguments = [], toolResult = [] } = names;
  const isTool = type === "tool";
  const isCall = type === "llm";
  const given = from.value(...toolArguments, ...(isTool ? input : []));
  const result = from.value(...toolResult, ...(isTool ? output : []));
  return present({
    tool: presentOrNothing({
      name: from.name(...(names.toolName ?? [])),
      callId: from.name(...(names.toolCallId ?? [])),
      arguments: given === undefined ? undefined : unpackJson(given),
      result: result === undefined ? undefined : unpackResult(result),
    }),
    retrieval: presentOrNothing({
      query: from.text(...(names.retrievalQuery ?? []), ...(type === "retrieval" ? input : [])),
      documents: readDocuments(from.value(...(names.retrievalDocuments ?? []))),
    }),
    inputMessages: isCall ? scope.messages(from.value(...input), "user") : undefined,
    outputMessages: isCall ? scope.messages(from.value(...output), "assistant") : undefined,
    input: type === undefined ? textOf(from.value(...input)) : undefined,
    output: type === undefined ? textOf(from.value(...output)) : undefined,
  });
}

/** A text as it is; anything else as its JSON. */
function textOf(value: JsonValue | undefined): string | undefined {
  return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
}

function readModelCall(names: NameTable, from: AttributeReader): SpanFields {
  const at = (name: CanonicalName) => names[name] ?? [];
  const model = from.name(...at("model"));
  const provider = from.name(...at("provider"));
  return present({
    requestModel: model,
    provider: model === undefined && provider === undefined ? undefined : readProvider(provider, model),
    finishReason: readFinishReason(from.value(...at("finishReason"))),
    parameters: presentOrNothing({
      temperature: from.number(...at("temperature")),
      maxTokens: from.count(...at("maxTokens")),
    }),
    usage: presentOrNothing({
      inputTokens: from.count(...at("inputTokens")),
      outputTokens: from.count(...at("outputTokens")),
      cacheReadTokens: from.count(...at("cacheReadTokens")),
      cacheWriteTokens: from.count(...at("cacheWriteTokens")),
      reasoningTokens: from.count(...at("reasoningTokens")),
    }),
    cost: from.number(...at("cost")),
    retries: from.count(...at("retries")),
    prompt: presentOrNothing({
      name: from.name(...at("promptName")),
      version: from.name(...at("promptVersion")),
    }),
  });
}
