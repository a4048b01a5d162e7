import type { JsonValue } from "../core/json.ts";
import type { Span } from "../core/span.ts";
import { readAnswerBody, reasonWithCalls } from "./answer-body.ts";
import { AttributeReader, isEmpty } from "./attribute-reader.ts";
import type { Dialect } from "./dialect.ts";
import { unpackJson } from "./messages/shape.ts";
import { objectOf } from "./object-of.ts";
import { present } from "./present.ts";
import type { ReadingScope } from "./reading-scope.ts";
import { readRequestBody } from "./request-body.ts";
import type { SpanFields } from "./span-fields.ts";

/** ADK's word for what it does not know. */
const UNKNOWN = "<not specified>";

/**
 * Google's Agent Development Kit. `call_llm` spans have no operation name, but the Gemini request and answer
 * as JSON (snake_case in Python, camelCase in TypeScript); tool spans carry empty ones beside their arguments,
 * so an empty request makes no model call.
 *
 * Sources: src/google/adk/telemetry/tracing.py of google/adk-python 1.20 (2025-11), recordings of
 * `@google/adk` 2.0.
 */
export const googleAdk: Dialect = {
  name: "google-adk",
  prefixes: ["gcp.vertex.agent."],
  owns: (span) => span.scope.name === "gcp.vertex.agent",
  read(span, scope) {
    if (!carriesAdk(span)) return undefined;
    const from = new AttributeReader(span.attributes);
    const sessionId = from.name("gcp.vertex.agent.session_id");
    from.value("gcp.vertex.agent.invocation_id", "gcp.vertex.agent.event_id");
    return {
      ...readKind(from, span, scope),
      ...present({ sessionId }),
      ...readLogged(span, scope),
      used: from.used,
    };
  },
};

/**
 * Since 2.13 texts and user come as log records, which are events of the span here, and the parameters of the
 * tools, which the span's own attribute gives as null.
 */
function readLogged({ events }: Span, scope: ReadingScope): SpanFields {
  const logged = (key: string) => events.map(({ attributes }) => attributes[key]).find((value) => value);
  const userId = logged("user.id");
  return present({
    userId: typeof userId === "string" ? userId : undefined,
    toolDefinitions: scope.toolDefinitions(logged("gen_ai.tool.definitions")),
  });
}

function carriesAdk({ attributes, scope }: Span): boolean {
  if (scope.name === "gcp.vertex.agent") return true;
  for (const key in attributes) if (key.startsWith("gcp.vertex.agent.")) return true;
  return false;
}

function readKind(from: AttributeReader, span: Span, scope: ReadingScope): SpanFields {
  const request = from.value("gcp.vertex.agent.llm_request");
  const response = from.value("gcp.vertex.agent.llm_response");
  const input = from.value("gcp.vertex.agent.tool_call_args");
  const output = from.value("gcp.vertex.agent.tool_response");
  // The sum of parallel tool calls, each of which has a span of its own.
  if (span.attributes["gen_ai.tool.name"] === "(merged tools)") return { type: "step", tool: {} };
  if (input !== undefined || span.attributes["gen_ai.operation.name"] === "execute_tool") {
    return { type: "tool", tool: present({ arguments: argumentsIn(input), result: resultIn(output) }) };
  }
  if (!isEmpty(request) || span.name === "call_llm") {
    return { type: "llm", ...readRequestBody(filled(request), scope), ...readAnswer(response, scope) };
  }
  // Before 1.16 agents had no operation name either.
  const agent = /^agent_run \[(.+)\]$/.exec(span.name)?.[1];
  return agent === undefined ? {} : { type: "agent", agent: { name: agent } };
}

function readAnswer(response: JsonValue | undefined, scope: ReadingScope): SpanFields {
  const value = filled(response);
  const code = objectOf(value);
  const type = code.error_code ?? code.errorCode;
  const message = code.error_message ?? code.errorMessage;
  // `error_code` also holds finish reasons such as MAX_TOKENS, which are no faults of the call.
  const failed = typeof type === "string" && typeof message === "string" && code.content === undefined;
  const answer = readAnswerBody(value, scope);
  return {
    ...answer,
    ...present({ finishReason: reasonWithCalls(answer.finishReason, answer.outputMessages) }),
    ...(failed ? { error: { type, message } } : {}),
  };
}

/** Without content capture ADK writes an empty object. */
function filled(value: JsonValue | undefined): JsonValue | undefined {
  return isEmpty(value) ? undefined : value;
}

function argumentsIn(value: JsonValue | undefined): JsonValue | undefined {
  return value === undefined || value === "N/A" ? undefined : unpackJson(value);
}

function resultIn(value: JsonValue | undefined): JsonValue | undefined {
  if (value === undefined) return undefined;
  const result = unpackJson(value);
  return objectOf(result).result === UNKNOWN ? undefined : result;
}
