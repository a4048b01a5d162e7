import { isObject, type JsonObject, type JsonValue } from "../core/json.ts";
import type { Span } from "../core/span.ts";
import type { SpanType } from "../core/trace.ts";
import { AttributeReader } from "./attribute-reader.ts";
import type { Dialect } from "./dialect.ts";
import { personOf } from "./identity-names.ts";
import { keyPrefixes } from "./key-prefixes.ts";
import { readLangfuseUsage } from "./langfuse-usage.ts";
import { unpackJson, unpackResult } from "./messages/shape.ts";
import { present, presentOrNothing } from "./present.ts";
import { readProvider } from "./provider.ts";
import { calledWith } from "./python-call.ts";
import type { ReadingScope } from "./reading-scope.ts";
import { readRequestParameters } from "./request-parameters.ts";
import { readDocuments } from "./retrieved-documents.ts";
import type { SpanFields } from "./span-fields.ts";
import { valueText } from "./value-text.ts";

const TYPES: { readonly [type: string]: SpanType } = {
  generation: "llm",
  embedding: "embedding",
  agent: "agent",
  tool: "tool",
  chain: "step",
  retriever: "retrieval",
  guardrail: "guardrail",
  evaluator: "evaluator",
  event: "other",
};

/**
 * Langfuse SDKs (JavaScript 4 and later, Python 3 and later): `langfuse.observation.*` and `langfuse.trace.*`.
 *
 * Source: attribute constants of langfuse-js and the OTel mapping of the Langfuse server.
 */
export const langfuse: Dialect = {
  name: "langfuse",
  prefixes: ["langfuse."],
  saysTypes: true,
  owns: (span) => span.scope.name.startsWith("langfuse"),
  read(span, scope) {
    if (!keyPrefixes(span.attributes).has("langfuse")) return undefined;
    const from = new AttributeReader(span.attributes);
    const said = from.name("langfuse.observation.type") ?? "";
    // `span` is what everything is unless somebody says more.
    const type = TYPES[said.toLowerCase()] ?? (said === "span" && isOwn(span) ? "step" : undefined);
    const isRoot = from.boolean("langfuse.internal.is_app_root") === true;
    return {
      ...present({ type }),
      ...(isRoot ? { isRoot } : {}),
      ...readIdentity(from, type, span),
      ...readContent(from, type, span, scope),
      ...(type === "llm" || type === "embedding" ? readModelCall(from, span) : {}),
      ...present({ error: readError(from) }),
      used: from.used,
    };
  },
};

function isOwn(span: Span): boolean {
  const prefixes = keyPrefixes(span.attributes);
  return !prefixes.has("gen_ai") && !prefixes.has("openinference");
}

function readIdentity(from: AttributeReader, type: SpanType | undefined, span: Span): SpanFields {
  const person = personOf({
    ...metadataAt(from, "langfuse.observation.metadata"),
    ...metadataAt(from, "langfuse.metadata"),
    ...metadataAt(from, "langfuse.trace.metadata"),
  });
  const name = from.name("langfuse.trace.name");
  from.value("langfuse.internal.as_root", "langfuse.trace.public");
  return {
    ...person,
    ...present({
      sessionId: from.name("session.id", "langfuse.session.id") ?? person.sessionId,
      userId: from.name("user.id", "langfuse.user.id") ?? person.userId,
      feature: person.feature ?? name,
      tags: from.names("langfuse.trace.tags"),
      environment: from.name("langfuse.environment"),
      agent: presentOrNothing({
        version: from.name("langfuse.version", "langfuse.release"),
        fallbackName: type === "agent" ? span.name : undefined,
      }),
      prompt: presentOrNothing({
        name: from.name("langfuse.observation.prompt.name", "langfuse.prompt.name"),
        version: from.name("langfuse.observation.prompt.version", "langfuse.prompt.version"),
      }),
    }),
  };
}

