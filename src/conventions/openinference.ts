import { isObject, type JsonObject, parseJson } from "../core/json.ts";
import type { Span } from "../core/span.ts";
import type { SpanType } from "../core/trace.ts";
import { AttributeReader } from "./attribute-reader.ts";
import type { Dialect } from "./dialect.ts";
import { readFinishReason } from "./finish-reason.ts";
import { fieldsOfDump, roleOfDump } from "./messages/langchain-dump-shape.ts";
import { constructorArguments } from "./messages/langchain-shape.ts";
import { textAt, unpackJson, unpackResult } from "./messages/shape.ts";
import { readFlatAnnotations } from "./openinference-annotations.ts";
import { readFlatDocuments, readFlatMessages, readFlatTools } from "./openinference-flat.ts";
import { asLlamaIndex, isLlamaIndex } from "./openinference-llama-index.ts";
import { present, presentOrNothing } from "./present.ts";
import { readProvider } from "./provider.ts";
import type { ReadingScope } from "./reading-scope.ts";
import type { SpanFields } from "./span-fields.ts";
import { valueText } from "./value-text.ts";

const TYPES: { readonly [kind: string]: SpanType } = {
  LLM: "llm",
  EMBEDDING: "embedding",
  CHAIN: "step",
  RETRIEVER: "retrieval",
  RERANKER: "retrieval",
  TOOL: "tool",
  AGENT: "agent",
  GUARDRAIL: "guardrail",
  EVALUATOR: "evaluator",
  PROMPT: "other",
};

/** OpenInference (Arize). Source: spec/semantic_conventions.md of Arize-ai/openinference. */
export const openinference: Dialect = {
  name: "openinference",
  prefixes: ["openinference.", "input.value", "output.value", "llm.model_name"],
  saysTypes: true,
  owns: (span) => /openinference/.test(span.scope.name),
  read(span, scope) {
    const kind = span.attributes["openinference.span.kind"];
    if (typeof kind !== "string" && !carriesOpeninference(span)) return undefined;
    const from = new AttributeReader(span.attributes);
    const type = TYPES[(from.name("openinference.span.kind") ?? "").toUpperCase()];
    const fields: SpanFields = {
      ...present({ type }),
      ...readCommon(from, type, span, scope),
      ...(type === "llm" || type === "embedding" ? readModelCall(from, scope) : {}),
      ...(type === "tool" ? readTool(from, span, scope) : {}),
      ...(type === "retrieval" ? readRetrieval(from) : {}),
      used: from.used,
    };
    return isLlamaIndex(span) ? asLlamaIndex(fields, span) : fields;
  },
};

function carriesOpeninference({ attributes }: Span): boolean {
  return "input.value" in attributes || "output.value" in attributes || "llm.model_name" in attributes;
}

function readCommon(
  from: AttributeReader,
  type: SpanType | undefined,
  span: Span,
  scope: ReadingScope,
): SpanFields {
  from.value("input.mime_type", "output.mime_type");
  const metadata = readMetadata(from);
  const isAgent = type === "agent";
  const hasTexts = type !== "llm" && type !== "embedding" && type !== "tool";
  return present({
    input: hasTexts ? valueText(from.value("input.value"), "user", scope) : undefined,
    output: hasTexts ? valueText(from.value("output.value"), "assistant", scope) : undefined,
    agent: presentOrNothing({
      name: from.name("agent.name") ?? (isAgent ? from.name("graph.node.id") : undefined),
      fallbackName: isAgent ? span.name : undefined,
    }),
    sessionId: from.name("session.id") ?? textAt(metadata, "session_id", "thread_id", "conversation_id"),
    userId: from.name("user.id") ?? textAt(metadata, "user_id"),
    organisationId: textAt(metadata, "org", "org_id", "tenant", "tenant_id"),
    feature: textAt(metadata, "feature"),
    tags: from.names("tag.tags"),
    prompt: presentOrNothing({
      name: from.name("prompt.id"),
      version: from.name("llm.prompt_template.version"),
    }),
    annotations: readFlatAnnotations(from),
  });
}

/** The `metadata` attribute is the JSON of an object; as an attribute it counts as understood. */
function readMetadata(from: AttributeReader): JsonObject {
  const text = from.text("metadata");
  const parsed = text === undefined ? undefined : parseJson(text);
  return isObject(parsed) ? parsed : {};
}

