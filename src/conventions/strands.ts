import type { JsonValue } from "../core/json.ts";
import type { Span } from "../core/span.ts";
import { AttributeReader } from "./attribute-reader.ts";
import type { Dialect } from "./dialect.ts";
import { textAt, unpackJson } from "./messages/shape.ts";
import { objectOf } from "./object-of.ts";
import { readGenaiEvents } from "./otel-genai-events.ts";
import { present, presentOrNothing } from "./present.ts";
import { readProvider } from "./provider.ts";
import type { ReadingScope } from "./reading-scope.ts";
import type { SpanFields } from "./span-fields.ts";

/** Scope of the Python SDK; the TypeScript SDK takes the service's name where there is one. */
const SCOPE = /^strands(-agents|\.)/;

/**
 * What AWS Strands adds to the GenAI conventions: loop cycles, the tools' names and the system prompt on the
 * agent, times to the first byte, its memory spans, and groups of agents. Its message events, in the stable and
 * in the experimental form, are plain GenAI events.
 *
 * Sources: strands/telemetry/tracer.py of strands-agents 1.62 (Python), recordings of `@strands-agents/sdk` 1.19.
 */
export const strands: Dialect = {
  name: "strands",
  owns: isStrands,
  read(span, scope) {
    if (!isStrands(span)) return undefined;
    const from = new AttributeReader(span.attributes);
    from.value("gen_ai.event.start_time", "gen_ai.event.end_time", "name");
    from.value("agent_loop.cycle_id", "event_loop.cycle_id", "event_loop.parent_cycle_id");
    const prompt = from.value("system_prompt");
    const text = prompt === undefined ? undefined : unpackJson(prompt);
    const model = from.name("gen_ai.response.model", "gen_ai.request.model");
    return {
      ...readKind(from, span),
      ...present({
        systemInstructions: typeof text === "string" ? text : undefined,
        toolDefinitions: scope.toolDefinitions(from.value("gen_ai.agent.tools")) ?? calledTool(from),
        // What Strands gives as the provider is its own name, or the service's.
        provider: readProvider(undefined, model),
        timeToFirstTokenMs: from.number("gen_ai.server.time_to_first_token"),
      }),
      ...readMemory(from, span, scope),
      ...readAgentAnswer(span, scope),
      used: from.used,
    };
  },
};

function isStrands({ attributes, scope }: Span): boolean {
  return (
    SCOPE.test(scope.name) ||
    "gen_ai.event.start_time" in attributes ||
    attributes["gen_ai.system"] === "strands-agents" ||
    attributes["gen_ai.provider.name"] === "strands-agents"
  );
}

function readKind(from: AttributeReader, span: Span): SpanFields {
  if (/^execute_(agent|event)_loop_cycle/.test(span.name)) return { type: "step" };
  // `invoke_swarm`, `invoke_graph`: several agents; `invoke_agent` is GenAI's own.
  const operation = from.name("gen_ai.operation.name");
  return operation !== undefined && /^invoke_(swarm|graph)$/.test(operation) ? { type: "workflow" } : {};
}

/** Tool spans say how their tool was described to the model. */
function calledTool(from: AttributeReader): SpanFields["toolDefinitions"] {
  const schema = from.value("gen_ai.tool.json_schema");
  const name = from.name("gen_ai.tool.name");
  if (schema === undefined || name === undefined) return undefined;
  const description = from.name("gen_ai.tool.description");
  return [{ name, ...present({ description }), parameters: unpackJson(schema) }];
}

/** Python gives `str(AgentResult)`, which ends every text with a line break that the model did not send. */
function readAgentAnswer(span: Span, scope: ReadingScope): SpanFields {
  if (span.attributes["gen_ai.operation.name"] !== "invoke_agent") return {};
  const output = readGenaiEvents(span, scope).output?.map((message) => ({
    ...message,
    parts: message.parts.map((part) =>
      part.type === "text" ? { ...part, content: part.content.replace(/\n$/, "") } : part,
    ),
  }));
  return present({ outputMessages: output });
}

/** `memory.search` and `memory.add`, whose texts are events of one attribute `content`. */
function readMemory(from: AttributeReader, span: Span, scope: ReadingScope): SpanFields {
  const operation = from.name("gen_ai.operation.name") ?? span.name;
  if (!/^memory\.(search|add)$/.test(operation)) return {};
  const stores = from.value("memory.store.names");
  const names = stores === undefined ? undefined : unpackJson(stores);
  const contents = new Map(span.events.map((event) => [event.name, event.attributes.content]));
  return {
    type: "memory",
    operation: operation === "memory.search" ? "search_memory" : "create_memory",
    ...present({
      memory: presentOrNothing({
        storeId: Array.isArray(names) && names.length === 1 ? nameOf(names[0]) : undefined,
        query: textOf(contents.get("memory.query")),
        records: recordsIn(contents.get("memory.results") ?? contents.get("memory.content"), scope),
      }),
    }),
  };
}

function nameOf(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" ? value : textAt(objectOf(value), "name");
}

function textOf(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function recordsIn(value: JsonValue | undefined, scope: ReadingScope): JsonValue | undefined {
  return typeof value === "string" ? (scope.json(value) ?? value) : value;
}
