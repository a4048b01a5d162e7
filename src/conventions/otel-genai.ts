import type { JsonValue } from "../core/json.ts";
import type { Span } from "../core/span.ts";
import type { SpanType } from "../core/trace.ts";
import type { LongText } from "../otlp/long-text.ts";
import { AttributeReader } from "./attribute-reader.ts";
import type { Dialect } from "./dialect.ts";
import { readFinishReason } from "./finish-reason.ts";
import { unpackJson, unpackResult } from "./messages/shape.ts";
import { type GenaiEvents, readGenaiEvents } from "./otel-genai-events.ts";
import { present, presentOrNothing } from "./present.ts";
import { readProvider } from "./provider.ts";
import type { ReadingScope } from "./reading-scope.ts";
import { readDocuments } from "./retrieved-documents.ts";
import type { SpanFields } from "./span-fields.ts";
import { valueText } from "./value-text.ts";

/**
 * The OpenTelemetry GenAI conventions, current names and the deprecated ones back to 1.26, on attributes
 * and on span events, and the MCP attributes that belong to them.
 *
 * Source: semantic-conventions-genai, and the older model/gen-ai of semantic-conventions.
 */
export const otelGenai: Dialect = {
  name: "otel-genai",
  read(span, scope) {
    if (!carriesGenai(span)) return undefined;
    const from = new AttributeReader(span.attributes);
    const events = readGenaiEvents(span, scope);
    const operation = from.name("gen_ai.operation.name");
    const type = typeOf(operation, span);
    return {
      ...present({ type, operation }),
      ...readModel(from),
      ...readContent(from, type, events, scope),
      ...readIdentity(from, operation, span),
      ...readParts(from, type, span, events),
      ...present({
        finishReason: readFinishReason(
          from.value("gen_ai.response.finish_reasons", "gen_ai.response.finish_reason"),
        ),
        error: readError(from, span),
        annotations: events.annotations,
      }),
      used: from.used,
    };
  },
};

function carriesGenai(span: Span): boolean {
  if (span.attributes["gen_ai.operation.name"] !== undefined) return true;
  for (const key in span.attributes) if (key.startsWith("gen_ai.") || key.startsWith("mcp.")) return true;
  return span.events.some((event) => event.name.startsWith("gen_ai."));
}

const OPERATION_TYPES: { readonly [operation: string]: SpanType } = {
  chat: "llm",
  text_completion: "llm",
  generate_content: "llm",
  completion: "llm",
  generate: "llm",
  llm_request: "llm",
  embeddings: "embedding",
  create_agent: "agent",
  invoke_agent: "agent",
  execute_tool: "tool",
  retrieval: "retrieval",
  vector_db_retrieve: "retrieval",
  invoke_workflow: "workflow",
  plan: "plan",
  agent_step: "step",
  execute_task: "step",
  chain: "step",
};

function typeOf(operation: string | undefined, { attributes }: Span): SpanType | undefined {
  if (operation !== undefined) {
    const type = OPERATION_TYPES[operation] ?? (isMemory(operation) ? "memory" : undefined);
    if (type) return type;
  }
  if (attributes["mcp.method.name"] === "tools/call") return "tool";
  if ("gen_ai.tool.name" in attributes || "gen_ai.tool.call.id" in attributes) return "tool";
  const hasModel = "gen_ai.request.model" in attributes || "gen_ai.response.model" in attributes;
  const hasUsage =
    "gen_ai.usage.output_tokens" in attributes || "gen_ai.usage.completion_tokens" in attributes;
  return hasModel && hasUsage && operation === undefined ? "llm" : undefined;
}

function isMemory(operation: string): boolean {
  return /^(search|create|update|upsert|delete)_memory(_store)?$/.test(operation);
}

function readModel(from: AttributeReader): SpanFields {
  const requestModel = from.name("gen_ai.request.model");
  const responseModel = from.name("gen_ai.response.model");
  const seconds = from.number(
    "gen_ai.response.time_to_first_chunk",
    "gen_ai.client.operation.time_to_first_chunk",
  );
  from.value("gen_ai.usage.total_tokens");
  return present({
    provider: readProvider(from.name("gen_ai.provider.name", "gen_ai.system"), responseModel ?? requestModel),
    requestModel,
    responseModel,
    responseId: from.name("gen_ai.response.id"),
    parameters: presentOrNothing({
      temperature: from.number("gen_ai.request.temperature"),
      topP: from.number("gen_ai.request.top_p"),
      topK: from.number("gen_ai.request.top_k"),
      maxTokens: from.count("gen_ai.request.max_tokens"),
      seed: from.number("gen_ai.request.seed", "gen_ai.openai.request.seed"),
      frequencyPenalty: from.number("gen_ai.request.frequency_penalty"),
      presencePenalty: from.number("gen_ai.request.presence_penalty"),
      stopSequences: from.names("gen_ai.request.stop_sequences"),
      reasoningEffort: from.name("gen_ai.request.reasoning.level"),
    }),
    usage: presentOrNothing({
      inputTokens: from.count("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"),
      outputTokens: from.count("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens"),
      cacheReadTokens: from.count(
        "gen_ai.usage.cache_read.input_tokens",
        "gen_ai.usage.cache_read_input_tokens",
      ),
      cacheWriteTokens: from.count(
        "gen_ai.usage.cache_write.input_tokens",
        "gen_ai.usage.cache_creation.input_tokens",
        "gen_ai.usage.cache_creation_input_tokens",
        "gen_ai.usage.cache_write_input_tokens",
      ),
      reasoningTokens: from.count("gen_ai.usage.reasoning.output_tokens", "gen_ai.usage.reasoning_tokens"),
    }),
    cost: from.number("gen_ai.usage.cost", "gen_ai.usage.total_cost"),
    timeToFirstTokenMs: seconds === undefined ? undefined : seconds * 1000,
  });
}

