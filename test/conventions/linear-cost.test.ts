import { describe, expect, it } from "vitest";

import { readTrace } from "../../src/conventions/read-trace.ts";
import { readSpans } from "../../src/otlp/read-spans.ts";
import { otlp, type SpanSketch } from "../../src/testing/spans.ts";

/** Milliseconds of CPU, which the load of the machine does not change as it does wall time. */
function cpuTime(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** A run of model and tool calls in which every call repeats the whole history. */
function longRun(calls: number): Uint8Array {
  const history: object[] = [{ role: "user", parts: [{ type: "text", content: "go on ".repeat(100) }] }];
  const children: SpanSketch[] = [];
  for (let index = 0; index < calls; index++) {
    const ask = {
      role: "assistant",
      parts: [{ type: "tool_call", id: `c${index}`, name: "find", arguments: { index } }],
    };
    children.push({
      name: "chat",
      attributes: {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "m",
        "gen_ai.input.messages": JSON.stringify(history),
        "gen_ai.output.messages": JSON.stringify([ask]),
      },
    });
    const response = `result ${index} `.repeat(30);
    history.push(ask, { role: "tool", parts: [{ type: "tool_call_response", id: `c${index}`, response }] });
    children.push({
      name: "execute_tool find",
      attributes: { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.call.id": `c${index}` },
    });
  }
  return otlp({ spans: [{ name: "run", children }] });
}

describe("reading a trace", () => {
  it("of 100,000 spans takes seconds, not minutes", () => {
    const children = [...Array(99_999).keys()].map((index) => ({
      name: `step ${index}`,
      attributes: { index },
    }));
    const bytes = otlp({ spans: [{ name: "run", children }] });
    const took = cpuTime(() => {
      expect(readTrace(readSpans(bytes)).spans).toHaveLength(100_000);
    });
    expect(took).toBeLessThan(8000);
  });

  it("of 100,000 model calls below one model call costs no more", () => {
    const attributes = {
      "gen_ai.operation.name": "chat",
      "gen_ai.response.id": "same",
      "gen_ai.request.model": "m",
    };
    const children = [...Array(50_000).keys()].map((index) => ({ name: `chat ${index}`, attributes }));
    const bytes = otlp({ spans: [{ name: "chat", attributes, children }] });
    const took = cpuTime(() => {
      expect(readTrace(readSpans(bytes)).llmCalls).toHaveLength(1);
    });
    expect(took).toBeLessThan(8000);
  });

  it("of 10 MB of repeated history takes parts of a second and shares what is repeated", () => {
    const bytes = longRun(150);
    expect(bytes.length).toBeGreaterThan(5_000_000);
    readTrace(readSpans(longRun(10)));
    const took = cpuTime(() => {
      const trace = readTrace(readSpans(bytes));
      expect(trace.messages).toHaveLength(300);
      expect(trace.toolCalls).toHaveLength(150);
      expect(trace.llmCalls[100]?.input?.[5]).toBe(trace.llmCalls[149]?.input?.[5]);
    });
    expect(took).toBeLessThan(2000);
  });
});
