import { describe, expect, it } from "vitest";

import { groundedness, instructionFollowing } from "../../src/judges/index.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";
import { scriptedJudge } from "../../src/testing/scripted-judge.ts";

const signal = new AbortController().signal;
const lookup = { name: "get_order", arguments: { id: "A-1" }, result: { status: "shipped" } };

describe("groundedness", () => {
  it("shows the judge the answer and everything that may support it", async () => {
    const judge = scriptedJudge(["yes"]);
    const trace = makeTrace({
      systemInstructions: "Refunds take five days.",
      input: "Where is A-1?",
      toolCalls: [lookup],
      retrievals: [{ query: "shipping", documents: [{ id: "faq-3", content: "Ships by train." }] }],
      memoryOperations: [{ query: "name", records: ["Ada"] }],
      output: "A-1 has shipped.",
    });
    const score = await groundedness().score({ trace }, { signal, judge });

    expect(score.value).toBe(1);
    const content = judge.questions()[0]?.content ?? "";
    for (const text of [
      "Refunds take five days.",
      "Where is A-1?",
      '{"status":"shipped"}',
      "faq-3: Ships by train.",
      '["Ada"]',
      "A-1 has shipped.",
    ]) {
      expect(content).toContain(text);
    }
    expect(content).not.toContain("llm");
  });

  it.each([
    ["without an answer", makeTrace({ toolCalls: [lookup], output: null }), /no final answer/],
    [
      "with an answer of punctuation",
      makeTrace({ toolCalls: [lookup], output: " :\n---" }),
      /no final answer/,
    ],
    ["when nothing was looked up", makeTrace({ output: "It is five." }), /looked nothing up/],
    ["when results were not recorded", makeTrace({ toolCalls: [{ name: "get_order" }] }), /not recorded/],
  ])("is not applicable %s", async (_when, trace, reason) => {
    const judge = scriptedJudge([]);
    const score = await groundedness().score({ trace }, { signal, judge });

    expect(score.unscored).toEqual({ code: "not-applicable" });
    expect(score.explanation).toMatch(reason);
  });

  it("applies when the only source is a failed call", async () => {
    const trace = makeTrace({ toolCalls: [{ name: "get_order", error: { type: "timeout" } }] });
    const score = await groundedness().score({ trace }, { signal, judge: scriptedJudge(["no"]) });

    expect(score.value).toBe(0);
  });

  it("can be made again with another name, judge and budget", async () => {
    const strict = groundedness({
      name: "groundedness-strict",
      judge: scriptedJudge(["yes"]),
      passAt: 1,
    });

    expect(strict).toMatchObject({ name: "groundedness-strict", passAt: 1, kind: "judge" });
    expect((await strict.score({ trace: makeTrace({ toolCalls: [lookup] }) }, { signal })).value).toBe(1);
  });
});

describe("instruction-following", () => {
  it("asks about the instructions, the request and the answer", async () => {
    const judge = scriptedJudge(["no"]);
    const trace = makeTrace({
      systemInstructions: "Answer in French.",
      input: "Bonjour?",
      output: "Good day.",
    });
    const score = await instructionFollowing().score({ trace }, { signal, judge });

    expect(score.value).toBe(0);
    const content = judge.questions()[0]?.content ?? "";
    expect(content).toMatch(/Answer in French\.[\s\S]*Bonjour\?[\s\S]*Good day\./);
  });

  it("is not applicable without an answer, or with nothing to follow", async () => {
    const scored = await Promise.all(
      [makeTrace({ output: null }), makeTrace({ input: null, messages: [], output: "Hello." })].map((trace) =>
        instructionFollowing().score({ trace }, { signal, judge: scriptedJudge([]) }),
      ),
    );

    expect(scored.map((score) => score.unscored?.code)).toEqual(["not-applicable", "not-applicable"]);
  });
});