function readContent(
  from: AttributeReader,
  type: SpanType | undefined,
  events: GenaiEvents,
  scope: ReadingScope,
): SpanFields {
  const { details } = events;
  const input = scope.messages(from.content("gen_ai.input.messages"), "user");
  const output = scope.messages(from.content("gen_ai.output.messages"), "assistant");
  const deprecatedInput = from.value("gen_ai.prompt");
  const deprecatedOutput = from.value("gen_ai.completion");
  const isConversation = type === "llm" || type === "agent";
  return present({
    systemInstructions: instructionsText(
      from.content("gen_ai.system_instructions") ?? details["gen_ai.system_instructions"],
      scope,
    ),
    inputMessages: firstFilled(
      input,
      events.input,
      isConversation ? scope.messages(deprecatedInput, "user") : undefined,
    ),
    outputMessages: firstFilled(
      output,
      events.output,
      isConversation ? scope.messages(deprecatedOutput, "assistant") : undefined,
    ),
    input: isConversation ? undefined : valueText(deprecatedInput, "user", scope),
    output: isConversation ? undefined : valueText(deprecatedOutput, "assistant", scope),
    toolDefinitions:
      scope.toolDefinitions(from.content("gen_ai.tool.definitions") ?? details["gen_ai.tool.definitions"]) ??
      describedTool(from),
  });
}

/** The span of a call describes the tool, where no span lists those on offer. */
function describedTool(from: AttributeReader): SpanFields["toolDefinitions"] {
  const description = from.name("gen_ai.tool.description");
  const name = from.name("gen_ai.tool.name");
  from.value("gen_ai.tool.type");
  return name && description ? [{ name, description }] : undefined;
}

/** System instructions are a list of parts, the JSON of one, or a plain text. */
function instructionsText(value: JsonValue | LongText | undefined, scope: ReadingScope): string | undefined {
  const texts = scope
    .messages(value, "user")
    ?.flatMap((message) => message.parts.flatMap((part) => (part.type === "text" ? [part.content] : [])));
  return texts?.join("\n");
}

/** The first list that has entries; else the first that is there. */
function firstFilled<Item>(...lists: readonly (readonly Item[] | undefined)[]): readonly Item[] | undefined {
  return (
    lists.find((list) => list !== undefined && list.length > 0) ?? lists.find((list) => list !== undefined)
  );
}

function readIdentity(from: AttributeReader, operation: string | undefined, span: Span): SpanFields {
  const named = operation === "invoke_agent" ? /^invoke_agent\s+(.+)$/.exec(span.name)?.[1] : undefined;
  const model = span.attributes["gen_ai.request.model"];
  return present({
    agent: presentOrNothing({
      name: from.name("gen_ai.agent.name") ?? (named === model ? undefined : named),
      version: from.name("gen_ai.agent.version"),
      id: from.name("gen_ai.agent.id"),
    }),
    sessionId: from.name("gen_ai.conversation.id"),
    userId: from.name("gen_ai.user"),
    prompt: presentOrNothing({
      name: from.name("gen_ai.prompt.name"),
      version: from.name("gen_ai.prompt.version"),
    }),
  });
}

/** What only tools, retrievals and memory operations have. */
function readParts(
  from: AttributeReader,
  type: SpanType | undefined,
  span: Span,
  events: GenaiEvents,
): SpanFields {
  const input = from.value("gen_ai.tool.call.arguments") ?? (type === "tool" ? events.toolInput : undefined);
  const result = from.value("gen_ai.tool.call.result") ?? (type === "tool" ? events.toolResult : undefined);
  const named = type === "tool" ? /^(?:execute_tool|tools\/call)\s+(.+)$/.exec(span.name)?.[1] : undefined;
  return present({
    tool: presentOrNothing({
      name: from.name("gen_ai.tool.name") ?? named,
      callId: from.name("gen_ai.tool.call.id"),
      arguments: input === undefined ? undefined : unpackJson(input),
      result: result === undefined ? undefined : unpackResult(result),
    }),
    retrieval: presentOrNothing({
      query: from.text("gen_ai.retrieval.query.text"),
      documents: readDocuments(from.value("gen_ai.retrieval.documents")),
    }),
    memory: presentOrNothing({
      storeId: from.name("gen_ai.memory.store.id"),
      query: from.text("gen_ai.memory.query.text"),
      records: unpack(from.value("gen_ai.memory.records")),
    }),
  });
}

function unpack(value: JsonValue | undefined): JsonValue | undefined {
  return value === undefined ? undefined : unpackJson(value);
}

/** Only what `error.type` and the status do not say already. */
function readError(from: AttributeReader, span: Span): SpanFields["error"] {
  const failed =
    from.name("gen_ai.tool.status") === "error" || from.name("gen_ai.response.status") === "failed";
  return failed && span.attributes["error.type"] === undefined ? { type: "_OTHER" } : undefined;
}
