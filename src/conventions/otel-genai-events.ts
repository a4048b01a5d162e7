import type { JsonValue } from "../core/json.ts";
import type { Message } from "../core/message.ts";
import type { Attributes, Span, SpanEvent } from "../core/span.ts";
import type { Annotation } from "../core/trace.ts";
import { AttributeReader } from "./attribute-reader.ts";
import { present } from "./present.ts";
import type { ReadingScope } from "./reading-scope.ts";

/** The content of a span's `gen_ai.*` events. Details may be split over several events: they are merged. */
export interface GenaiEvents {
  /** Attributes of all `gen_ai.client.inference.operation.details` events. */
  readonly details: Attributes;
  readonly input?: readonly Message[];
  readonly output?: readonly Message[];
  /** On tool spans: the content of `gen_ai.tool.message`, and of `gen_ai.choice`. */
  readonly toolInput?: JsonValue;
  readonly toolResult?: JsonValue;
  readonly annotations?: readonly Omit<Annotation, "spanId">[];
}

/** Reads the span events of the GenAI conventions: current, per-message (1.28 to 1.36), and older. */
export function readGenaiEvents(span: Span, scope: ReadingScope): GenaiEvents {
  const details: { [key: string]: JsonValue } = {};
  const input: JsonValue[] = [];
  const output: JsonValue[] = [];
  const annotations: Omit<Annotation, "spanId">[] = [];
  let toolInput: JsonValue | undefined;
  let toolResult: JsonValue | undefined;
  for (const event of span.events) {
    if (!event.name.startsWith("gen_ai.")) continue;
    if (event.name === "gen_ai.client.inference.operation.details") Object.assign(details, event.attributes);
    else if (event.name === "gen_ai.evaluation.result") annotations.push(readEvaluation(event));
    else if (event.name === "gen_ai.choice") {
      const body = bodyOf(event, scope);
      toolResult = body.message ?? toolResult;
      output.push(choiceOf(body));
    } else if (event.name === "gen_ai.content.prompt") push(input, event.attributes["gen_ai.prompt"], scope);
    else if (event.name === "gen_ai.content.completion")
      push(output, event.attributes["gen_ai.completion"], scope);
    else {
      const role = /^gen_ai\.(system|user|assistant|tool)\.message$/.exec(event.name)?.[1];
      if (role === undefined) continue;
      const body = bodyOf(event, scope);
      if (role === "tool") toolInput = body.content ?? toolInput;
      input.push(messageOf(body, role));
    }
  }
  return {
    details,
    ...present({
      input: scope.messages(details["gen_ai.input.messages"], "user") ?? listOf(input, scope, "user"),
      output:
        scope.messages(details["gen_ai.output.messages"], "assistant") ?? listOf(output, scope, "assistant"),
      toolInput,
      toolResult,
      annotations: annotations.length > 0 ? annotations : undefined,
    }),
  };
}

function listOf(
  list: JsonValue[],
  scope: ReadingScope,
  role: "user" | "assistant",
): readonly Message[] | undefined {
  return list.length > 0 ? scope.messages(list, role) : undefined;
}

/** Appends the messages in a JSON text, or the text itself. */
function push(list: JsonValue[], value: JsonValue | undefined, scope: ReadingScope): void {
  const parsed = typeof value === "string" ? (scope.json(value) ?? value) : value;
  if (Array.isArray(parsed)) list.push(...parsed);
  else if (parsed !== undefined) list.push(parsed);
}

/** The event's fields: its attributes, or the JSON that some senders put into one attribute. */
function bodyOf(event: SpanEvent, scope: ReadingScope): Attributes {
  const packed = event.attributes["gen_ai.event.content"];
  const body = typeof packed === "string" ? scope.json(packed) : undefined;
  return typeof body === "object" && body !== null && !Array.isArray(body) ? body : event.attributes;
}

function messageOf(body: Attributes, role: string): JsonValue {
  const { content, tool_calls, id } = body;
  return {
    role: typeof body.role === "string" && body.role !== "" ? body.role : role,
    content: content ?? null,
    ...(tool_calls === undefined ? {} : { tool_calls: parsedList(tool_calls) }),
    ...(role === "tool" && typeof id === "string" ? { tool_call_id: id } : {}),
  };
}

/** A choice's message is an object, the JSON of one, or the content itself. */
function choiceOf(body: Attributes): JsonValue {
  const { finish_reason } = body;
  const message = parsedList(body.message ?? body.content ?? null);
  const whole =
    typeof message === "object" && message !== null && !Array.isArray(message) && !("text" in message)
      ? messageOf(message, "assistant")
      : messageOf({ ...body, content: message }, "assistant");
  return { message: whole, ...(finish_reason === undefined ? {} : { finish_reason }) };
}

function parsedList(value: JsonValue): JsonValue {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function readEvaluation(event: SpanEvent): Omit<Annotation, "spanId"> {
  const from = new AttributeReader(event.attributes);
  return {
    name: from.name("gen_ai.evaluation.name") ?? "",
    ...present({
      value: from.number("gen_ai.evaluation.score.value"),
      label: from.name("gen_ai.evaluation.score.label"),
      explanation: from.name("gen_ai.evaluation.explanation"),
      annotatorKind: from.name("gen_ai.evaluation.evaluator.type", "gen_ai.evaluation.evaluator"),
    }),
  };
}
