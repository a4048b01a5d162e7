import { describe, expect, it } from "vitest";

import type { Trace } from "../../src/core/trace.ts";
import { type SpanSketch, traceOf } from "../../src/testing/spans.ts";

const id = (count: number) => count.toString(16).padStart(16, "0");
const issues = (trace: Trace) => trace.quality.issues.map((issue) => issue.code);

describe("the span tree", () => {
  it("puts spans by start time, parents before children where times tie", () => {
    const trace = traceOf({
      spans: [{ name: "root", children: [{ name: "a" }, { name: "b", children: [{ name: "c" }] }] }],
    });
    expect(trace.spans.map((span) => span.name)).toEqual(["root", "a", "b", "c"]);
    expect(trace).toMatchObject({ rootSpanId: id(1), name: "root", durationMs: 200 });
  });

  it("stands without a root, and says so", () => {
    const trace = traceOf({
      spans: [
        { name: "a", parentSpanId: id(99) },
        { name: "b", parentSpanId: id(99) },
      ],
    });
    expect(trace.rootSpanId).toBeNull();
    expect(trace.name).toBe("a");
    expect(issues(trace)).toEqual(["rootless", "parent-missing"]);
    expect(trace.quality.issues[1]?.spanIds).toEqual([id(1), id(2)]);
  });

  it("takes a span whose parent is in another process for the root", () => {
    const trace = traceOf({ spans: [{ name: "entry", parentSpanId: id(99), flags: 0x301 }] });
    expect(trace.rootSpanId).toBe(id(1));
    expect(issues(trace)).toEqual([]);
  });

  it("takes the first of several roots", () => {
    const trace = traceOf({ spans: [{ name: "first" }, { name: "second" }] });
    expect(trace.rootSpanId).toBe(id(1));
    expect(issues(trace)).toEqual(["several-roots"]);
  });

  it("cuts parent cycles, also a span that is its own parent", () => {
    const trace = traceOf({
      spans: [
        { name: "root" },
        { name: "a", parentSpanId: id(3) },
        { name: "b", parentSpanId: id(4) },
        { name: "c", parentSpanId: id(2), children: [{ name: "below" }] },
        { name: "self", parentSpanId: id(6) },
      ],
    });
    const cycle = trace.quality.issues.find((issue) => issue.code === "parent-cycle");
    expect(cycle?.spanIds.toSorted()).toEqual([id(2), id(3), id(4), id(6)]);
    expect(trace.spans).toHaveLength(6);
    expect(trace.rootSpanId).toBe(id(1));
  });

  it("holds chains of 2,000 spans and more", () => {
    let chain: SpanSketch = { name: "leaf" };
    for (let level = 1; level < 3000; level++) chain = { name: `level ${level}`, children: [chain] };
    const trace = traceOf({ spans: [chain] });
    expect(trace.spans).toHaveLength(3000);
    expect(trace.spans.at(-1)?.name).toBe("leaf");
    expect(issues(trace)).toEqual([]);
  });

  it("reports spans without an end, clocks that disagree and attributes that were dropped", () => {
    const trace = traceOf({
      spans: [
        {
          name: "root",
          startTime: 10_000,
          endTime: 20_000,
          children: [
            { name: "pending", startTime: 11_000, endTime: 0 },
            { name: "early", startTime: 5_000, endTime: 5_500 },
            { name: "backwards", startTime: 12_000, endTime: 11_000, droppedAttributes: 3 },
          ],
        },
      ],
    });
    expect(issues(trace)).toEqual(["unended-span", "clock-skew", "attributes-dropped"]);
    expect(trace.spans.find((span) => span.name === "backwards")?.durationMs).toBe(0);
  });
});