function readModelCall(from: AttributeReader, scope: ReadingScope): SpanFields {
  const parameters = from.text("llm.invocation_parameters");
  const invocation = (parameters === undefined ? undefined : scope.json(parameters)) ?? {};
  const requested = new AttributeReader(isObject(invocation) ? invocation : {});
  const model = from.name("llm.model_name", "embedding.model_name");
  const inputMessages = readFlatMessages(from, "input", scope);
  const systemInstructions = inputMessages?.some((message) => message.role === "system")
    ? undefined
    : systemOfRequest(from);
  // Requests and responses as sent repeat what the flattened attributes say; vectors are of no use here.
  from.value("input.value", "output.value");
  from.below("embedding.");
  return {
    ...present({
      provider: readProvider(from.name("llm.provider", "llm.system"), model),
      requestModel: from.name("llm.request.model_name") ?? requested.name("model") ?? model,
      responseModel: from.name("llm.response.model_name", "llm.model_name"),
      parameters: presentOrNothing({
        temperature: requested.number("temperature"),
        topP: requested.number("top_p"),
        topK: requested.number("top_k"),
        maxTokens: requested.count("max_tokens", "max_completion_tokens", "max_output_tokens"),
        seed: requested.number("seed"),
        frequencyPenalty: requested.number("frequency_penalty"),
        presencePenalty: requested.number("presence_penalty"),
        stopSequences: requested.names("stop", "stop_sequences"),
        reasoningEffort: requested.name("reasoning_effort"),
      }),
      systemInstructions,
      inputMessages,
      outputMessages: readFlatMessages(from, "output", scope),
      toolDefinitions: readFlatTools(from, scope),
      finishReason: readFinishReason(from.value("llm.finish_reason")),
      cost: from.number("llm.cost.total"),
    }),
    ...readUsage(from),
  };
}

function readUsage(from: AttributeReader): SpanFields {
  const usage = presentOrNothing({
    inputTokens: from.count("llm.token_count.prompt"),
    outputTokens: from.count("llm.token_count.completion"),
    cacheReadTokens: from.count("llm.token_count.prompt_details.cache_read"),
    cacheWriteTokens: from.count("llm.token_count.prompt_details.cache_write"),
    reasoningTokens: from.count("llm.token_count.completion_details.reasoning"),
  });
  from.below("llm.token_count.");
  from.below("llm.cost.");
  return usage ? { usage } : {};
}

/** Anthropic's system prompt is only in the request as sent. */
function systemOfRequest(from: AttributeReader): string | undefined {
  const text = from.text("input.value");
  if (text === undefined || !/"(system|instructions)"/.test(text)) return undefined;
  const request = parseJson(text);
  if (!isObject(request)) return undefined;
  const system = unpackResult(request.system ?? request.instructions ?? null);
  return typeof system === "string" ? system : undefined;
}

function readTool(from: AttributeReader, span: Span, scope: ReadingScope): SpanFields {
  const input = from.value("input.value");
  const output = from.value("output.value");
  const message = output === undefined ? undefined : langchainResult(unpackJson(output));
  const name = from.name("tool.name") ?? span.name;
  return {
    ...present({ toolDefinitions: readDefinition(from, name, scope) }),
    tool: {
      name,
      ...present({
        callId: from.name("tool.id") ?? (message ? textAt(message, "tool_call_id") : undefined),
        arguments: input === undefined ? undefined : unpackJson(input),
        result: message
          ? unpackResult(message.content ?? null)
          : output === undefined
            ? undefined
            : unpackResult(output),
      }),
    },
  };
}

/** What the span of a call says of the tool itself. */
function readDefinition(from: AttributeReader, name: string, scope: ReadingScope) {
  const description = from.name("tool.description");
  const parameters = from.text("tool.json_schema", "tool.parameters");
  if (description === undefined && parameters === undefined) return undefined;
  const schema = parameters === undefined ? undefined : (scope.json(parameters) ?? undefined);
  return scope.toolDefinitions([
    // A whole definition has a name of its own; any other object is the schema of the arguments.
    isObject(schema) && (textAt(schema, "name") !== undefined || isObject(schema.function))
      ? schema
      : present({ name, description, parameters: schema }),
  ]);
}

/** The fields of a LangChain ToolMessage, bare or as `{output: …}`. */
function langchainResult(value: unknown): JsonObject | undefined {
  if (!isObject(value)) return undefined;
  const inner = isObject(value.output) && Object.keys(value).length === 1 ? value.output : value;
  const dump = roleOfDump(inner) === "tool" ? fieldsOfDump(inner) : {};
  return constructorArguments(inner) ?? ("tool_call_id" in dump ? dump : undefined);
}

function readRetrieval(from: AttributeReader): SpanFields {
  return present({
    retrieval: presentOrNothing({
      query: from.text("reranker.query", "input.value"),
      documents:
        readFlatDocuments(from, "reranker.output_documents.") ??
        readFlatDocuments(from, "retrieval.documents."),
    }),
  });
}
