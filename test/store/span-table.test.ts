import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { ARRIVED, ENDED, NAMED, SpanTable } from "../../src/store/span-table.ts";

const spanId = fc.stringMatching(/^[0-9a-f]{16}$/);

describe("SpanTable", () => {
  it("remembers like a map, also after it was written out and read", () => {
    const marks = fc.array(fc.tuple(spanId, fc.constantFrom(ARRIVED, ENDED, NAMED)), { maxLength: 200 });
    fc.assert(
      fc.property(marks, (given) => {
        const table = new SpanTable();
        const map = new Map<string, number>();
        for (const [id, flags] of given) {
          expect(table.mark(id, flags)).toBe(map.get(id) ?? 0);
          map.set(id, (map.get(id) ?? 0) | flags);
        }
        const copy = SpanTable.parse(table.serialize());
        expect(copy.size).toBe(map.size);
        for (const [id, flags] of map) expect(copy.flags(id)).toBe(flags);
        const named = [...map.values()].filter((flags) => (flags & (NAMED | ARRIVED)) === NAMED);
        expect(copy.count(NAMED | ARRIVED, NAMED)).toBe(named.length);
      }),
      { seed: 5, numRuns: 200 },
    );
  });

  it("tells ids apart that differ in one digit", () => {
    const table = new SpanTable();
    table.mark("00000000000000ff", ARRIVED);
    expect(table.flags("00000000000000fe")).toBe(0);
    expect(table.flags("10000000000000ff")).toBe(0);
    expect(table.flags("00000000000000ff")).toBe(ARRIVED);
  });
});
