import { describe, expect, it } from "vitest";

import type { JsonValue } from "../../src/core/json.ts";
import type { AttributeInput } from "../../src/otlp/write-traces.ts";
import { type SpanSketch, traceOf } from "../../src/testing/spans.ts";

const call = (id: string | undefined, name: string, input: JsonValue) => ({
  type: "tool_call",
  name,
  arguments: input,
  ...(id ? { id } : {}),
});
const chat = (input: JsonValue, output: JsonValue): SpanSketch => ({
  name: "chat",
  attributes: {
    "gen_ai.operation.name": "chat",
    "gen_ai.input.messages": JSON.stringify(input),
    "gen_ai.output.messages": JSON.stringify(output),
  },
});
const tool = (attributes: AttributeInput, more: Partial<SpanSketch> = {}): SpanSketch => ({
  name: "execute_tool",
  attributes: { "gen_ai.operation.name": "execute_tool", ...attributes },
  ...more,
});
const root = (...children: SpanSketch[]) => traceOf({ spans: [{ name: "run", children }] }).toolCalls;
const says = (...parts: JsonValue[]) => ({ role: "assistant", parts });
const answers = (id: string | undefined, response: JsonValue) => ({
  role: "tool",
  parts: [{ type: "tool_call_response", response, ...(id ? { id } : {}) }],
});
const asked = { role: "user", parts: [{ type: "text", content: "q" }] };

describe("tool calls", () => {
  it("take what their span lacks from the messages, by call id", () => {
    const ask = says(call("c1", "find", { q: 1 }));
    expect(
      root(
        chat([asked], [ask]),
        tool({ "gen_ai.tool.name": "find", "gen_ai.tool.call.id": "c1" }),
        chat([asked, ask, answers("c1", "it")], []),
      ),
    ).toMatchObject([
      { name: "find", callId: "c1", arguments: { q: 1 }, result: "it", spanId: expect.any(String) },
    ]);
  });

  it("without ids are matched by arguments, then by name, each once", () => {
    const ask = says(call(undefined, "find", { q: 1 }), call(undefined, "find", { q: 2 }));
    const calls = root(
      chat([asked], [ask]),
      tool({ "gen_ai.tool.name": "find", "gen_ai.tool.call.arguments": '{"q":2}' }),
      tool({ "gen_ai.tool.name": "find" }),
      chat([asked, ask, answers(undefined, "one"), answers(undefined, "two")], []),
    );
    expect(calls.map(({ arguments: input, result }) => [input, result])).toEqual([
      [{ q: 2 }, "two"],
      [{ q: 1 }, "one"],
    ]);
  });

  it("that only messages show have no span, and stand after the model call that asked", () => {
    const calls = root(
      chat([asked], [says(call("c1", "first", {}), call("c2", "second", {}))]),
      tool({ "gen_ai.tool.name": "second", "gen_ai.tool.call.id": "c2" }),
    );
    expect(calls.map(({ name, spanId, parentSpanId }) => [name, spanId, parentSpanId])).toEqual([
      ["first", null, "0000000000000002"],
      ["second", "0000000000000003", "0000000000000001"],
    ]);
    expect(calls[0]).not.toHaveProperty("startTime");
    expect(calls[0]).not.toHaveProperty("result");
  });

  it("of earlier turns that come in with the history are not calls of this run", () => {
    const history = [asked, says(call("c0", "find", {})), answers("c0", "old"), asked];
    expect(root(chat(history, [says({ type: "text", content: "a" })]))).toEqual([]);
  });

  it("seen by the framework and by MCP are one call", () => {
    const mcp = {
      name: "tools/call find",
      attributes: {
        "mcp.method.name": "tools/call",
        "gen_ai.tool.name": "find",
        "gen_ai.tool.call.result": "it",
      },
    };
    const calls = root(tool({ "gen_ai.tool.name": "find" }, { children: [mcp] }));
    expect(calls).toMatchObject([{ name: "find", result: "it", spanId: "0000000000000002" }]);
    expect(root(tool({ "gen_ai.tool.name": "outer" }, { children: [mcp] }))).toHaveLength(2);
  });

  it("fail by status, exception or error.type, never by their text", () => {
    const named = (result: string) => ({ "gen_ai.tool.name": "find", "gen_ai.tool.call.result": result });
    const calls = root(
      tool(named("Error: nothing found")),
      tool(named(""), { status: { code: "error", message: "down" } }),
      tool({ ...named("x"), "error.type": "timeout" }),
      tool(named("x"), {
        events: [{ name: "exception", attributes: { "exception.type": "E", "exception.message": "m" } }],
      }),
    );
    expect(calls.map((found) => found.error)).toEqual([
      null,
      { type: "_OTHER", message: "down" },
      { type: "timeout" },
      { type: "E", message: "m" },
    ]);
  });

  it("tell no result from an empty one", () => {
    const results = ["null", "", "{}"].map((value) =>
      root(tool({ "gen_ai.tool.name": "t", "gen_ai.tool.call.result": value })).map((found) => found.result),
    );
    expect(results).toEqual([[null], [""], [{}]]);
    expect(root(tool({ "gen_ai.tool.name": "t" }))[0]).not.toHaveProperty("result");
  });

  it("lie in the agent that made them", () => {
    const inner = {
      name: "invoke_agent helper",
      attributes: { "gen_ai.operation.name": "invoke_agent" },
      children: [{ name: "step", children: [tool({ "gen_ai.tool.name": "t" })] }],
    };
    expect(root(inner)[0]?.agent).toBe("helper");
  });
});
