import { isObject, type JsonObject, type JsonValue } from "../core/json.ts";
import type { Span } from "../core/span.ts";
import type { SpanType } from "../core/trace.ts";
import { readAiSdkUsage } from "./ai-sdk-usage.ts";
import { AttributeReader } from "./attribute-reader.ts";
import type { Dialect } from "./dialect.ts";
import { readFinishReason } from "./finish-reason.ts";
import { personOf } from "./identity-names.ts";
import { keyPrefixes } from "./key-prefixes.ts";
import { unpackJson, unpackResult } from "./messages/shape.ts";
import { present, presentOrNothing } from "./present.ts";
import { readProvider } from "./provider.ts";
import type { ReadingScope } from "./reading-scope.ts";
import type { SpanFields } from "./span-fields.ts";

const TYPES: { readonly [operation: string]: SpanType } = {
  "ai.generateText": "agent",
  "ai.streamText": "agent",
  "ai.generateObject": "agent",
  "ai.streamObject": "agent",
  "ai.toolCall": "tool",
  "ai.embed": "embedding",
  "ai.embedMany": "embedding",
  "ai.rerank": "retrieval",
};

/**
 * Vercel AI SDK 4 to 6, and 7 with its legacy integration: `ai.*` attributes. The spans of version 7's own
 * integration are plain GenAI.
 *
 * Source: recorded spans of ai@4, ai@5 and ai@7, and the telemetry pages of the AI SDK's documentation.
 */
export const aiSdk: Dialect = {
  name: "ai-sdk",
  prefixes: ["ai."],
  saysTypes: true,
  owns: (span) => span.scope.name === "ai",
  read(span, scope) {
    if (!keyPrefixes(span.attributes).has("ai")) return undefined;
    const from = new AttributeReader(span.attributes);
    const type = typeOf(from, span);
    return {
      ...present({ type }),
      ...readIdentity(from, type),
      ...(type === "tool" ? readTool(from) : readModelCall(from, type, scope)),
      used: from.used,
    };
  },
};

function typeOf(from: AttributeReader, { name }: Span): SpanType | undefined {
  const operation = from.name("ai.operationId") ?? from.name("operation.name")?.split(" ")[0] ?? name;
  from.value("operation.name", "resource.name");
  if (/\.(doGenerate|doStream)$/.test(operation)) return "llm";
  return TYPES[operation.replace(/\.do(Embed|Rerank)$/, "")];
}

function readIdentity(from: AttributeReader, type: SpanType | undefined): SpanFields {
  const metadata = Object.fromEntries([
    ...from.below("ai.settings.context."),
    ...from.below("ai.telemetry.metadata."),
  ]);
  const functionId = from.name("ai.telemetry.functionId");
  const person = personOf(metadata);
  const known = new AttributeReader(metadata);
  return {
    ...person,
    ...present({
      feature: person.feature ?? functionId,
      tags: known.names("tags"),
      agent: type === "agent" ? presentOrNothing({ name: functionId }) : undefined,
      prompt: readPrompt(known.value("langfusePrompt")),
    }),
  };
}

/** The prompt that Langfuse's users hand over in the metadata, as JSON. */
function readPrompt(value: JsonValue | undefined): SpanFields["prompt"] | undefined {
  const prompt = value === undefined ? undefined : unpackJson(value);
  if (!isObject(prompt)) return undefined;
  const fields = new AttributeReader(prompt);
  return presentOrNothing({ name: fields.name("name"), version: fields.name("version") });
}

function readTool(from: AttributeReader): SpanFields {
  const input = from.value("ai.toolCall.args");
  const result = from.value("ai.toolCall.result");
  return {
    tool: present({
      name: from.name("ai.toolCall.name"),
      callId: from.name("ai.toolCall.id"),
      arguments: input === undefined ? undefined : unpackJson(input),
      result: result === undefined ? undefined : unpackResult(result),
    }),
  };
}

