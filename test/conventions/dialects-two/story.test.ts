import { describe, expect, it } from "vitest";

import { traceOf } from "../../../src/testing/spans.ts";
import { agents } from "./agents/index.ts";
import { openaiStory, SYSTEM, storyOf } from "./order.ts";

describe.each(agents)("$client", ({ sketch, gaps }) => {
  it("tells the story of order A-1001", () => {
    expect(storyOf(traceOf(sketch))).toEqual({ ...openaiStory, ...gaps });
  });

  it("says how the model was instructed, and which tools it had", () => {
    const trace = traceOf(sketch);
    expect(trace.systemInstructions).toBe(SYSTEM);
    if (!sketch.scope?.startsWith("weave")) {
      expect(trace.toolDefinitions).toMatchObject([{ name: "get_order_status" }]);
    }
    expect(trace.quality.issues.filter(({ code }) => code !== "placeholders-left-out")).toEqual([]);
  });
});
