import { describe, expect, it } from "vitest";

import { type SpanSketch, traceOf } from "../../../src/testing/spans.ts";
import { ARGUMENTS, json, RESULT } from "./order.ts";

type Attributes = NonNullable<SpanSketch["attributes"]>;

const request = { "mcp.method.name": "tools/call", "mcp.session.id": "m-1", "jsonrpc.request.id": "7" };
const enveloped = (more: Attributes = {}) =>
  json({ content: [{ type: "text", text: json(RESULT) }], ...more });

function client(attributes: Attributes = {}, children: readonly SpanSketch[] = []): SpanSketch {
  return {
    name: "tools/call get_order_status",
    kind: "client",
    attributes: { ...request, "gen_ai.tool.name": "get_order_status", ...attributes },
    children,
  };
}

function server(attributes: Attributes = {}): SpanSketch {
  return { ...client(attributes), kind: "server", scope: "mcp.server" };
}

const callsOf = (...spans: readonly SpanSketch[]) => traceOf({ spans }).toolCalls;

describe("MCP", () => {
  it("client and server spans of one request below the framework's tool span are one call", () => {
    const calls = callsOf({
      name: "execute_tool get_order_status",
      attributes: {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "get_order_status",
        "gen_ai.tool.call.id": "call_1",
      },
      children: [
        client({ "gen_ai.tool.call.arguments": json(ARGUMENTS) }, [
          server({ "gen_ai.tool.call.result": enveloped() }),
        ]),
      ],
    });
    expect(calls).toMatchObject([
      {
        name: "get_order_status",
        callId: "call_1",
        arguments: ARGUMENTS,
        result: RESULT,
        spanId: "0000000000000001",
      },
    ]);
  });

  it("results come out of the protocol's envelope", () => {
    const resultOf = (value: unknown) =>
      callsOf(client({ "gen_ai.tool.call.result": json(value) }))[0]?.result;
    expect(resultOf({ content: [{ type: "text", text: "42" }], isError: false })).toBe("42");
    expect(resultOf({ content: [], structuredContent: RESULT })).toEqual(RESULT);
    expect(resultOf({ content: [], note: "the tool's own object" })).toMatchObject({ content: [] });
  });

  it("tells an empty result from a missing one", () => {
    expect(
      callsOf(client({ "gen_ai.tool.call.result": json({ content: [], isError: false }) }))[0],
    ).toMatchObject({
      result: [],
    });
    expect(callsOf(client({ "gen_ai.tool.call.result": "null" }))[0]).toMatchObject({ result: null });
    expect(callsOf(client())[0]).not.toHaveProperty("result");
  });

  it("a result that says it is an error is one, though the span's status does not", () => {
    const value = enveloped({ isError: true });
    expect(callsOf(client({ "mcp.response.value": value }))[0]).toMatchObject({
      error: { type: "tool_error" },
    });
  });

  it("requests other than tool calls are no tools, and its session is no conversation", () => {
    const trace = traceOf({
      spans: ["initialize", "tools/list", "resources/read"].map((method) => ({
        name: method,
        kind: "client",
        attributes: { ...request, "mcp.method.name": method },
      })),
    });
    expect(trace).toMatchObject({ toolCalls: [] });
    expect(trace).not.toHaveProperty("sessionId");
  });

  it("is read from the names of OpenLLMetry and of Logfire", () => {
    const params = { name: "get_order_status", arguments: ARGUMENTS };
    const spans: SpanSketch[] = [
      client({ "mcp.request.argument": json(params), "mcp.response.value": enveloped() }),
      {
        name: "MCP server handle request: tools/call",
        scope: "logfire.mcp",
        attributes: {
          request: json({ method: "tools/call", params }),
          response: enveloped({ isError: false }),
          "logfire.span_type": "span",
        },
      },
    ];
    const call = { name: "get_order_status", arguments: ARGUMENTS, result: RESULT };
    expect(callsOf(...spans)).toMatchObject([call, call]);
  });
});
