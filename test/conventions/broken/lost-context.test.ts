import { describe, expect, it } from "vitest";

import { type SpanSketch, traceOf } from "../../../src/testing/spans.ts";

const TRACE_ID = "1".padStart(32, "0");
const id = (number: number) => String(number).padStart(16, "0");

const agent = (name: string, more: Partial<SpanSketch> = {}): SpanSketch => ({
  name: `invoke_agent ${name}`,
  attributes: { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": name },
  ...more,
});
const chat: SpanSketch = {
  name: "chat",
  attributes: { "gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o-mini" },
};
const mcp = (kind: "client" | "server", more: Partial<SpanSketch> = {}): SpanSketch => ({
  name: "tools/call lookup",
  kind,
  ...more,
  attributes: { "mcp.method.name": "tools/call", "gen_ai.tool.name": "lookup", ...more.attributes },
});
const request = { "mcp.session.id": "m-1", "jsonrpc.request.id": "7" };
const lost = id(99);

const codesOf = (spans: readonly SpanSketch[]) => traceOf({ spans }).quality.issues.map(({ code }) => code);

describe("an MCP server span without its caller's context", () => {
  const apart = mcp("server", { spanId: id(9), parentSpanId: lost, attributes: request });

  it("is joined to the client span of the same session and request", () => {
    const trace = traceOf({
      spans: [agent("support", { children: [mcp("client", { attributes: request })] }), apart],
    });
    expect(trace.spans.find(({ spanId }) => spanId === id(9))?.parentSpanId).toBe(id(2));
    expect(trace.toolCalls).toMatchObject([{ name: "lookup", spanId: id(2) }]);
    expect(trace.quality.issues).toEqual([
      {
        code: "joined-spans",
        message: "Links, MCP requests or call ids say where these spans belong: 1.",
        spanIds: [id(9)],
      },
    ]);
  });

  it("stays apart when the request id alone agrees, since every session counts from 1", () => {
    const { "jsonrpc.request.id": number } = request;
    const spans = [
      agent("support", { children: [mcp("client", { attributes: { "jsonrpc.request.id": number } })] }),
      mcp("server", { spanId: id(9), parentSpanId: null, attributes: { "jsonrpc.request.id": number } }),
    ];
    const trace = traceOf({ spans });
    expect(trace.spans.find(({ spanId }) => spanId === id(9))?.parentSpanId).toBeNull();
    expect(trace.quality.issues).toContainEqual(
      expect.objectContaining({ code: "broken-context", spanIds: [id(9)] }),
    );
    expect(codesOf(spans)).not.toContain("joined-spans");
  });

  it("stays apart when two client spans sent the same request", () => {
    const client = mcp("client", { attributes: request });
    expect(codesOf([agent("support", { children: [client, client] }), apart])).toContain("parent-missing");
  });

  it("that is all there is of a trace says that its caller is elsewhere", () => {
    expect(codesOf([mcp("server", { attributes: request })])).toEqual(["broken-context"]);
  });
});

describe("a hand-off", () => {
  it("that went by a link is joined to the span that sent it", () => {
    const trace = traceOf({
      spans: [
        agent("triage", { children: [chat] }),
        agent("billing", {
          spanId: id(9),
          parentSpanId: lost,
          links: [{ traceId: TRACE_ID, spanId: id(2) }],
          children: [chat],
        }),
      ],
    });
    expect(trace.spans.find(({ spanId }) => spanId === id(9))?.parentSpanId).toBe(id(2));
    expect(trace.quality.issues.map(({ code }) => code)).toEqual(["joined-spans"]);
  });

  it("whose link leads to another trace is named, not joined", () => {
    const spans = [
      agent("triage", { children: [chat] }),
      agent("billing", {
        spanId: id(9),
        parentSpanId: lost,
        links: [{ traceId: "f".repeat(32), spanId: id(2) }],
      }),
    ];
    expect(traceOf({ spans }).quality.issues).toContainEqual(
      expect.objectContaining({ code: "broken-context", spanIds: [id(9)] }),
    );
  });

  it("that dropped the context leaves an agent apart, and quality names it", () => {
    const spans = [
      agent("triage", { children: [chat] }),
      agent("billing", { spanId: id(9), parentSpanId: null }),
    ];
    expect(traceOf({ spans })).toMatchObject({ rootSpanId: id(1), agent: { name: "triage" } });
    expect(codesOf(spans)).toEqual(["several-roots", "broken-context"]);
  });

  it("to an agent that never reported is lost, and said so", () => {
    const transfer = (to: string): SpanSketch => ({
      name: "execute_tool transfer_to_agent",
      attributes: {
        "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "transfer_to_agent",
        "gen_ai.tool.call.arguments": JSON.stringify({ agent_name: to }),
      },
    });
    const spans = (to: string) => [agent("triage", { children: [transfer(to), agent("billing")] })];
    expect(codesOf(spans("billing"))).toEqual([]);
    expect(traceOf({ spans: spans("refunds") }).quality.issues).toEqual([
      {
        code: "lost-hand-off",
        message: "The run was handed to agents of which no span arrived: refunds.",
        spanIds: [id(2)],
      },
    ]);
  });

  it("is not seen in a business tool that transfers to something else", () => {
    const tool = {
      name: "execute_tool transfer_to_human_agents",
      attributes: { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.call.arguments": "{}" },
    };
    expect(codesOf([agent("triage", { children: [tool] })])).toEqual([]);
  });
});

describe("a remote agent", () => {
  it("without a span from inside it is named", () => {
    const remote = agent("remote", { kind: "client" });
    expect(traceOf({ spans: [agent("support", { children: [remote] })] }).quality.issues).toEqual([
      {
        code: "remote-agent-unseen",
        message: "No span came from inside these remote agents: 1.",
        spanIds: [id(2)],
      },
    ]);
    expect(codesOf([agent("support", { children: [{ ...remote, children: [chat] }] })])).toEqual([]);
  });

  it("that failed has said why, and is not unseen", () => {
    const remote = agent("remote", { kind: "client", status: { code: "error", message: "refused" } });
    expect(codesOf([agent("support", { children: [remote] })])).toEqual([]);
  });

  it("below one parent that never arrived is not cut off from its sibling", () => {
    const below = { parentSpanId: lost, children: [chat] };
    expect(codesOf([agent("one", below), agent("two", below)])).toEqual(["rootless", "parent-missing"]);
  });
});

describe("spans with the same tool call id", () => {
  const tool = (scope: string, more: Partial<SpanSketch> = {}): SpanSketch => ({
    name: "execute_tool lookup",
    scope,
    ...more,
    attributes: {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "lookup",
      "gen_ai.tool.call.id": "call_1",
      ...more.attributes,
    },
  });

  it("are one call, though the second process lost the context", () => {
    const trace = traceOf({
      spans: [
        agent("support", {
          children: [tool("framework", { attributes: { "gen_ai.tool.call.arguments": '{"a":1}' } })],
        }),
        tool("worker", { parentSpanId: lost, attributes: { "gen_ai.tool.call.result": '{"b":2}' } }),
      ],
    });
    expect(trace.toolCalls).toMatchObject([{ spanId: id(2), arguments: { a: 1 }, result: { b: 2 } }]);
    expect(trace.quality.issues.map(({ code }) => code)).toEqual(["joined-spans"]);
  });

  it("that no one tree holds are not joined by guessing", () => {
    const twice = agent("support", { children: [tool("a"), tool("b")] });
    expect(codesOf([twice, tool("worker", { parentSpanId: lost })])).toContain("parent-missing");
  });
});

it("joins make no circles, whatever the links say", () => {
  const linked = (number: number, to: number): SpanSketch => ({
    name: `s${number}`,
    spanId: id(number),
    parentSpanId: lost,
    links: [{ traceId: TRACE_ID, spanId: id(to) }],
  });
  const trace = traceOf({ spans: [linked(1, 2), linked(2, 3), linked(3, 1), linked(4, 4)] });
  expect(trace.spans).toHaveLength(4);
  expect(trace.quality.issues.map(({ code }) => code)).toContain("joined-spans");
  const parents = new Map(trace.spans.map(({ spanId, parentSpanId }) => [spanId, parentSpanId]));
  for (const { spanId } of trace.spans) {
    let on: string | null = spanId;
    let steps = 0;
    for (; on !== null && parents.has(on) && steps <= parents.size; steps++) on = parents.get(on) ?? null;
    expect(steps).toBeLessThanOrEqual(parents.size);
  }
});
