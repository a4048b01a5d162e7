import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";

import type { Case } from "../../src/core/case.ts";
import { defineJudge } from "../../src/judges/define-judge.ts";
import { correctness, policyAdherence, tone } from "../../src/judges/index.ts";
import type { JudgeOptions } from "../../src/judges/judge-options.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";
import { scriptedJudge } from "../../src/testing/scripted-judge.ts";

const folder = mkdtempSync(join(tmpdir(), "judge-options-"));
afterAll(() => rmSync(folder, { recursive: true }));

const { signal } = new AbortController();
const labels = { yes: 1, no: 0 };
const trace = makeTrace({
  toolCalls: [
    { name: "get_order", result: "shipped" },
    { name: "cancel_order", result: "done" },
  ],
  rationales: [{ spanId: "0000000000000002", text: "I look first." }],
  toolDefinitions: [{ name: "get_order", description: "Looks up.", parameters: { type: "object" } }],
  agentCalls: [
    {
      spanId: "0000000000000003",
      parentSpanId: "0000000000000001",
      agent: "chief",
      name: "clerk",
      given: "Cancel it.",
      returned: "Cancelled.",
      error: null,
    },
  ],
});
const written: Case = {
  v: 1,
  id: "c",
  input: { messages: [] },
  mustPass: [],
  tags: [],
  source: { kind: "written" },
};

async function ask(options: Partial<JudgeOptions>, tried?: Case) {
  const judge = scriptedJudge(["yes"]);
  const scorer = defineJudge("asked", { question: "Is it?", labels, ...options });
  const score = await scorer.score({ trace, ...(tried && { case: tried }) }, { signal, judge });
  return { score, question: judge.questions()[0], content: judge.questions()[0]?.content ?? "" };
}

