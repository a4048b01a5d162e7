import { describe, expect, it } from "vitest";

import { mergeTraces, writeTraces } from "../../src/otlp/write-traces.ts";
import { spansIn } from "./spans-as-values.ts";

const traceId = "a".repeat(32);
const chunk = (
  name: string,
  fields: { spanId?: string; endTime?: number; attributes?: { [key: string]: string } } = {},
) =>
  writeTraces([
    {
      resource: { from: name },
      scopeSpans: [
        { spans: [{ traceId, spanId: "b".repeat(16), name, startTime: 1, endTime: 2, ...fields }] },
      ],
    },
  ]);
const names = (chunks: readonly Uint8Array[]) => spansIn(mergeTraces(chunks)).map((span) => span.name);

describe("mergeTraces", () => {
  it("joins chunks, each span with its own resource", () => {
    const spans = spansIn(mergeTraces([chunk("one"), chunk("two", { spanId: "c".repeat(16) })]));
    expect(spans.map((span) => [span.name, span.resource.from])).toEqual([
      ["one", "one"],
      ["two", "two"],
    ]);
  });

  it("keeps of a repeated span the one that has ended", () => {
    const pending = chunk("pending, and much longer than the other one", { endTime: 0 });
    expect(names([pending, chunk("ended")])).toEqual(["ended"]);
    expect(names([chunk("ended"), pending])).toEqual(["ended"]);
  });

  it("else keeps the longer one, else the same one in any order", () => {
    const fuller = chunk("fuller", { attributes: { a: "b" } });
    expect(names([fuller, chunk("barely")])).toEqual(["fuller"]);
    expect(names([chunk("barely"), fuller])).toEqual(["fuller"]);
    expect(names([chunk("one"), chunk("two")])).toEqual(names([chunk("two"), chunk("one")]));
  });

  it("makes nothing of nothing", () => {
    expect(mergeTraces([])).toHaveLength(0);
  });
});
