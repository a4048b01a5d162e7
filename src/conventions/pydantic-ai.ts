import { isObject, type JsonValue } from "../core/json.ts";
import type { Message } from "../core/message.ts";
import type { Span } from "../core/span.ts";
import { AttributeReader } from "./attribute-reader.ts";
import type { Dialect } from "./dialect.ts";
import { personOf } from "./identity-names.ts";
import { keyPrefixes } from "./key-prefixes.ts";
import { unpackJson, unpackResult } from "./messages/shape.ts";
import { objectOf } from "./object-of.ts";
import { present, presentOrNothing } from "./present.ts";
import type { ReadingScope } from "./reading-scope.ts";
import type { SpanFields } from "./span-fields.ts";

/**
 * pydantic-ai, all versions of its instrumentation format. 1: messages as a JSON list of GenAI events in
 * `events`, `all_messages_events` on the run. 2: `gen_ai.{input,output}.messages`, `pydantic_ai.all_messages`
 * on the run, still `tool_arguments` and `tool_response`. 3 to 6: GenAI names throughout, beside them the
 * run's `final_result`, `gen_ai.aggregated_usage.*`, `operation.cost`.
 *
 * Sources: `_instrumentation.py`, `capabilities/instrumentation.py` and `usage.py` of pydantic-ai after 2.9.1
 * (2026-08-23); `_agent_graph.py` of 0.1 for format 1.
 */
export const pydanticAi: Dialect = {
  name: "pydantic-ai",
  prefixes: ["pydantic_ai.", "all_messages_events", "events"],
  owns: (span) => span.scope.name === "pydantic-ai",
  read(span, scope) {
    if (!carriesPydanticAi(span)) return undefined;
    const from = new AttributeReader(span.attributes);
    // Repeats of other attributes, for the pages of Logfire.
    from.value("model_request_parameters", "pydantic_ai.new_message_index", "gen_ai.agent.call.id");
    const history = readHistory(from, scope);
    const isRun = history !== undefined || "final_result" in span.attributes || span.name === "agent run";
    return {
      ...(isRun ? readRun(from, history) : readCall(from, scope)),
      ...personOf(objectOf(from.value("metadata"))),
      used: from.used,
    };
  },
};

function carriesPydanticAi({ attributes, scope }: Span): boolean {
  if (scope.name === "pydantic-ai") return true;
  const prefixes = keyPrefixes(attributes);
  if (prefixes.has("pydantic_ai") || prefixes.has("all_messages_events")) return true;
  const { events } = attributes;
  return typeof events === "string" && events.startsWith("[{") && events.includes('"event.name"');
}

/** The whole conversation that the span of a run carries at its end. */
function readHistory(from: AttributeReader, scope: ReadingScope): readonly Message[] | undefined {
  const messages = from.value("pydantic_ai.all_messages");
  if (messages !== undefined) return scope.messages(messages, "user");
  const events = from.value("all_messages_events");
  return events === undefined ? undefined : scope.messages(eventsIn(events).map(eventMessage), "user");
}

function readRun(from: AttributeReader, history: readonly Message[] | undefined): SpanFields {
  const result = from.text("final_result");
  const last = history?.at(-1);
  const answer = last?.role === "assistant" ? last : undefined;
  const usage = presentOrNothing({
    inputTokens: from.count("gen_ai.aggregated_usage.input_tokens"),
    outputTokens: from.count("gen_ai.aggregated_usage.output_tokens"),
    cacheReadTokens: from.count("gen_ai.aggregated_usage.cache_read.input_tokens"),
    cacheWriteTokens: from.count("gen_ai.aggregated_usage.cache_creation.input_tokens"),
    reasoningTokens: from.count("gen_ai.aggregated_usage.details.reasoning_tokens"),
  });
  from.below("gen_ai.aggregated_usage.");
  from.value("model_name");
  return {
    type: "agent",
    ...present({
      inputMessages: answer ? history?.slice(0, -1) : history,
      // The result may be an object that a last tool call gave; then no message holds it.
      outputMessages: result === undefined && answer ? [answer] : undefined,
      output: result,
      agent: presentOrNothing({ name: from.name("gen_ai.agent.name", "agent_name") }),
      usage,
    }),
  };
}

function readCall(from: AttributeReader, scope: ReadingScope): SpanFields {
  const events = from.value("events");
  const [input, output] = events === undefined ? [] : splitEvents(eventsIn(events));
  const toolInput = from.value("tool_arguments");
  const toolResult = from.value("tool_response");
  const usage = presentOrNothing({
    cacheReadTokens: from.count("gen_ai.usage.details.cache_read_tokens"),
    cacheWriteTokens: from.count("gen_ai.usage.details.cache_write_tokens"),
    reasoningTokens: from.count("gen_ai.usage.details.reasoning_tokens"),
  });
  from.below("gen_ai.usage.details.");
  return present({
    inputMessages: input === undefined ? undefined : scope.messages(input, "user"),
    outputMessages: output === undefined ? undefined : scope.messages(output, "assistant"),
    tool: presentOrNothing({
      arguments: toolInput === undefined ? undefined : unpackJson(toolInput),
      result: toolResult === undefined ? undefined : unpackResult(toolResult),
    }),
    usage,
    cost: from.number("operation.cost"),
  });
}

function eventsIn(value: JsonValue): readonly JsonValue[] {
  const list = unpackJson(value);
  return Array.isArray(list) ? list : [];
}

/** The messages that went in and the choices that came out. */
function splitEvents(events: readonly JsonValue[]): [JsonValue[], JsonValue[]] {
  const isChoice = (event: JsonValue) => isObject(event) && event["event.name"] === "gen_ai.choice";
  return [
    events.filter((event) => !isChoice(event)).map(eventMessage),
    events.filter(isChoice).map(eventMessage),
  ];
}

/** A GenAI event as the chat message it was made from. */
function eventMessage(event: JsonValue): JsonValue {
  if (!isObject(event)) return event;
  const { message, content = null, tool_calls, id, name } = event;
  if (isObject(message)) return { role: "assistant", content: null, ...message };
  const named = /^gen_ai\.(\w+)\.message$/.exec(String(event["event.name"]))?.[1];
  const role = typeof event.role === "string" ? event.role : (named ?? "user");
  return {
    role,
    content,
    ...(tool_calls === undefined ? {} : { tool_calls }),
    ...(role === "tool" ? present({ tool_call_id: id, name }) : {}),
  };
}
