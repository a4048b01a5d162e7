import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textMessage } from "../../src/core/message.ts";
import type { Trace } from "../../src/core/trace.ts";
import type { JudgeContext } from "../../src/judges/judge-context.ts";
import { type RenderedTrace, renderTrace, type TooLarge } from "../../src/judges/render-trace.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";
import { startCpuWatch } from "../contracts/cpu-time.ts";

const labels = ["yes", "no", "cannot_judge"];

function render(
  trace: Trace,
  budgetTokens?: number,
  context: JudgeContext = "trajectory",
): RenderedTrace | TooLarge {
  const budget = budgetTokens === undefined ? {} : { budgetTokens };
  return renderTrace(trace, { context, labels, reminder: "Reminder {nonce}.", ...budget });
}

function contentOf(trace: Trace, budgetTokens?: number, context?: JudgeContext): string {
  const rendered = render(trace, budgetTokens, context);
  if (!("content" in rendered)) throw new Error(`needs ${rendered.neededTokens} tokens`);
  return rendered.content;
}

const call = fc.record({
  name: fc.constantFrom("search", "pay", "cancel"),
  arguments: fc.record({ q: fc.string({ maxLength: 300 }) }),
  result: fc.oneof(fc.string({ maxLength: 50 }), fc.string({ minLength: 500, maxLength: 4_000 })),
  error: fc.option(
    fc.record({ type: fc.constant("timeout"), message: fc.string({ maxLength: 3_000, unit: "binary" }) }),
    { freq: 4 },
  ),
});
const trace = fc
  .record({
    systemInstructions: fc.string({ maxLength: 6_000 }),
    input: fc.string({ maxLength: 2_000, unit: "grapheme" }),
    output: fc.string({ maxLength: 6_000, unit: "grapheme" }),
    toolCalls: fc.array(call, { maxLength: 60 }),
  })
  .map((sketch) => makeTrace(sketch));
const budget = fc.integer({ min: 60, max: 6_000 });

