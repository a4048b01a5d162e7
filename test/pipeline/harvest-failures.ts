import type { ScoredInput } from "../../src/pipeline/harvest.ts";
import { makeTrace, type TraceSketch } from "../../src/testing/make-trace.ts";
import { ruleScore } from "./gate-fakes.ts";

/** A failing trace of its own per number, the later the higher; and what a scorer said of it. */
export function failure(number: number, sketch: TraceSketch = {}, scorer = "tool-errors"): ScoredInput {
  const traceId = number.toString(16).padStart(32, "0");
  const startTime = Date.UTC(2026, 10, 20) + number * 1_000;
  const question = `Where is order W${String(1_000_000 + number)}?`;
  const trace = makeTrace({
    traceId,
    startTime,
    endTime: startTime + 500,
    service: { name: "shop" },
    agent: { name: "support", version: "7" },
    messages: [{ role: "user", parts: [{ type: "text", content: question }] }],
    llmCalls: [
      {
        model: "m",
        startTime,
        input: [
          { role: "system", parts: [{ type: "text", content: "You are a shop." }] },
          { role: "user", parts: [{ type: "text", content: question }] },
        ],
      },
    ],
    toolCalls: [{ name: "get_order", arguments: { id: number }, result: "{}", error: { type: "timeout" } }],
    output: "It has shipped.",
    ...sketch,
  });
  return { trace, scores: [ruleScore(scorer, false, "get_order failed and was never tried again.")] };
}
