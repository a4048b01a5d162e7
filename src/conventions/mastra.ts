import { isObject, type JsonObject, type JsonValue } from "../core/json.ts";
import type { Span } from "../core/span.ts";
import type { SpanType } from "../core/trace.ts";
import { readAnswerBody } from "./answer-body.ts";
import { AttributeReader } from "./attribute-reader.ts";
import type { Dialect } from "./dialect.ts";
import { personOf } from "./identity-names.ts";
import { keyPrefixes } from "./key-prefixes.ts";
import { unpackJson, unpackResult } from "./messages/shape.ts";
import { present, presentOrNothing } from "./present.ts";
import type { ReadingScope } from "./reading-scope.ts";
import type { SpanFields } from "./span-fields.ts";
import { valueText } from "./value-text.ts";

const TYPES: { readonly [type: string]: SpanType } = {
  agent_run: "agent",
  model_step: "step",
  model_inference: "llm",
  tool_call: "tool",
  mcp_tool_call: "tool",
  provider_tool_call: "tool",
  client_tool_call: "tool",
  workflow_run: "workflow",
  workflow_step: "step",
  rag_embedding: "embedding",
  rag_vector_operation: "retrieval",
  processor_run: "guardrail",
  scorer_run: "evaluator",
  scorer_step: "evaluator",
};

/**
 * Mastra. Until core 1.x grew `model_inference` spans, `model_generation` was the model call; since then it is
 * the loop around the calls and its operation is no longer `chat`. Chat spans carry the answer; what was asked
 * stands on the `model_step` above them. Spans of single stream chunks are left out by
 * `resolve-placeholders.ts`.
 *
 * Sources: `@mastra/otel-exporter` 1.4.0 (gen-ai-semantics) and, for the names of 2025 (`agent.run`,
 * `gen_ai.tool.input`, `input`), its span-converter.ts at b81dece1.
 */
export const mastra: Dialect = {
  name: "mastra",
  prefixes: ["mastra."],
  saysTypes: true,
  owns: (span) => "mastra.span.type" in span.attributes,
  read(span, scope) {
    if (!keyPrefixes(span.attributes).has("mastra")) return undefined;
    const from = new AttributeReader(span.attributes);
    const kind = from.name("mastra.span.type") ?? "";
    const type = typeOf(kind, span);
    const metadata = Object.fromEntries(from.below("mastra.metadata."));
    from.value("mastra.trace_id", "mastra.span_id", "mastra.parent_span_id", "mastra.start_time");
    from.value("mastra.end_time", "mastra.duration_ms", "span.kind");
    return {
      ...present({ type }),
      ...readTexts(from, kind, type, scope),
      ...present({
        usage: presentOrNothing({
          cacheReadTokens: from.count("gen_ai.usage.cached_input_tokens"),
          cacheWriteTokens: from.count("gen_ai.usage.cache_write_tokens"),
        }),
        timeToFirstTokenMs: untilFirstToken(from.name("mastra.completion_start_time"), span),
        tags: from.names("mastra.tags"),
        error: span.attributes["gen_ai.tool.success"] === false ? { type: "tool_error" } : undefined,
      }),
      ...personOf(metadata),
      used: from.used,
    };
  },
};

function typeOf(kind: string, span: Span): SpanType | undefined {
  if (kind === "model_generation") {
    return /^(chat|tool_selection)$/.test(String(span.attributes["gen_ai.operation.name"])) ? "llm" : "step";
  }
  return TYPES[kind] ?? (kind.startsWith("workflow_") ? "step" : undefined);
}

function readTexts(
  from: AttributeReader,
  kind: string,
  type: SpanType | undefined,
  scope: ReadingScope,
): SpanFields {
  const input = from.value(`mastra.${kind}.input`, "gen_ai.tool.input", "input");
  const output = from.value(`mastra.${kind}.output`, "gen_ai.tool.output", "output");
  if (type === "tool") {
    return present({
      tool: presentOrNothing({
        arguments: input === undefined ? undefined : unpackJson(input),
        result: output === undefined ? undefined : unpackResult(output),
      }),
    });
  }
  if (type === "llm" || kind === "model_step") {
    const { responseModel, responseId } = readAnswerBody(from.value("mastra.metadata.body"), scope);
    return present({
      inputMessages: scope.messages(historyIn(input), "user"),
      outputMessages: scope.messages(answerIn(output), "assistant"),
      responseModel,
      responseId,
    });
  }
  return present({
    input: valueText(input, "user", scope),
    output: valueText(output, "assistant", scope),
  });
}

/** `{text, toolCalls, files, …}` as a chat message. */
function answerIn(output: JsonValue | undefined): JsonValue | undefined {
  const value = output === undefined ? undefined : unpackJson(output);
  if (!isObject(value) || !("text" in value)) return value;
  const calls = Array.isArray(value.toolCalls) ? value.toolCalls.filter(isObject) : [];
  return {
    role: "assistant",
    content: value.text ?? null,
    ...(calls.length === 0 ? {} : { tool_calls: calls.map(toolCallIn) }),
  };
}

function toolCallIn({ toolCallId: id, toolName: name, args, input }: JsonObject): JsonValue {
  return present({ id, name, arguments: args ?? input });
}

/** In the history of later steps Mastra writes `[tool: name]` and `[tool-result: name]` for calls and results. */
function historyIn(input: JsonValue | undefined): JsonValue | undefined {
  const value = input === undefined ? undefined : unpackJson(input);
  return Array.isArray(value) ? value.map(withoutStub) : value;
}

function withoutStub(message: JsonValue): JsonValue {
  const stub = isObject(message) ? /^\[tool(-result)?: (.+)\]$/.exec(String(message.content)) : null;
  const name = stub?.[2];
  if (!isObject(message) || name === undefined) return message;
  if (stub?.[1] === undefined) return { role: "assistant", content: null, tool_calls: [{ name }] };
  return { role: "tool", parts: [{ type: "tool_call_response", name }] };
}

function untilFirstToken(time: string | undefined, span: Span): number | undefined {
  const first = time === undefined ? Number.NaN : Date.parse(time.replaceAll('"', ""));
  return Number.isFinite(first) && first >= span.startTime ? first - span.startTime : undefined;
}
