import { describe, expect, it } from "vitest";

import { callGraph, hasSeveralAgents } from "../../src/render/call-graph.ts";
import { type SpanSketch, traceOf } from "../../src/testing/spans.ts";

const agent = (name: string, ...children: SpanSketch[]): SpanSketch => ({
  name: `invoke_agent ${name}`,
  attributes: { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": name },
  children,
});

const tool = (name: string, error?: string): SpanSketch => ({
  name: `execute_tool ${name}`,
  attributes: {
    "gen_ai.operation.name": "execute_tool",
    "gen_ai.tool.name": name,
    ...(error ? { "error.type": error } : {}),
  },
});

/** `caller → called ×times`, in order. */
function edgesOf(...spans: SpanSketch[]): readonly string[] {
  const { nodes, edges } = callGraph(traceOf({ spans }));
  return edges.map(({ from, to, count }) => `${nodes[from]?.name} → ${nodes[to]?.name} ×${count}`);
}

describe("the graph of who called whom", () => {
  it("has agents and tools as they lie in each other, with counts", () => {
    const spans = agent(
      "desk",
      tool("look_up"),
      tool("look_up"),
      agent("refunds", tool("refund"), { name: "step", children: [agent("ledger", tool("post"))] }),
      agent("refunds"),
    );
    expect(edgesOf(spans)).toEqual([
      "desk → refunds ×2",
      "refunds → ledger ×1",
      "desk → look_up ×2",
      "refunds → refund ×1",
      "ledger → post ×1",
    ]);
  });

  it("counts runs and failures, and how far an agent is from the first", () => {
    const { nodes } = callGraph(
      traceOf({ spans: [agent("a", agent("b", tool("t", "timeout"), tool("t")))] }),
    );
    expect(nodes).toEqual([
      { kind: "agent", name: "a", runs: 1, failed: 0, depth: 0 },
      { kind: "agent", name: "b", runs: 1, failed: 0, depth: 1 },
      { kind: "tool", name: "t", runs: 2, failed: 1, depth: 0 },
    ]);
  });

  it("ends where agents call each other in a circle", () => {
    expect(edgesOf(agent("a", agent("b", agent("a", agent("b")))))).toEqual(["a → b ×2", "b → a ×1"]);
  });

  it("is drawn only for several agents", () => {
    expect(hasSeveralAgents(callGraph(traceOf({ spans: [agent("a", tool("t"))] })))).toBe(false);
    expect(hasSeveralAgents(callGraph(traceOf({ spans: [agent("a", agent("b"))] })))).toBe(true);
  });
});