function readModelCall(from: AttributeReader, type: SpanType | undefined, scope: ReadingScope): SpanFields {
  const requestModel = from.name("ai.model.id");
  const responseModel = from.name("ai.response.model");
  const finishReason = readFinishReason(from.value("ai.response.finishReason", "ai.finishReason"));
  const output = outputOf(from);
  const prompt = promptOf(from);
  // Vectors are of no use here.
  from.value("ai.embedding", "ai.embeddings", "ai.value", "ai.values");
  return present({
    provider: readProvider(providerName(from.name("ai.model.provider")), responseModel ?? requestModel),
    requestModel,
    responseModel,
    responseId: from.name("ai.response.id"),
    parameters: readParameters(from),
    systemInstructions: systemOf(prompt, scope),
    inputMessages:
      scope.messages(from.value("ai.prompt.messages"), "user") ?? scope.messages(userPart(prompt), "user"),
    outputMessages: output === undefined ? undefined : scope.messages([output], "assistant"),
    toolDefinitions: scope.toolDefinitions(from.value("ai.prompt.tools")),
    finishReason,
    timeToFirstTokenMs: from.number("ai.response.msToFirstChunk"),
    ...readAiSdkUsage(from, type),
  });
}

/** `openai.responses`, `amazon-bedrock`, `google.vertex.chat`: the provider and the API of it. */
function providerName(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  if (name.startsWith("google.vertex") || name.startsWith("vertex.")) return "vertex_ai";
  if (name.startsWith("azure")) return "azure";
  if (name.startsWith("amazon-bedrock")) return "bedrock";
  return name.split(".")[0];
}

function readParameters(from: AttributeReader): SpanFields["parameters"] {
  from.value("ai.settings.maxRetries", "ai.response.providerMetadata", "ai.response.timestamp");
  return presentOrNothing({
    temperature: from.number("ai.settings.temperature"),
    topP: from.number("ai.settings.topP"),
    topK: from.number("ai.settings.topK"),
    maxTokens: from.count("ai.settings.maxOutputTokens", "ai.settings.maxTokens"),
    seed: from.number("ai.settings.seed"),
    frequencyPenalty: from.number("ai.settings.frequencyPenalty"),
    presencePenalty: from.number("ai.settings.presencePenalty"),
    stopSequences: from.names("ai.settings.stopSequences"),
  });
}

/** The root's `ai.prompt`: `{system?, prompt?, messages?}`. */
function promptOf(from: AttributeReader): JsonObject {
  const value = from.value("ai.prompt");
  const prompt = value === undefined ? undefined : unpackJson(value, 1);
  if (isObject(prompt)) return prompt;
  return prompt === undefined ? {} : { prompt };
}

function userPart({ messages, prompt }: JsonObject): JsonValue | undefined {
  return messages ?? prompt;
}

function systemOf(prompt: JsonObject, scope: ReadingScope): string | undefined {
  const system = prompt.system ?? prompt.instructions;
  if (system === undefined || system === null) return undefined;
  const parts = scope.messages(system, "user")?.flatMap((message) => message.parts);
  return parts?.flatMap((part) => (part.type === "text" ? [part.content] : [])).join("\n");
}

/** The answer in its pieces as one message; undefined when none of them is recorded. */
function outputOf(from: AttributeReader): JsonValue | undefined {
  const reasoning = from.text("ai.response.reasoning");
  const text = from.text("ai.response.text", "ai.result.text");
  const object = from.text("ai.response.object", "ai.result.object");
  const calls = from.value("ai.response.toolCalls", "ai.result.toolCalls");
  if (reasoning === undefined && text === undefined && object === undefined && calls === undefined) {
    return undefined;
  }
  const list = calls === undefined ? [] : unpackJson(calls);
  return {
    role: "assistant",
    content: [
      ...(reasoning ? [{ type: "reasoning", content: reasoning }] : []),
      ...[text, object].flatMap((piece) => (piece ? [{ type: "text", text: piece }] : [])),
      ...(Array.isArray(list) ? list.filter(isObject) : []).map((call) => ({ ...call, type: "tool-call" })),
    ],
  };
}
