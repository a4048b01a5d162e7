import type { Span } from "../core/span.ts";
import type { SpanType } from "../core/trace.ts";
import { AttributeReader } from "./attribute-reader.ts";
import type { Dialect } from "./dialect.ts";
import { readFinishReason } from "./finish-reason.ts";
import { personOf } from "./identity-names.ts";
import { keyPrefixes } from "./key-prefixes.ts";
import { unpackResult } from "./messages/shape.ts";
import { present, presentOrNothing } from "./present.ts";
import type { ReadingScope } from "./reading-scope.ts";
import type { SpanFields } from "./span-fields.ts";
import { argumentsOf, inputText, outputOf } from "./traceloop-entity.ts";
import { readLegacyFunctions, readLegacyMessages } from "./traceloop-legacy.ts";
import { readVectorSearch } from "./traceloop-retrieval.ts";
import { valueText } from "./value-text.ts";
import { withCache } from "./whole-usage.ts";

const KINDS: { readonly [kind: string]: SpanType } = {
  workflow: "workflow",
  session: "workflow",
  task: "step",
  agent: "agent",
  tool: "tool",
};

const REQUESTS: { readonly [type: string]: SpanType } = {
  chat: "llm",
  completion: "llm",
  embedding: "embedding",
  rerank: "retrieval",
};

const JS_ANTHROPIC = "@traceloop/instrumentation-anthropic";

/**
 * OpenLLMetry (Traceloop): workflow, task, agent and tool spans, the flat `gen_ai.prompt.N` messages of
 * versions before 0.23, and its vector store spans. Newer model calls are plain GenAI.
 *
 * Source: semconv-ai of traceloop/openllmetry, ai-semantic-conventions of openllmetry-js.
 */
export const traceloop: Dialect = {
  name: "traceloop",
  prefixes: ["traceloop.", "llm.request.type", "gen_ai.prompt.0.", "gen_ai.completion.0.", "db."],
  saysTypes: true,
  owns: (span) => /traceloop/.test(span.scope.name),
  read(span, scope) {
    if (!carriesTraceloop(span)) return undefined;
    const from = new AttributeReader(span.attributes);
    const kind = from.name("traceloop.span.kind") ?? "";
    const request = from.name("llm.request.type") ?? "";
    const retrieval = readVectorSearch(span, from, scope);
    const type = KINDS[kind] ?? REQUESTS[request] ?? (retrieval ? "retrieval" : undefined);
    return {
      ...present({ type, retrieval }),
      ...(type === "tool" ? readTool(from) : readTexts(from, type, scope)),
      ...readIdentity(from, kind),
      ...readModelCall(from, span, scope),
      used: from.used,
    };
  },
};

function carriesTraceloop({ attributes, events, scope }: Span): boolean {
  const prefixes = keyPrefixes(attributes);
  if (prefixes.has("traceloop") || "llm.request.type" in attributes) return true;
  if (scope.name === JS_ANTHROPIC) return true;
  if (prefixes.has("gen_ai") && ("gen_ai.prompt.0.role" in attributes || hasFlatCompletion(attributes)))
    return true;
  return prefixes.has("db") && (prefixes.has("gen_ai") || events.some(({ name }) => name.startsWith("db.")));
}

function hasFlatCompletion(attributes: Span["attributes"]): boolean {
  return (
    "gen_ai.completion.0.role" in attributes ||
    "gen_ai.completion.0.content" in attributes ||
    "gen_ai.completion.0.finish_reason" in attributes ||
    "gen_ai.prompt.0.content" in attributes
  );
}

function readTool(from: AttributeReader): SpanFields {
  const output = from.value("traceloop.entity.output");
  return {
    tool: present({
      name: from.name("traceloop.entity.name"),
      arguments: argumentsOf(from.value("traceloop.entity.input")),
      result: output === undefined ? undefined : unpackResult(outputOf(output) ?? null),
    }),
  };
}

function readTexts(from: AttributeReader, type: SpanType | undefined, scope: ReadingScope): SpanFields {
  if (type === "llm" || type === "embedding" || type === "retrieval") return {};
  return present({
    input: inputText(from.value("traceloop.entity.input"), scope),
    output: valueText(outputOf(from.value("traceloop.entity.output")), "assistant", scope),
  });
}

function readIdentity(from: AttributeReader, kind: string): SpanFields {
  const person = personOf(Object.fromEntries(from.below("traceloop.association.properties.")));
  const workflow = from.name("traceloop.workflow.name");
  const name = from.name("traceloop.entity.name");
  from.value("traceloop.entity.path");
  const version = from.name("traceloop.entity.version");
  const isAgent = kind === "agent";
  return {
    ...person,
    ...present({
      feature: person.feature ?? workflow,
      agent: presentOrNothing({
        name: isAgent ? name : undefined,
        // The version on a tool span is the tool's.
        version: isAgent || kind === "workflow" ? version : undefined,
      }),
      prompt: presentOrNothing({
        name: from.name("traceloop.prompt.key"),
        version: from.name("traceloop.prompt.version", "traceloop.prompt.version_name"),
      }),
    }),
  };
}

function readModelCall(from: AttributeReader, span: Span, scope: ReadingScope): SpanFields {
  const inputMessages = readLegacyMessages(from, "gen_ai.prompt.", "user", scope);
  const outputMessages = readLegacyMessages(from, "gen_ai.completion.", "assistant", scope);
  from.value("llm.usage.total_tokens", "llm.is_streaming");
  return present({
    inputMessages,
    outputMessages,
    toolDefinitions: readLegacyFunctions(from, scope),
    finishReason: readFinishReason(from.value("llm.response.finish_reason", "llm.response.stop_reason")),
    parameters: presentOrNothing({
      topK: from.number("llm.top_k"),
      frequencyPenalty: from.number("llm.frequency_penalty"),
      presencePenalty: from.number("llm.presence_penalty"),
      stopSequences: from.names("llm.chat.stop_sequences"),
    }),
    userId: from.name("llm.user"),
    ...readUsage(from, span),
  });
}

/**
 * The JavaScript instrumentation of Anthropic hands on `input_tokens` as the API gives it, which leaves the
 * cache out; the Python one adds it up itself.
 */
function readUsage(from: AttributeReader, span: Span): Pick<SpanFields, "usage" | "tokensAdjusted"> {
  const reasoningTokens = from.count("llm.usage.reasoning_tokens");
  const reasoning = presentOrNothing({ reasoningTokens });
  if (span.scope.name !== JS_ANTHROPIC) return present({ usage: reasoning });
  return withCache({
    inputTokens: from.count("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"),
    cacheReadTokens: from.count(
      "gen_ai.usage.cache_read.input_tokens",
      "gen_ai.usage.cache_read_input_tokens",
    ),
    cacheWriteTokens: from.count(
      "gen_ai.usage.cache_creation.input_tokens",
      "gen_ai.usage.cache_creation_input_tokens",
    ),
    reasoningTokens,
  });
}