describe("renderTrace, for any trace and budget", () => {
  const check = (property: (trace: Trace, budgetTokens: number) => void) =>
    fc.assert(fc.property(trace, budget, property), { seed: 20261120, numRuns: 150 });

  it("is never over its budget, and when too large says a number of tokens that would do", () => {
    check((given, budgetTokens) => {
      const rendered = render(given, budgetTokens);
      if ("content" in rendered) expect(rendered.content.length).toBeLessThanOrEqual(budgetTokens * 4);
      else expect(rendered.neededTokens).toBeGreaterThan(budgetTokens);
    });
  });

  it("shows every failed step on a line of its own", () => {
    check((given, budgetTokens) => {
      const rendered = render(given, budgetTokens);
      if (!("content" in rendered)) return;
      for (const failed of given.toolCalls.filter((each) => each.error !== null)) {
        expect(rendered.content).toMatch(
          new RegExp(`^#\\d+ ${failed.spanId} tool ${failed.name} ERROR`, "m"),
        );
      }
    });
  });

  it("accounts for every step: shown, folded or inside a gap that counts it", () => {
    check((given, budgetTokens) => {
      const rendered = render(given, budgetTokens);
      if (!("content" in rendered)) return;
      const shown = [...rendered.content.matchAll(/^#(\d+)(?: to #(\d+) \(x (\d+), all equal\))? /gm)].map(
        ([, first, last]) => Number(last ?? first) - Number(first) + 1,
      );
      const gaps = [
        ...rendered.content.matchAll(/^\[tracegate: #(\d+) to #(\d+) left out, (\d+) in number/gm),
      ];
      for (const [, first, last, count] of gaps) expect(Number(last) - Number(first) + 1).toBe(Number(count));
      const left = gaps.reduce((sum, [, , , count]) => sum + Number(count), 0);
      const steps = given.toolCalls.length + given.llmCalls.length;

      expect(left).toBe(rendered.omittedEntries);
      expect(shown.reduce((sum, count) => sum + count, 0) + left).toBe(steps);
    });
  });

  it("keeps a share from 0 to 1, and 1 exactly when nothing is cut", () => {
    check((given, budgetTokens) => {
      const rendered = render(given, budgetTokens);
      if (!("content" in rendered)) return;
      expect(rendered.kept).toBeGreaterThanOrEqual(0);
      expect(rendered.kept).toBeLessThanOrEqual(1);
      expect(rendered.kept === 1).toBe(!rendered.content.includes("[tracegate: "));
    });
  });

  it("gives the same content for the same trace, in well-formed Unicode", () => {
    check((given, budgetTokens) => {
      const rendered = render(given, budgetTokens);
      expect(render(given, budgetTokens)).toEqual(rendered);
      if ("content" in rendered) expect(rendered.content.isWellFormed()).toBe(true);
    });
  });
});

describe("renderTrace", () => {
  it("writes task, steps and answer, each once", () => {
    const content = contentOf(
      makeTrace({
        systemInstructions: "Be brief.\nBe kind.",
        input: "Where is A-1?",
        toolCalls: [{ name: "get_order", arguments: { id: "A-1" }, result: { status: "shipped" } }],
        output: "It has shipped.",
      }),
    );

    expect(content.split("\n").slice(1, -4)).toEqual([
      "# Instructions of the agent",
      "| Be brief.",
      "| Be kind.",
      "# Task",
      "| Where is A-1?",
      "# What happened",
      "#1 0000000000000002 tool get_order ok 100 ms",
      '| arguments: {"id":"A-1"}',
      '| result: {"status":"shipped"}',
      "#2 0000000000000003 llm test-model ok 100 ms",
      "| finished: stop",
      "# Final answer",
      "| It has shipped.",
    ]);
  });

  it("puts the turns of a conversation between the steps, in the order of the run", () => {
    const turns = [
      textMessage("user", "Hello"),
      textMessage("assistant", "What is the order?"),
      textMessage("user", "A-1"),
      { role: "assistant", parts: [{ type: "tool_call" as const, id: "c1", name: "get_order" }] },
      { role: "tool", parts: [{ type: "tool_result" as const, id: "c1", result: "shipped" }] },
      textMessage("assistant", "Shipped."),
    ];
    const content = contentOf(
      makeTrace({
        messages: turns,
        toolCalls: [{ name: "get_order", callId: "c1", result: "shipped" }],
        output: "Shipped.",
        llmCalls: [],
      }),
    );

    expect(content.match(/^(#\d|\|).*/gm)).toEqual([
      "| Hello",
      "#1 - assistant",
      "| What is the order?",
      "#2 - user",
      "| A-1",
      "#3 0000000000000002 tool get_order ok 100 ms",
      "| result: shipped",
      "| Shipped.",
    ]);
  });

  it("shows only what was said, also what was found, or every step, as the context asks", () => {
    const given = makeTrace({
      toolCalls: [{ name: "get_order", result: "shipped" }],
      rationales: [{ spanId: "0000000000000001", text: "I should look." }],
    });

    expect(contentOf(given, undefined, "answer")).not.toMatch(/get_order|test-model|I should look/);
    expect(contentOf(given, undefined, "evidence")).toMatch(/get_order/);
    expect(contentOf(given, undefined, "evidence")).not.toMatch(/test-model|I should look/);
    expect(contentOf(given)).toMatch(/I should look[\s\S]*get_order[\s\S]*test-model/);
  });

  it("folds equal consecutive steps, with their number and spans", () => {
    const same = { name: "poll", arguments: { id: 1 }, result: "pending" };
    const content = contentOf(makeTrace({ toolCalls: [same, same, same, { ...same, result: "done" }] }));

    expect(content).toContain(
      "#1 to #3 (x 3, all equal) 0000000000000002, 0000000000000003, 0000000000000004 tool poll ok",
    );
    expect(content.match(/result: pending/g)).toHaveLength(1);
    expect(content).toContain("result: done");
  });

  it("never folds failed steps", () => {
    const failed = { name: "pay", error: { type: "timeout" } };
    const content = contentOf(makeTrace({ toolCalls: [failed, failed] }));

    expect(content.match(/tool pay ERROR/g)).toHaveLength(2);
  });

  it("shows the fault of a span that is no call", () => {
    const content = contentOf(
      makeTrace({ errors: [{ spanId: "0000000000000001", type: "Guardrail", message: "blocked" }] }),
    );

    expect(content).toMatch(/^#\d+ 0000000000000001 agent invoke_agent test-agent ERROR/m);
    expect(content).toContain("| error: Guardrail: blocked");
  });

  it("shows an error whole while long results are cut around it", () => {
    const message = `${"stack ".repeat(200)}END`;
    const content = contentOf(
      makeTrace({
        toolCalls: [
          { name: "search", result: "r".repeat(50_000) },
          { name: "pay", error: { type: "Declined", message } },
        ],
      }),
      2_000,
    );

    expect(content).toContain(`| error: Declined: ${message}`);
    expect(content).toMatch(/\[tracegate: \d+ characters left out\]/);
  });

  it("names the spans at both ends of a gap", () => {
    const toolCalls = Array.from({ length: 200 }, (_, index) => ({
      name: "step",
      result: `${index}`.repeat(300),
    }));
    const rendered = render(makeTrace({ toolCalls, llmCalls: [] }), 1_500);
    if (!("content" in rendered)) throw new Error("does not fit");
    const [, first, last, count, spans] =
      /\[tracegate: #(\d+) to #(\d+) left out, (\d+) in number; spans (.*)\]/.exec(rendered.content) ?? [];
    const idOf = (number: number) => (number + 1).toString(16).padStart(16, "0");

    expect(Number(count)).toBe(rendered.omittedEntries);
    expect(rendered.omittedSpanIds).toHaveLength(rendered.omittedEntries);
    expect(spans?.startsWith(idOf(Number(first)))).toBe(true);
    expect(spans?.endsWith(idOf(Number(last)))).toBe(true);
  });

  it("takes a trace of a hundred thousand spans in its stride", { timeout: 60_000 }, () => {
    const toolCalls = Array.from({ length: 100_000 }, (_, index) => ({ name: "step", result: { index } }));
    const given = makeTrace({ toolCalls, messages: [textMessage("user", "Go")], llmCalls: [] });
    const elapsed = startCpuWatch();
    const rendered = render(given);

    expect("content" in rendered && rendered.omittedEntries).toBeGreaterThan(90_000);
    expect(elapsed()).toBeLessThan(5_000);
  });
});
