import { isObject, type JsonValue } from "../core/json.ts";
import type { Span } from "../core/span.ts";
import type { SpanType } from "../core/trace.ts";
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
import { readDocuments } from "./retrieved-documents.ts";
import type { SpanFields } from "./span-fields.ts";
import { valueText } from "./value-text.ts";

/** Scope of spans that MLflow exports by the GenAI conventions. */
const GENAI_SCOPE = "mlflow.tracing.provider";

/** `SpanType` of mlflow/entities/span.py. */
const TYPES: { readonly [type: string]: SpanType } = {
  LLM: "llm",
  CHAT_MODEL: "llm",
  CHAIN: "step",
  TASK: "step",
  PARSER: "step",
  AGENT: "agent",
  TOOL: "tool",
  RETRIEVER: "retrieval",
  RERANKER: "retrieval",
  EMBEDDING: "embedding",
  MEMORY: "memory",
  WORKFLOW: "workflow",
  GUARDRAIL: "guardrail",
  EVALUATOR: "evaluator",
};

/**
 * MLflow Tracing. Every attribute it sets is JSON, names included (`"gpt-4o"` with its quotes); inputs and
 * outputs are what the traced function took and gave, for model calls the provider's request and answer.
 *
 * Sources: mlflow/tracing/constant.py of MLflow 3.16, recordings of 3.17 in both of its forms.
 */
export const mlflow: Dialect = {
  name: "mlflow",
  prefixes: ["mlflow."],
  saysTypes: true,
  owns: (span) => "mlflow.spanType" in span.attributes || span.scope.name === GENAI_SCOPE,
  read(span, scope) {
    if (!keyPrefixes(span.attributes).has("mlflow")) return readGenaiExport(span);
    const from = new AttributeReader(span.attributes);
    const type = TYPES[nameIn(from.value("mlflow.spanType")) ?? ""];
    const input = from.value("mlflow.spanInputs");
    const output = from.value("mlflow.spanOutputs");
    const name = nameIn(from.value("mlflow.spanFunctionName"));
    const tags = Object.fromEntries(from.below("mlflow.traceTag."));
    const sessionId = nameIn(from.value("session.id"));
    const userId = nameIn(from.value("user.id"));
    return {
      ...present({ type }),
      ...(type === "llm" ? readModelCall(from, input, output, scope) : {}),
      ...(type === "tool" ? readTool(name ?? span.name, input, output) : {}),
      ...(type === "retrieval" ? readRetrieval(input, output) : {}),
      ...(type === "llm" || type === "tool"
        ? {}
        : present({
            input: valueText(input, "user", scope),
            output: valueText(output, "assistant", scope),
          })),
      ...(type === "agent" ? { agent: { fallbackName: name ?? span.name } } : {}),
      ...personOf(tags),
      ...present({ sessionId, userId, prompt: readPrompt(from.value("mlflow.linkedPrompts")) }),
      used: withBookkeeping(from),
    };
  },
};

/**
 * With the GenAI names MLflow exports no names of its own, but for what the traced function was called with.
 * There `gen_ai.request.model` is the model that answered.
 */
function readGenaiExport(span: Span): SpanFields | undefined {
  if (span.scope.name !== GENAI_SCOPE) return undefined;
  const from = new AttributeReader(span.attributes);
  const requestModel = nameIn(from.value("model"));
  if (requestModel === undefined) return undefined;
  from.value("temperature", "tools");
  return { requestModel, used: from.used };
}

function withBookkeeping(from: AttributeReader): ReadonlySet<string> {
  from.value("mlflow.traceRequestId", "mlflow.experimentId", "mlflow.message.format");
  from.value("mlflow.chat.messages", "mlflow.spanLogLevel", "mlflow.spanStartTimeNs");
  return from.used;
}

/** A name written as JSON text. */
function nameIn(value: JsonValue | undefined): string | undefined {
  const name = value === undefined ? undefined : unpackJson(value);
  return typeof name === "string" && name !== "" ? name : undefined;
}

function readModelCall(
  from: AttributeReader,
  input: JsonValue | undefined,
  output: JsonValue | undefined,
  scope: ReadingScope,
): SpanFields {
  const request = readRequestBody(input, scope);
  const response = readAnswerBody(output, scope);
  const model = nameIn(from.value("mlflow.llm.model"));
  const counted = new AttributeReader(objectOf(from.value("mlflow.chat.tokenUsage")));
  const usage = presentOrNothing({
    inputTokens: counted.count("input_tokens"),
    outputTokens: counted.count("output_tokens"),
    cacheReadTokens: counted.count("cache_read_input_tokens"),
    cacheWriteTokens: counted.count("cache_creation_input_tokens"),
  });
  const cost = objectOf(from.value("mlflow.llm.cost")).total_cost;
  const responseModel = response.responseModel ?? model;
  return {
    ...request,
    ...response,
    // The provider's own answer says more than MLflow's extract of it, and means what it says.
    ...present({
      usage: response.usage ? { ...usage, ...response.usage } : usage,
      requestModel: request.requestModel ?? model,
      responseModel,
      provider: readProvider(nameIn(from.value("mlflow.llm.provider")), responseModel),
      toolDefinitions: scope.toolDefinitions(from.value("mlflow.chat.tools")) ?? request.toolDefinitions,
      cost: typeof cost === "number" ? cost : undefined,
    }),
  };
}

function readTool(
  name: string,
  input: JsonValue | undefined,
  output: JsonValue | undefined,
): Pick<SpanFields, "tool"> {
  return {
    tool: {
      name,
      ...present({
        arguments: input === undefined ? undefined : unpackJson(input),
        result: output === undefined ? undefined : resultIn(unpackJson(output)),
      }),
    },
  };
}

/** LangChain tools give a dumped ToolMessage. */
function resultIn(output: JsonValue): JsonValue {
  return isObject(output) && output.type === "tool" && "tool_call_id" in output
    ? unpackResult(output.content ?? null)
    : unpackResult(output);
}

function readRetrieval(
  input: JsonValue | undefined,
  output: JsonValue | undefined,
): Pick<SpanFields, "retrieval"> {
  const request = input === undefined ? undefined : unpackJson(input);
  const query = isObject(request) ? textAt(request, "query", "question", "input") : request;
  return {
    retrieval: present({
      query: typeof query === "string" ? query : undefined,
      documents: readDocuments(output),
    }),
  };
}

function readPrompt(value: JsonValue | undefined): SpanFields["prompt"] {
  const list = value === undefined ? undefined : unpackJson(value);
  const first = Array.isArray(list) ? objectOf(list[0]) : {};
  const version = first.version;
  return presentOrNothing({
    name: textAt(first, "name"),
    version: version === undefined || version === null ? undefined : String(version),
  });
}