/** Metadata is one JSON object, or one attribute per member. */
function metadataAt(from: AttributeReader, key: string): JsonObject {
  const whole = from.value(key);
  const parsed = whole === undefined ? null : unpackJson(whole);
  return { ...(isObject(parsed) ? parsed : {}), ...Object.fromEntries(from.below(`${key}.`)) };
}

function readContent(
  from: AttributeReader,
  type: SpanType | undefined,
  span: Span,
  scope: ReadingScope,
): SpanFields {
  const input = observedInput(from.value("langfuse.observation.input"));
  const output = from.value("langfuse.observation.output");
  if (type === "llm") return readMessages(input, output, scope);
  if (type === "tool") {
    return {
      tool: present({
        name: span.name,
        arguments: input === undefined ? undefined : unpackJson(input),
        result: output === undefined ? undefined : unpackResult(output),
      }),
    };
  }
  if (type === "retrieval") {
    return {
      retrieval: present({ query: valueText(input, "user", scope), documents: readDocuments(output) }),
    };
  }
  return present({
    input: valueText(observedInput(from.value("langfuse.trace.input")) ?? input, "user", scope),
    output: valueText(from.value("langfuse.trace.output") ?? output, "assistant", scope),
  });
}

/** The input of a Python function under `@observe` holds its arguments by kind, both kinds always. */
function observedInput(value: JsonValue | undefined): JsonValue | undefined {
  if (typeof value !== "string" || !/"args".*"kwargs"/s.test(value)) return value;
  const call = unpackJson(value);
  return isObject(call) && "args" in call && "kwargs" in call ? calledWith(call) : value;
}

/** A generation's input is a list of messages, or `{messages, tools}` as sent. */
function readMessages(
  input: JsonValue | undefined,
  output: JsonValue | undefined,
  scope: ReadingScope,
): SpanFields {
  const request = typeof input === "string" ? scope.json(input) : input;
  const body = isObject(request) ? request : {};
  return present({
    inputMessages: scope.messages(body.messages ?? body.input ?? input, "user"),
    outputMessages: scope.messages(output, "assistant"),
    toolDefinitions: scope.toolDefinitions(body.tools),
    systemInstructions: typeof body.system === "string" ? body.system : undefined,
  });
}

function readModelCall(from: AttributeReader, span: Span): SpanFields {
  const model = from.name("langfuse.observation.model.name");
  const parameters = from.value("langfuse.observation.model.parameters");
  const given = parameters === undefined ? null : unpackJson(parameters);
  // There is one name for the model: the requested one, and that of the answer once it is known.
  const answered =
    span.attributes["langfuse.observation.output"] !== undefined ||
    span.attributes["langfuse.observation.usage_details"] !== undefined;
  const cost = from.value("langfuse.observation.cost_details");
  const costs = cost === undefined ? null : unpackJson(cost);
  return present({
    provider: model === undefined ? undefined : readProvider(undefined, model),
    requestModel: model,
    responseModel: answered ? model : undefined,
    parameters: readRequestParameters(isObject(given) ? given : {}),
    cost: isObject(costs) ? new AttributeReader(costs).number("total") : undefined,
    timeToFirstTokenMs: sinceStart(from.value("langfuse.observation.completion_start_time"), span),
    ...readLangfuseUsage(from.value("langfuse.observation.usage_details")),
  });
}

/** The first token's time is an ISO date, sometimes quoted twice. */
function sinceStart(value: JsonValue | undefined, span: Span): number | undefined {
  const text = value === undefined ? undefined : unpackJson(value);
  const time = typeof text === "string" ? Date.parse(text) : Number.NaN;
  // The date has whole milliseconds, the span has not.
  return Number.isFinite(time) && time >= Math.floor(span.startTime)
    ? Math.max(0, time - span.startTime)
    : undefined;
}

function readError(from: AttributeReader): SpanFields["error"] {
  const level = from.name("langfuse.observation.level");
  const message = from.name("langfuse.observation.status_message");
  if (level?.toUpperCase() !== "ERROR") return undefined;
  return { type: "_OTHER", ...(message ? { message } : {}) };
}
