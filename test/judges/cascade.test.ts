import { describe, expect, it } from "vitest";

import type { Answer, NoAnswer } from "../../src/core/judge.ts";
import type { UnscoredCode } from "../../src/core/score.ts";
import { cascade } from "../../src/judges/cascade.ts";
import { defineJudge } from "../../src/judges/define-judge.ts";
import { panel } from "../../src/judges/panel.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";
import { type ScriptedReply, scriptedJudge } from "../../src/testing/scripted-judge.ts";

const { signal } = new AbortController();
const usage = { inputTokens: 100, outputTokens: 10 };
const sure = (label: string, probability: number): Partial<Answer> & { label: string } => ({
  label,
  probabilities: { [label]: probability },
  usage,
  cost: 0.001,
});
const none = (code: UnscoredCode): NoAnswer => ({
  unscored: { code, ...(code === "rate-limited" && { retryAt: 1 }) },
  reason: `${code}.`,
  usage,
  cost: 0.001,
});
const strongAnswer = { label: "no", usage, cost: 0.02 };

const question = { question: "Good?", labels: { yes: 1, no: 0 } };
const ask = (judge: Parameters<typeof defineJudge>[1]["judge"]) =>
  defineJudge("good", { ...question, ...(judge && { judge }) }).score({ trace: makeTrace() }, { signal });

async function throughCascade(cheapReply: ScriptedReply, acceptAbove = 0.9) {
  const cheap = scriptedJudge([cheapReply]);
  const strong = { ...scriptedJudge([strongAnswer]), identity: "strong", provider: "other" };
  const score = await ask(cascade({ cheap, strong, acceptAbove }));
  return { score, asked: [cheap.questions().length, strong.questions().length] };
}

describe("a cascade", () => {
  it("takes the cheap answer where it is sure enough, and says which tier answered", async () => {
    const { score, asked } = await throughCascade(sure("yes", 0.95));
    expect(asked).toEqual([1, 0]);
    expect(score).toMatchObject({ value: 1, metadata: { tier: "cheap", costUsd: 0.001 } });
  });

  it.each([
    ["is unsure", sure("yes", 0.8)],
    ["tells no probability", { label: "yes", usage, cost: 0.001 }],
    ["cannot tell", sure("cannot_judge", 0.99)],
    ["refuses", none("refused")],
  ])("asks the strong one where the cheap one %s, and counts both", async (_why, reply) => {
    const { score, asked } = await throughCascade(reply);
    expect(asked).toEqual([1, 1]);
    expect(score).toMatchObject({
      value: 0,
      metadata: { tier: "strong", judgeProvider: "other", costUsd: 0.021, calls: 2 },
    });
  });

  it("waits where the cheap one may only come later, for else a rate limit would send everything to the strong one", async () => {
    const { score, asked } = await throughCascade(none("rate-limited"));
    expect(asked).toEqual([1, 0]);
    expect(score.unscored?.code).toBe("rate-limited");
  });

  it("is another instrument with another threshold", () => {
    const judges = { cheap: scriptedJudge([]), strong: { ...scriptedJudge([]), identity: "strong" } };
    const scorer = defineJudge("good", question);
    const of = (acceptAbove: number) => scorer.instrument?.(cascade({ ...judges, acceptAbove }));
    expect(of(0.9)).not.toBe(of(0.8));
  });

  it("refuses a threshold that is no probability, and a cascade of cascades", () => {
    const judge = scriptedJudge([]);
    expect(() => cascade({ cheap: judge, strong: judge, acceptAbove: 90 })).toThrow(
      "acceptAbove must be from 0 to 1",
    );
    const inner = cascade({ cheap: judge, strong: judge });
    expect(() => cascade({ cheap: inner, strong: judge })).toThrow("must be one model");
  });
});

describe("a panel", () => {
  const member = (reply: ScriptedReply, name: string) => ({
    ...scriptedJudge([reply]),
    provider: name,
    identity: name,
  });
  const answer = (label: string): ScriptedReply => ({ label, usage, cost: 0.01 });

  it("counts what its judges agree on, and records that they do", async () => {
    const score = await ask(panel([member(answer("yes"), "a"), member(answer("yes"), "b")]));
    expect(score).toMatchObject({ value: 1, metadata: { panelAgrees: true, costUsd: 0.02, calls: 2 } });
  });

  it("averages nothing: where they differ nobody can judge, and a person is named", async () => {
    const score = await ask(panel([member(answer("yes"), "a"), member(answer("no"), "b")]));
    expect(score).toMatchObject({ value: null, unscored: { code: "cannot-judge" } });
    expect(score.explanation).toContain("The judges differ: scripted says yes, scripted says no.");
    expect(score.metadata).toMatchObject({ panelAgrees: false, costUsd: 0.02 });
  });

  it("lets the arbiter decide where there is one", async () => {
    const judges = [member(answer("yes"), "a"), member(answer("no"), "b")];
    const score = await ask(panel(judges, { arbiter: member(answer("no"), "c") }));
    expect(score).toMatchObject({
      value: 0,
      metadata: { judgeProvider: "c", panelAgrees: false, costUsd: 0.03, calls: 3 },
    });
  });

  it("has no answer while one of its judges has none", async () => {
    const score = await ask(panel([member(answer("yes"), "a"), member(none("rate-limited"), "b")]));
    expect(score.unscored?.code).toBe("rate-limited");
  });

  it("needs two judges", () => {
    expect(() => panel([scriptedJudge([])])).toThrow("needs two judges or more, got 1");
  });
});
