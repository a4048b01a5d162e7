import { describe, expect, it } from "vitest";

import { splitByTrace } from "../../src/otlp/split-by-trace.ts";
import { Urgency } from "../../src/pipeline/urgency.ts";
import { otlp, type SpanSketch } from "../../src/testing/spans.ts";
import { idOf } from "../cli/agent-traces.ts";

/** What arrives of a trace. */
function arrives(urgency: Urgency, number: number, spans: readonly SpanSketch[], version?: string): boolean {
  const traceId = idOf(number);
  const resource = version === undefined ? {} : { resource: { "service.version": version } };
  for (const fragment of splitByTrace(otlp({ traceId, service: "shop", spans, ...resource })).fragments)
    urgency.note(fragment);
  return urgency.has(traceId);
}

describe("urgency", () => {
  it("is that of a trace with a span that failed, whichever it is and whenever it comes", () => {
    const urgency = new Urgency();
    expect(arrives(urgency, 1, [{ name: "root" }])).toBe(false);
    expect(
      arrives(urgency, 2, [{ name: "root", children: [{ name: "tool", status: { code: "error" } }] }]),
    ).toBe(true);
    expect(
      arrives(urgency, 1, [{ name: "late", parentSpanId: "00000000000000ff", status: { code: "error" } }]),
    ).toBe(true);
    urgency.forget(idOf(1));
    expect(urgency.has(idOf(1))).toBe(false);
  });

  it("is that of the first traces of a version, each counted once", () => {
    const urgency = new Urgency({ firstOfVersion: 2 });
    const root = [{ name: "root" }];
    const child = [{ name: "child", parentSpanId: "00000000000000ff" }];
    expect(arrives(urgency, 1, child, "1.0")).toBe(false);
    expect([1, 2, 3].map((number) => arrives(urgency, number, root, "1.0"))).toEqual([true, true, false]);
    expect(arrives(urgency, 4, root, "1.1")).toBe(true);
    expect(arrives(urgency, 5, root)).toBe(false);
  });

  it("stays bounded when every trace fails and names a version of its own", () => {
    const urgency = new Urgency();
    const failing = {
      heads: [{ spanId: "1", parentSpanId: null, startTime: 0, endTime: 1, completes: false }],
    };
    for (let number = 0; number < 2_000; number += 1)
      urgency.note({ traceId: idOf(number), ...failing, service: "shop", version: `v${number}` });
    expect(urgency.has(idOf(999))).toBe(true);
    expect(urgency.has(idOf(1_000))).toBe(false);
    const [head] = failing.heads;
    for (let number = 0; head && number < 50_001; number += 1)
      urgency.note({ traceId: idOf(number), heads: [{ ...head, failed: true }] });
    expect(urgency.has(idOf(50_000))).toBe(true);
    expect(urgency.has(idOf(0))).toBe(false);
  });
});
