import { describe, expect, it } from "vitest";
import { defineScorer } from "../../src/scorers/define-scorer.ts";
import { toolErrors } from "../../src/scorers/tool-errors.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";
import { traceMatchers } from "../../src/vitest/trace-matchers.ts";

expect.extend(traceMatchers);

const trace = makeTrace({
  toolCalls: [
    { name: "get_order", arguments: { order_id: "A-1", fields: ["status", "price"], deep: { a: 1, b: 2 } } },
    { name: "search", arguments: { query: "refund" } },
    { name: "create_refund", arguments: { order_id: "A-1" } },
  ],
});

describe("toHaveCalledTool", () => {
  it("is about the name, and about the arguments that are given", () => {
    expect(trace).toHaveCalledTool("search");
    expect(trace).toHaveCalledTool("get_order", { order_id: "A-1" });
    expect(trace).toHaveCalledTool("get_order", { deep: { b: 2 }, fields: ["status", "price"] });
    expect(trace).toHaveCalledTool("get_order", { order_id: expect.stringMatching(/^A-/) });
    expect(trace).not.toHaveCalledTool("delete_order");
    expect(trace).not.toHaveCalledTool("get_order", { order_id: "A-2" });
    expect(trace).not.toHaveCalledTool("get_order", { fields: ["status"] });
  });

  it("says what was called instead", () => {
    expect(() => expect(trace).toHaveCalledTool("get_order", { order_id: "A-2" })).toThrow(
      /expected a call of get_order with .*A-2.*called: get_order\(\{"order_id":"A-1"/s,
    );
    expect(() => expect(makeTrace()).toHaveCalledTool("x")).toThrow("no tool was called");
  });
});

describe("toHaveToolOrder", () => {
  it("allows calls between, and no other order", () => {
    expect(trace).toHaveToolOrder(["get_order", "create_refund"]);
    expect(trace).toHaveToolOrder([]);
    expect(trace).not.toHaveToolOrder(["create_refund", "get_order"]);
    expect(trace).not.toHaveToolOrder(["search", "search"]);
  });

  it("says which one is missing", () => {
    expect(() => expect(trace).toHaveToolOrder(["search", "get_order"])).toThrow(
      "expected search, then get_order; get_order is not where it should be",
    );
  });
});

describe("toPassScorer", () => {
  const broken = makeTrace({
    toolCalls: [{ name: "get_order", error: { type: "timeout" } }],
    output: "I could not.",
  });

  it("asks the scorer that the gate asks", async () => {
    await expect(trace).toPassScorer(toolErrors());
    const wanted = defineScorer("wanted", ({ case: one }) => one?.id === "the-case");
    const given = {
      v: 1,
      id: "the-case",
      input: { messages: [] },
      mustPass: [],
      tags: [],
      source: { kind: "written" },
    } as const;
    await expect(trace).toPassScorer(wanted, { case: given });
    await expect(trace).not.toPassScorer(wanted);
  });

  it("fails with the scorer's words", async () => {
    const never = defineScorer("never", () => ({ value: 0.2, explanation: "It is never right." }));
    await expect(expect(broken).toPassScorer(never)).rejects.toThrow(
      "never failed (0.2, passes at 0.5). It is never right.",
    );
  });

  it("is no answer without a value, whichever was expected", async () => {
    const thrower = defineScorer("thrower", () => {
      throw new Error("boom");
    });
    await expect(expect(trace).toPassScorer(thrower)).rejects.toThrow("thrower gave no value (scorer-error)");
    await expect(expect(trace).not.toPassScorer(thrower)).rejects.toThrow("gave no value");
  });
});
