import { describe, expect, it } from "vitest";

import { splitByTrace } from "../../src/otlp/split-by-trace.ts";
import { WireWriter } from "../../src/otlp/wire-writer.ts";
import { writeTraces } from "../../src/otlp/write-traces.ts";
import { captureFiles, hasCaptures, readCapture } from "./captures.ts";
import { spansIn } from "./spans-as-values.ts";

const trace = (digit: string) => digit.repeat(32);
const spanOf = (traceId: string, count: number, attributes = {}) => ({
  traceId,
  spanId: count.toString(16).padStart(16, "0"),
  name: `span ${count}`,
  startTime: 1000 + count,
  endTime: 2000,
  attributes,
});

describe("splitByTrace", () => {
  it("makes one fragment per trace, each with its resources and scopes", () => {
    const bytes = writeTraces([
      {
        resource: { "service.name": "one" },
        scopeSpans: [{ scope: { name: "x" }, spans: [spanOf(trace("a"), 1), spanOf(trace("b"), 2)] }],
      },
      {
        resource: { "service.name": "two" },
        scopeSpans: [{ scope: { name: "y" }, spans: [spanOf(trace("a"), 3)] }],
      },
    ]);
    const { fragments, accepted, rejected, reason } = splitByTrace(bytes);
    expect({ accepted, rejected, reason }).toEqual({ accepted: 3, rejected: 0, reason: null });
    expect(fragments.map((fragment) => fragment.traceId)).toEqual([trace("a"), trace("b")]);
    const read = fragments.map((fragment) =>
      spansIn(fragment.bytes).map((span) => [span.name, span.resource["service.name"], span.scope.name]),
    );
    expect(read).toEqual([
      [
        ["span 1", "one", "x"],
        ["span 3", "two", "y"],
      ],
      [["span 2", "one", "x"]],
    ]);
  });

  it("tells ids, times and the completion mark of each span", () => {
    const root = spanOf(trace("a"), 1, { "tracegate.trace.complete": true, t: "x" });
    const child = {
      ...spanOf(trace("a"), 2, { "tracegate.trace.complete": false }),
      parentSpanId: root.spanId,
      endTime: 0,
    };
    const [fragment] = splitByTrace(writeTraces([{ scopeSpans: [{ spans: [child, root] }] }])).fragments;
    expect(fragment?.heads).toEqual([
      { spanId: child.spanId, parentSpanId: root.spanId, startTime: 1002, endTime: 0, completes: false },
      { spanId: root.spanId, parentSpanId: null, startTime: 1001, endTime: 2000, completes: true },
    ]);
  });

  it("rejects ids of a wrong length or of zeros and says which and how many", () => {
    const spans = [
      spanOf(trace("a"), 1),
      spanOf("ab", 2),
      spanOf(trace("0"), 3),
      { ...spanOf(trace("a"), 4), spanId: "00" },
      { ...spanOf(trace("a"), 5), spanId: "0".repeat(16) },
      { ...spanOf(trace("a"), 6), spanId: "0".repeat(16) },
      { ...spanOf(trace("a"), 7), parentSpanId: "abcd" },
    ];
    const result = splitByTrace(writeTraces([{ scopeSpans: [{ spans }] }]));
    expect(result.accepted).toBe(1);
    expect(result.rejected).toBe(6);
    expect(result.reason).toBe(
      "1 span has a trace id that is not 16 bytes long; 1 span has a trace id of zeros; " +
        "1 span has a span id that is not 8 bytes long; 2 spans have a span id of zeros; " +
        "1 span has a parent span id that is not 8 bytes long.",
    );
  });

  it("drops our own spans without rejecting them", () => {
    const bytes = writeTraces([
      { resource: { "service.name": "tracegate" }, scopeSpans: [{ spans: [spanOf(trace("a"), 1)] }] },
      {
        resource: { "service.name": "tracegate-demo" },
        scopeSpans: [{ spans: [spanOf(trace("b"), 2, { "tracegate.judge": true }), spanOf(trace("b"), 3)] }],
      },
    ]);
    const { fragments, accepted, rejected } = splitByTrace(bytes);
    expect({ accepted, rejected }).toEqual({ accepted: 3, rejected: 0 });
    expect(fragments.flatMap((fragment) => fragment.heads.map((head) => head.spanId))).toEqual([
      "0000000000000003",
    ]);
  });

  it("keeps schema URLs and fields it does not know, byte for byte", () => {
    const writer = new WireWriter();
    writer.message(1, () => {
      writer.message(1, () => writer.string(99, "unknown of the resource"));
      writer.message(2, () => {
        writer.message(1, () => writer.string(98, "unknown of the scope"));
        writer.message(2, () => {
          writer.bytes(1, Buffer.from(trace("a"), "hex"));
          writer.bytes(2, Buffer.from("1".padStart(16, "0"), "hex"));
          writer.string(97, "unknown of the span");
        });
        writer.string(3, "https://example.test/scope-schema");
      });
      writer.string(3, "https://example.test/resource-schema");
    });
    const [fragment] = splitByTrace(writer.finish()).fragments;
    const text = Buffer.from(fragment?.bytes ?? []).toString("latin1");
    for (const part of [
      "of the resource",
      "of the scope",
      "of the span",
      "scope-schema",
      "resource-schema",
    ]) {
      expect(text).toContain(part);
    }
  });

  it("takes an empty request as nothing at all", () => {
    expect(splitByTrace(new Uint8Array())).toEqual({ fragments: [], accepted: 0, rejected: 0, reason: null });
  });

  it.skipIf(!hasCaptures)("loses no span of any recorded body (needs ../shared/captures)", () => {
    for (const path of captureFiles()) {
      const bytes = readCapture(path);
      const split = splitByTrace(bytes).fragments.flatMap((fragment) => spansIn(fragment.bytes));
      const byId = (spans: typeof split) =>
        spans.toSorted((one, other) => (one.spanId < other.spanId ? -1 : 1));
      expect(byId(split), path).toEqual(byId(spansIn(bytes)));
    }
  });
});