describe("what a judge is shown", () => {
  it("are the parts it names, and no others", async () => {
    const tools = await ask({ context: ["tools"] });
    expect(tools.content).toContain("tool get_order");
    expect(tools.content).not.toMatch(/I look first|Looks up|agent called|llm/);

    const rest = await ask({ context: ["reasons", "definitions", "agents"] });
    expect(rest.content).not.toContain("tool get_order");
    expect(rest.content).toContain('# Tools on offer\n| get_order: Looks up.\n|   takes {"type":"object"}');
    expect(rest.content).toContain("| I look first.");
    expect(rest.content).toContain("agent called by chief clerk ok\n| given: Cancel it.");
    expect(rest.content).toContain("agent returned clerk ok\n| Cancelled.");
  });

  it("are documents, before everything that is recorded", async () => {
    const file = join(folder, "refunds.md");
    writeFileSync(file, "No refund after 30 days.\n");
    const { question, content } = await ask({ documents: [{ file }, { title: "Tone", text: "Be kind." }] });

    expect(question?.instructions).toContain("# refunds.md\nNo refund after 30 days.\n\n# Tone\nBe kind.");
    expect(content).not.toContain("30 days");
  });

  it("is what the case expects, inside the record; without that it is not asked", async () => {
    const { content } = await ask({ expected: true }, { ...written, expected: { status: "cancelled" } });
    expect(content).toContain('# What was expected\n| {"status":"cancelled"}\n\n<<end of trace');

    expect((await ask({ expected: true }, written)).score.explanation).toContain("Add `expected`");
    const live = await correctness().score({ trace }, { signal, judge: scriptedJudge([]) });
    expect(live).toMatchObject({
      unscored: { code: "not-applicable" },
      explanation: expect.stringMatching(/Live/),
    });
  });

  it("is one span first of all, where the question is about one", async () => {
    const long = makeTrace({
      toolCalls: Array.from({ length: 200 }, (_, index) => ({
        name: "get_page",
        result: `${index} ${"x".repeat(600)}`,
      })),
    });
    const focus = long.toolCalls[100]?.spanId ?? "";
    const judge = scriptedJudge(["yes"]);
    const options = { question: "Was it needed?", labels, budgetTokens: 2_000 };
    const scorer = defineJudge("one-span", { ...options, span: () => focus });
    await scorer.score({ trace: long }, { signal, judge });

    const content = judge.questions()[0]?.content ?? "";
    expect(content).toContain(`# The step that is asked about\n| ${focus}\n`);
    expect(content).toMatch(new RegExp(`^#101 ${focus} tool get_page`, "m"));

    const none = defineJudge("one-span", { ...options, span: () => undefined });
    const score = await none.score({ trace: long }, { signal, judge: scriptedJudge([]) });
    expect(score.unscored).toEqual({ code: "not-applicable" });
  });

  it("are changes of state longer than steps that only looked", async () => {
    const mixed = makeTrace({
      toolCalls: Array.from({ length: 300 }, (_, index) => ({
        name: index % 50 === 25 ? "cancel_order" : "get_page",
        result: `${index} ${"x".repeat(300)}`,
      })),
    });
    const judge = scriptedJudge(["yes"]);
    const scorer = defineJudge("small", { question: "?", labels, budgetTokens: 2_500 });
    await scorer.score({ trace: mixed }, { signal, judge });

    const content = judge.questions()[0]?.content ?? "";
    expect(content.match(/tool cancel_order ok/g)).toHaveLength(6);
    expect(content.match(/tool get_page ok/g)?.length).toBeLessThan(60);
  });

  it("is an equal step as a reference to the first one", async () => {
    const result = "The order has been shipped and will arrive on Monday or Tuesday.";
    const repeated = makeTrace({
      toolCalls: [{ name: "get_order", result }, { name: "get_time" }, { name: "get_order", result }],
    });
    const judge = scriptedJudge(["yes"]);
    await defineJudge("repeats", { question: "?", labels }).score({ trace: repeated }, { signal, judge });

    const content = judge.questions()[0]?.content ?? "";
    expect(content.match(/shipped and will arrive/g)).toHaveLength(1);
    expect(content).toMatch(/^#3 [0-9a-f]{16} tool get_order ok 100 ms, equal to #1$/m);
  });
});

describe("a judge's definition", () => {
  it("carries its tier to the question and its weight to the gate", async () => {
    expect((await ask({ tier: "strong" })).question?.tier).toBe("strong");
    expect(defineJudge("heavy", { question: "?", labels, weight: 4 }).weight).toBe(4);
  });

  it("is another instrument with another question, document, context, budget or number of reads", () => {
    const instrument = (options: Partial<JudgeOptions>) =>
      defineJudge("asked", { question: "Is it?", labels, ...options }).instrument?.(scriptedJudge([]));
    const variants = [
      {},
      { question: "Was it?" },
      { documents: [{ text: "A policy." }] },
      { context: "answer" as const },
      { budgetTokens: 1_000 },
      { reads: 6 },
      { labels: { yes: 1, partly: 0.5, no: 0 } },
    ].map(instrument);

    expect(new Set(variants).size).toBe(variants.length);
  });

  it.each([
    [{ passat: 0.7 }, /Judge "asked": "passat" is none of its options: .*passAt/],
    [{ question: " " }, /Judge "asked": question is missing or empty/],
    [{ labels: undefined }, /labels must be two or more, got 0/],
    [{ withinMs: -1 }, /withinMs must be 0 or more ms/],
    [{ reads: -1 }, /reads must be 0 to 20/],
    [{ weight: 0 }, /weight must be more than 0/],
    [{ budgetTokens: 0 }, /budgetTokens must be/],
    [{ labels: { read_spans: 1, no: 0 } }, /meaning of its own/],
    [{ documents: [{ file: "not-there.md" }] }, /not-there\.md cannot be read/],
    [{ documents: [{ text: " ", title: "Policy" }] }, /Policy is empty/],
  ])("is refused with %j", (options, message) => {
    // As a configuration does it, whose types nobody checks.
    const asRead: JudgeOptions = Object.assign({ question: "?", labels }, options);
    expect(() => defineJudge("asked", asRead)).toThrow(message);
  });

  it("is refused for a policy judge without a policy", () => {
    expect(() => policyAdherence({ documents: [] })).toThrow(/policy/);
    expect(() => Reflect.apply(policyAdherence, null, [])).toThrow(/needs a policy/);
  });

  it("says how soon the answer is needed, of the built-in ones, too", async () => {
    const judge = scriptedJudge(["yes"]);
    await tone({ withinMs: 86_400_000 }).score({ trace }, { signal, judge });
    expect(judge.questions()).toMatchObject([{ scorer: "tone", withinMs: 86_400_000 }]);
  });
});
