import { describe, expect, it } from "vitest";

import { TracegateError } from "../../src/core/errors.ts";
import type { Judge } from "../../src/core/judge.ts";
import { passed } from "../../src/core/score.ts";
import { defineJudge } from "../../src/judges/define-judge.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";
import { scriptedJudge } from "../../src/testing/scripted-judge.ts";

const signal = new AbortController().signal;
const trace = makeTrace({
  input: "Cancel order A-17.",
  toolCalls: [{ name: "cancel_order", arguments: { id: "A-17" }, result: { status: "cancelled" } }],
  output: "Order A-17 is cancelled.",
});

const resolved = defineJudge("resolved", {
  question: "Did the agent do what the user asked, using only facts its tools returned?",
  labels: { yes: 1, partly: 0.5, no: 0 },
});

describe("defineJudge", () => {
  it("turns the answer's label into its value, with rationale, evidence and cost", async () => {
    const judge = scriptedJudge([
      {
        label: "partly",
        rationale: "It cancelled, but did not say when.",
        evidence: ["0000000000000002"],
        model: "gpt-4o-mini",
        usage: { inputTokens: 900, outputTokens: 50 },
        cost: 0.0002,
      },
    ]);
    const score = await resolved.score({ trace }, { signal, judge });

    expect(score).toMatchObject({
      name: "resolved",
      version: "1",
      kind: "judge",
      value: 0.5,
      label: "partly",
      explanation: "It cancelled, but did not say when.",
      evidence: ["0000000000000002"],
      unscored: null,
      passAt: 0.5,
      metadata: {
        judgeProvider: "scripted",
        judgeModel: "gpt-4o-mini",
        usage: { inputTokens: 900, outputTokens: 50 },
        costUsd: 0.0002,
        kept: 1,
        unknownEvidence: 0,
      },
    });
    expect(passed(score)).toBe(true);
  });

  it("asks with the labels and cannot_judge, the trace in the content, the question after it", async () => {
    const judge = scriptedJudge(["yes"]);
    await resolved.score({ trace }, { signal, judge });

    const [question] = judge.questions();
    expect(question?.labels).toEqual(["yes", "partly", "no", "cannot_judge"]);
    const after = question?.content.slice(question.sharedLength);
    expect(after).toContain("using only facts its tools returned?");
    expect(after).not.toContain("A-17");
    expect(question?.instructions).not.toContain("A-17");
    expect(question?.content).toContain("Order A-17 is cancelled.");
    expect(question?.content).toContain('"status":"cancelled"');
  });

  it("drops cited spans that the trace does not have, and counts them", async () => {
    const evidence = ["ffffffffffffffff", "0000000000000002", "#1"];
    const score = await resolved.score(
      { trace },
      { signal, judge: scriptedJudge([{ label: "no", evidence }]) },
    );

    expect(score.evidence).toEqual(["0000000000000002"]);
    expect(score.metadata.unknownEvidence).toBe(2);
  });

  it("is unscored when the judge cannot tell, with the judge's reason", async () => {
    const judge = scriptedJudge([{ label: "cannot_judge", rationale: "The result was cut." }]);
    const score = await resolved.score({ trace }, { signal, judge });

    expect(score).toMatchObject({ value: null, label: null, unscored: { code: "cannot-judge" } });
    expect(score.explanation).toContain("The result was cut.");
    expect(passed(score)).toBeNull();
  });

  it("is unscored when a label outside the set gets through", async () => {
    const score = await resolved.score({ trace }, { signal, judge: scriptedJudge(["toString"]) });

    expect(score).toMatchObject({ value: null, unscored: { code: "schema-broken" } });
  });

  it("hands on why there is no answer, when to try again, and what it cost", async () => {
    const judge = scriptedJudge([
      { unscored: { code: "rate-limited", retryAt: 1_234 }, reason: "Slow down.", usage: {}, cost: 0.01 },
    ]);
    const score = await resolved.score({ trace }, { signal, judge });

    expect(score).toMatchObject({
      value: null,
      unscored: { code: "rate-limited", retryAt: 1_234 },
      explanation: "Slow down.",
      metadata: { costUsd: 0.01 },
    });
  });

  it("says what to set when no judge is configured", async () => {
    const score = await resolved.score({ trace }, { signal });

    expect(score).toMatchObject({ value: null, unscored: { code: "no-key" } });
    expect(score.explanation).toContain("OPENAI_API_KEY");
    expect(score.explanation).toContain("ANTHROPIC_API_KEY");
  });

  it("prefers its own judge over that of the configuration", async () => {
    const own = scriptedJudge(["yes"]);
    const configured = scriptedJudge([]);
    const scorer = defineJudge("own", { question: "?", labels: { yes: 1, no: 0 }, judge: own });
    const score = await scorer.score({ trace }, { signal, judge: configured });

    expect(score.value).toBe(1);
  });

  it.each([
    [false, "does not apply"],
    ["No refund was asked for.", "No refund was asked for."],
  ])("is not applicable, and asks nobody, when applies gives %j", async (answer, sentence) => {
    const judge = scriptedJudge([]);
    const scorer = defineJudge("refund", {
      question: "?",
      labels: { yes: 1, no: 0 },
      applies: () => answer,
    });
    const score = await scorer.score({ trace }, { signal, judge });

    expect(score).toMatchObject({ value: null, unscored: { code: "not-applicable" } });
    expect(score.explanation).toContain(sentence);
    expect(judge.questions()).toEqual([]);
  });

  it("is unscored, and asks nobody, when the trace does not fit however it is cut", async () => {
    const judge = scriptedJudge([]);
    const failures = Array.from({ length: 50 }, () => ({ name: "pay", error: { type: "timeout" } }));
    const scorer = defineJudge("small", { question: "?", labels: { yes: 1, no: 0 }, budgetTokens: 200 });
    const score = await scorer.score({ trace: makeTrace({ toolCalls: failures }) }, { signal, judge });

    expect(score).toMatchObject({ value: null, unscored: { code: "too-large" } });
    expect(score.explanation).toMatch(/needs about \d+ tokens.*budgetTokens of "small"/);
    expect(judge.questions()).toEqual([]);
  });

  it("lets a fault of the judge's code through: that is the pipeline's to name", async () => {
    const broken: Judge = {
      provider: "broken",
      model: "m",
      identity: "i",
      ask: () => Promise.reject(new Error("bug")),
    };
    await expect(resolved.score({ trace }, { signal, judge: broken })).rejects.toThrow("bug");
  });

  it.each([
    ["Not Kebab", { yes: 1, no: 0 }, /kebab-case/],
    ["one-label", { yes: 1 }, /two or more/],
    ["own-label", { yes: 1, cannot_judge: 0 }, /always on offer/],
    ["odd-label", { yes: 1, "<no>": 0 }, /must consist of/],
    ["out-of-range", { yes: 2, no: 0 }, /worth 0 to 1, got 2/],
    ["not-a-number", { yes: Number.NaN, no: 0 }, /worth 0 to 1/],
  ])("refuses the definition %j", (name, labels, message) => {
    const define = () => defineJudge(name, { question: "?", labels });
    expect(define).toThrow(message);
    expect(define).toThrow(TracegateError);
  });
});
