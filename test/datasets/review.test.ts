import { describe, expect, it } from "vitest";

import { acceptCase, editCase, rejectCase, retireCase } from "../../src/datasets/review.ts";
import { caseOf } from "./case-of.ts";

const at = Date.UTC(2026, 10, 20, 9);

describe("a review", () => {
  it("sets the decision with who, when and why, and nothing else", () => {
    const one = caseOf("a");
    expect(acceptCase(one, { at, by: "ann", note: "real" })).toEqual({
      ...one,
      review: { decision: "accepted", by: "ann", at: "2026-11-20T09:00:00.000Z", note: "real" },
    });
    expect(rejectCase(one, { at }).review).toEqual({ decision: "rejected", at: "2026-11-20T09:00:00.000Z" });
    expect(retireCase(acceptCase(one, { at }), { at }).review).toMatchObject({ decision: "retired" });
  });

  it("may change what must hold, but never the id", () => {
    const one = caseOf("a", { expected: { refund: 10 } });
    const edited = editCase(one, { mustPass: ["right-order"], expected: null });
    expect(edited).toEqual({ ...one, mustPass: ["right-order"], expected: null });
  });
});
