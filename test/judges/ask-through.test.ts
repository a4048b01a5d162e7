import { describe, expect, it } from "vitest";

import type { NoAnswer, SecondTry } from "../../src/core/judge.ts";
import type { UnscoredCode } from "../../src/core/score.ts";
import { askThrough } from "../../src/judges/ask-through.ts";
import { defineJudge } from "../../src/judges/define-judge.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";
import { scriptedJudge } from "../../src/testing/scripted-judge.ts";

const question = { scorer: "s", version: "1", instructions: "i", content: "c", labels: ["yes", "no"] };
const { signal } = new AbortController();
const usage = { inputTokens: 100, outputTokens: 10 };
const moreOutput: SecondTry = { kind: "more-output" };
const repair: SecondTry = { kind: "repair", written: "yes!", problem: "it is not JSON" };

const none = (code: UnscoredCode, more: Partial<NoAnswer> = {}): NoAnswer => ({
  unscored: { code },
  reason: `${code}.`,
  usage,
  cost: 0.01,
  ...more,
});
const yes = { label: "yes", usage, cost: 0.02 };

describe("askThrough", () => {
  it("gives an answer as it is, after one call", async () => {
    const judge = scriptedJudge([yes]);

    const answer = await askThrough(judge, question, signal);
    expect(answer).toMatchObject({ label: "yes", cost: 0.02 });
    expect(answer).not.toHaveProperty("calls");
    expect(judge.questions()).toEqual([question]);
  });

  it.each([
    ["cut", moreOutput],
    ["schema-broken", repair],
  ] as const)(
    "asks again in the proposed way after %s, and adds up what both cost",
    async (code, secondTry) => {
      const judge = scriptedJudge([none(code, { secondTry }), yes]);

      const answer = await askThrough(judge, question, signal);
      expect(answer).toMatchObject({
        label: "yes",
        calls: 2,
        usage: { inputTokens: 200, outputTokens: 20 },
      });
      expect(answer.cost).toBeCloseTo(0.03, 10);
      expect(judge.questions()).toEqual([question, { ...question, secondTry }]);
    },
  );

  it("keeps the doubt about a first try that had to be asked again", async () => {
    const judge = scriptedJudge([none("schema-broken", { secondTry: repair, inDoubt: true }), yes]);
    expect(await askThrough(judge, question, signal)).toMatchObject({ label: "yes", inDoubt: true });
  });

  it("says of a score without an answer that it may have been paid twice", async () => {
    const judge = scriptedJudge([none("bad-request", { inDoubt: true })]);
    const scorer = defineJudge("resolved", { question: "Done?", labels: { yes: 1, no: 0 } });
    const score = await scorer.score({ trace: makeTrace() }, { judge, signal });
    expect(score).toMatchObject({
      unscored: { code: "bad-request" },
      explanation: expect.stringMatching(/^bad-request\. .* may have been paid twice\.$/),
      metadata: { inDoubt: true },
    });
  });

  it("asks no third time, says what came before, and proposes nothing more", async () => {
    const judge = scriptedJudge([
      none("cut", { secondTry: moreOutput }),
      none("schema-broken", { secondTry: repair }),
    ]);

    const answer = await askThrough(judge, question, signal);
    expect(answer).toMatchObject({
      unscored: { code: "schema-broken" },
      reason: "schema-broken. (Asked again after: cut.)",
      calls: 2,
    });
    expect(answer).not.toHaveProperty("secondTry");
  });

  it("asks the fallback once where the judge refused, also after a second try", async () => {
    const fallback = { ...scriptedJudge([yes, yes]), provider: "other" };
    const refusing = { ...scriptedJudge([none("refused")]), fallback };
    const cutThenRefusing = {
      ...scriptedJudge([none("cut", { secondTry: moreOutput }), none("refused")]),
      fallback,
    };

    expect(await askThrough(refusing, question, signal)).toMatchObject({
      label: "yes",
      provider: "other",
      calls: 2,
    });
    expect(await askThrough(cutThenRefusing, question, signal)).toMatchObject({ label: "yes", calls: 3 });
    expect(fallback.questions()).toEqual([question, question]);
  });

  it("leaves a refusal at that without a fallback, and when the fallback refuses, too", async () => {
    const alone = scriptedJudge([none("refused")]);
    const both = { ...scriptedJudge([none("refused")]), fallback: scriptedJudge([none("refused")]) };

    expect(await askThrough(alone, question, signal)).toEqual(none("refused"));
    expect(await askThrough(both, question, signal)).toMatchObject({
      unscored: { code: "refused" },
      reason: "refused. (Asked again after: refused.)",
      calls: 2,
    });
  });

  it.each([
    "rate-limited",
    "provider-down",
    "timed-out",
    "bad-request",
    "key-refused",
    "quota",
    "cannot-judge",
    "too-large",
  ] as const)("does not try %s again by itself", async (code) => {
    const judge = { ...scriptedJudge([none(code)]), fallback: scriptedJudge([]) };

    expect(await askThrough(judge, question, signal)).toEqual(none(code));
  });

  it("keeps the time of the next try when the second one meets a rate limit", async () => {
    const limited: NoAnswer = {
      unscored: { code: "rate-limited", retryAt: 5 },
      reason: "later",
      limits: { retryAt: 5 },
    };
    const judge = scriptedJudge([none("cut", { secondTry: moreOutput }), limited]);

    expect(await askThrough(judge, question, signal)).toMatchObject({
      unscored: { code: "rate-limited", retryAt: 5 },
      limits: { retryAt: 5 },
      usage,
      cost: 0.01,
    });
  });

  it("has no cost when one of the paid calls has no price", async () => {
    const { cost: _, ...unpriced } = none("cut", { secondTry: moreOutput });
    const answer = await askThrough(scriptedJudge([unpriced, yes]), question, signal);

    expect(answer).toMatchObject({ label: "yes", usage: { inputTokens: 200 } });
    expect(answer).not.toHaveProperty("cost");
  });

  it("counts only what is paid now when the first try came from the store", async () => {
    const first = none("cut", { secondTry: moreOutput, remembered: true });
    const mixed = await askThrough(scriptedJudge([first, yes]), question, signal);
    const known = await askThrough(scriptedJudge([first, { ...yes, remembered: true }]), question, signal);

    expect(mixed).toMatchObject({ usage, cost: 0.02 });
    expect(mixed).not.toHaveProperty("remembered");
    expect(known).toMatchObject({ usage: { inputTokens: 200 }, remembered: true });
  });

  it("asks nobody any more once its signal has fired", async () => {
    const controller = new AbortController();
    const judge = scriptedJudge(() => {
      controller.abort();
      return none("cut", { secondTry: moreOutput });
    });

    expect(await askThrough(judge, question, controller.signal)).toMatchObject({ unscored: { code: "cut" } });
    expect(judge.questions()).toHaveLength(1);
  });
});

it("a score tells who answered, how often was asked, and how sure the judge was", async () => {
  const sure = { ...yes, model: "luna", probabilities: { yes: 0.9, no: 0.1 } };
  const fallback = { ...scriptedJudge([sure]), provider: "other" };
  const judge = { ...scriptedJudge([none("refused")]), fallback };
  const scorer = defineJudge("s", { question: "?", labels: { yes: 1, no: 0 }, judge });

  const score = await scorer.score({ trace: makeTrace({ output: "Your table is booked." }) }, { signal });
  expect(score).toMatchObject({
    value: 1,
    metadata: {
      judgeProvider: "other",
      judgeModel: "luna",
      calls: 2,
      probabilities: { yes: 0.9, no: 0.1 },
      usage: { inputTokens: 200 },
    },
  });
});
