import { describe, expect, it } from "vitest";

import { defineJudge } from "../../src/judges/define-judge.ts";
import { READ_SPANS } from "../../src/judges/judge-question.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";
import { scriptedJudge } from "../../src/testing/scripted-judge.ts";

const { signal } = new AbortController();
const labels = { yes: 1, no: 0 };

/** Sixty long steps; the thirtieth says something in its middle that no cut leaves standing. */
const trace = makeTrace({
  toolCalls: Array.from({ length: 60 }, (_, index) => ({
    name: "get_page",
    arguments: { page: index },
    result: `${"a".repeat(2_000)}${index === 29 ? "NEEDLE" : ""}${"b".repeat(2_000)}${index}`,
  })),
});
const needle = trace.toolCalls[29]?.spanId ?? "none";
const reader = (reads: number) =>
  defineJudge("reader", { question: "Is it?", labels, budgetTokens: 4_000, reads });

describe("a judge that may ask for steps", () => {
  it("is shown those in full that it asks for, and then answers, and the costs are added up", async () => {
    const usage = { inputTokens: 100, outputTokens: 10 };
    const judge = scriptedJudge([
      { label: READ_SPANS, evidence: [needle], usage, cost: 0.01 },
      { label: "no", evidence: [needle], usage, cost: 0.02 },
    ]);
    const score = await reader(6).score({ trace }, { signal, judge });

    const [first, second] = judge.questions();
    expect(first?.labels).toEqual(["yes", "no", "cannot_judge", READ_SPANS]);
    expect(first?.content).toContain("up to 6 steps in full");
    expect(first?.content).not.toContain("NEEDLE");
    expect(second?.content).toContain("# Steps in full, as you asked");
    expect(second?.content).toContain("NEEDLE");
    expect(second?.content).toContain("up to 5 steps in full");
    expect(score).toMatchObject({
      value: 0,
      evidence: [needle],
      metadata: { readSpanIds: [needle], usage: { inputTokens: 200, outputTokens: 20 }, calls: 2 },
    });
    expect(score.metadata.costUsd).toBeCloseTo(0.03);
  });

  it("has to answer when it has seen as many as it may, however it asks", async () => {
    const spanIds = trace.toolCalls.map(({ spanId }) => spanId ?? "");
    const judge = scriptedJudge(({ labels: offered }) =>
      offered.includes(READ_SPANS) ? { label: READ_SPANS, evidence: spanIds.splice(0, 4) } : "yes",
    );
    const score = await reader(6).score({ trace }, { signal, judge });

    expect(judge.questions()).toHaveLength(3);
    expect(judge.questions()[2]?.labels).toEqual(["yes", "no", "cannot_judge"]);
    expect(score).toMatchObject({ value: 1 });
    expect(score.metadata.readSpanIds).toHaveLength(6);
  });

  it("is told of ids that no step has, and gets no second chance for asking for nothing", async () => {
    const made = scriptedJudge([{ label: READ_SPANS, evidence: ["ffffffffffffffff"] }, "yes"]);
    await reader(6).score({ trace }, { signal, judge: made });
    expect(made.questions()[1]?.content).toContain("there is no step with the span id ffffffffffffffff");

    const nothing = scriptedJudge([{ label: READ_SPANS, evidence: [] }, "yes"]);
    await reader(6).score({ trace }, { signal, judge: nothing });
    expect(nothing.questions()[1]?.labels).not.toContain(READ_SPANS);
  });

  it("is unscored when it wants to read and may not, like with any other label that is not on offer", async () => {
    const judge = scriptedJudge([READ_SPANS]);
    const score = await reader(0).score({ trace }, { signal, judge });

    expect(score.unscored).toEqual({ code: "schema-broken" });
    expect(judge.questions()[0]?.content).not.toContain("steps in full");
  });

  it("is not told of it when nothing was cut", async () => {
    const judge = scriptedJudge(["yes"]);
    await reader(6).score({ trace: makeTrace() }, { signal, judge });

    expect(judge.questions()[0]?.labels).toEqual(["yes", "no", "cannot_judge"]);
  });

  it("gets a list of steps where a trace fits in no other way", async () => {
    const toolCalls = Array.from({ length: 50 }, () => ({
      name: "pay",
      result: "x".repeat(500),
      error: { type: "timeout", message: "y".repeat(500) },
    }));
    const many = makeTrace({ toolCalls });
    const options = { question: "Is it?", labels, budgetTokens: 2_000 };
    const refused = await defineJudge("small", options).score(
      { trace: many },
      { signal, judge: scriptedJudge([]) },
    );
    expect(refused.unscored).toEqual({ code: "too-large" });
    expect(refused.explanation).toContain("reads: 6");

    const judge = scriptedJudge(["yes"]);
    const score = await defineJudge("small", { ...options, reads: 6 }).score(
      { trace: many },
      { signal, judge },
    );
    expect(score.value).toBe(1);
    const content = judge.questions()[0]?.content ?? "";
    expect(content.match(/^#\d+ [0-9a-f]{16} tool pay ERROR/gm)).toHaveLength(50);
    expect(content).toContain("characters left out]");
    expect(content).not.toContain("yyy");
  });
});
