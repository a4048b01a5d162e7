import { isObject, type JsonObject, type JsonValue } from "../core/json.ts";
import type { Span } from "../core/span.ts";
import { AttributeReader } from "./attribute-reader.ts";
import type { Dialect } from "./dialect.ts";
import { keyPrefixes } from "./key-prefixes.ts";
import { isMcpResult } from "./messages/mcp-result.ts";
import { textAt, unpackJson, unpackResult } from "./messages/shape.ts";
import { objectOf } from "./object-of.ts";
import { present } from "./present.ts";
import type { SpanFields } from "./span-fields.ts";

/**
 * Client and server spans of the Model Context Protocol. Everything but tool calls stays `other`; the MCP
 * session is a connection, not a conversation.
 *
 * Sources: MCP conventions of OpenTelemetry 1.39 (`mcp.method.name`, `jsonrpc.request.id`, `gen_ai.tool.*`);
 * opentelemetry-instrumentation-mcp 0.62.4 (`mcp.request.argument`, `mcp.response.value`);
 * logfire.instrument_mcp as of logfire 4 (scope `logfire.mcp`, `request`, `response`).
 */
export const mcp: Dialect = {
  name: "mcp",
  prefixes: ["mcp."],
  owns: (span) => "mcp.method.name" in span.attributes || isLogfire(span),
  read(span) {
    if (!keyPrefixes(span.attributes).has("mcp") && !isLogfire(span)) return undefined;
    const from = new AttributeReader(span.attributes);
    from.below("mcp.");
    from.value("jsonrpc.request.id", "rpc.jsonrpc.request_id", "jsonrpc.protocol.version");
    const request = isLogfire(span) ? objectOf(from.value("request")) : {};
    const method = from.name("mcp.method.name", "mcp.method") ?? textAt(request, "method");
    if (method !== "tools/call" && !("gen_ai.tool.name" in span.attributes)) return { used: from.used };
    return { type: "tool", ...readCall(from, objectOf(request.params), span), used: from.used };
  },
};

function isLogfire(span: Span): boolean {
  return span.scope.name === "logfire.mcp" && "request" in span.attributes;
}

function readCall(from: AttributeReader, params: JsonObject, span: Span): SpanFields {
  const input = from.value("gen_ai.tool.call.arguments", "mcp.request.argument") ?? params.arguments;
  const output =
    from.value("gen_ai.tool.call.result", "mcp.response.value") ??
    (isLogfire(span) ? from.value("response") : undefined);
  const result = output === undefined ? undefined : unpackJson(output);
  const name = from.name("gen_ai.tool.name", "mcp.tool.name") ?? textAt(params, "name");
  return {
    tool: present({
      name,
      callId: from.name("gen_ai.tool.call.id"),
      arguments: input === undefined ? undefined : argumentsIn(unpackJson(input)),
      result: result === undefined ? undefined : unpackResult(result),
    }),
    ...(isMcpResult(result) && result.isError === true ? { error: { type: "tool_error" } } : {}),
  };
}

/** The arguments alone where the request's `params` were recorded: `{name, arguments}`. */
function argumentsIn(value: JsonValue): JsonValue {
  if (!isObject(value) || typeof value.name !== "string" || !isObject(value.arguments)) return value;
  const isParams = Object.keys(value).every((key) => ["name", "arguments", "_meta", "task"].includes(key));
  return isParams ? value.arguments : value;
}
