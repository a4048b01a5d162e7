import { describe, expect, it } from "vitest";

import { amendSpan, double, writeTraces } from "../../src/otlp/write-traces.ts";
import { spansIn } from "./spans-as-values.ts";

const traceId = "a".repeat(32);
const [root, child] = ["b".repeat(16), "c".repeat(16)];
const bytes = writeTraces([
  {
    resource: { "service.name": "agent" },
    scopeSpans: [
      {
        scope: { name: "x" },
        spans: [
          { traceId, spanId: child, parentSpanId: root, name: "child", startTime: 1, endTime: 2 },
          {
            traceId,
            spanId: root,
            name: "root",
            startTime: 1,
            endTime: 3,
            attributes: { mine: "kept", "tracegate.trace.complete": true },
            events: [{ name: "log", time: 2 }],
          },
        ],
      },
    ],
  },
]);
const scored = {
  attributes: { "tracegate.score.a": double(1), "tracegate.label.a": "good" },
  events: [{ name: "gen_ai.evaluation.result", time: 4, attributes: { "tracegate.version": "1" } }],
};
const rootOf = (amended: Uint8Array) => spansIn(amended).find((span) => span.spanId === root);

describe("amendSpan", () => {
  it("adds attributes and events to one span and leaves the others as they are", () => {
    const amended = amendSpan(bytes, root, scored);
    expect(rootOf(amended)?.attributes).toEqual({
      mine: "kept",
      "tracegate.trace.complete": true,
      "tracegate.score.a": 1,
      "tracegate.label.a": "good",
    });
    expect(rootOf(amended)?.events.map((event) => event.name)).toEqual(["log", "gen_ai.evaluation.result"]);
    expect(spansIn(amended)[0]).toEqual(spansIn(bytes)[0]);
  });

  it("leaves the same result when it is done twice", () => {
    const once = amendSpan(bytes, root, scored);
    expect(spansIn(amendSpan(once, root, scored))).toEqual(spansIn(once));
  });

  it("takes away what an earlier scoring said", () => {
    const again = amendSpan(amendSpan(bytes, root, scored), root, {
      attributes: { "tracegate.unscored.a": "timed-out" },
    });
    expect(rootOf(again)?.attributes).toEqual({
      mine: "kept",
      "tracegate.trace.complete": true,
      "tracegate.unscored.a": "timed-out",
    });
    expect(rootOf(again)?.events.map((event) => event.name)).toEqual(["log"]);
  });

  it("writes a score of 1 as a double, not as an integer", () => {
    const amended = Buffer.from(amendSpan(bytes, root, { attributes: { s: double(1) } }));
    const one = Buffer.from([0x21, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f]);
    expect(amended.includes(one)).toBe(true);
  });

  it("grows messages across every length of a length", () => {
    for (const size of [1, 90, 120, 127, 128, 16_000, 16_384, 2_100_000]) {
      const amended = amendSpan(bytes, root, { attributes: { long: "x".repeat(size) } });
      expect(rootOf(amended)?.attributes.long).toHaveLength(size);
    }
  });

  it("says when the span is not there", () => {
    expect(() => amendSpan(bytes, "d".repeat(16), scored)).toThrow(/No span dddddddddddddddd/);
  });
});
