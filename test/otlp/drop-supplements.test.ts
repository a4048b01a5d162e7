import { describe, expect, it } from "vitest";

import { dropSupplements } from "../../src/otlp/drop-supplements.ts";
import { mergeTraces } from "../../src/otlp/merge-traces.ts";
import { splitByTrace } from "../../src/otlp/split-by-trace.ts";
import { makeFragment, makeRecords, traceIdOf } from "../store/make-fragment.ts";

describe("dropSupplements", () => {
  const spans = makeFragment(traceIdOf(1), [{ id: 1 }]);
  const records = makeRecords(traceIdOf(1), [
    { of: 1, text: "joined" },
    { of: 2, text: "of a span that never came" },
  ]);

  it("leaves no span in the bytes that is only log records", () => {
    const bytes = dropSupplements(mergeTraces([spans.bytes, records.bytes]));
    expect(splitByTrace(bytes).fragments.flatMap(({ heads }) => heads.length)).toEqual([1]);
    expect(Buffer.from(bytes).includes("joined")).toBe(true);
    expect(Buffer.from(bytes).includes("never came")).toBe(false);
  });

  it("gives back the same bytes when there is nothing to leave out", () => {
    expect(dropSupplements(spans.bytes)).toBe(spans.bytes);
  });
});
