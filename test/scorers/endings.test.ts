import { describe, expect, it } from "vitest";
import type { FinishReason } from "../../src/core/message.ts";
import { type Message, textMessage } from "../../src/core/message.ts";
import type { Scorer } from "../../src/core/scorer.ts";
import { finishReason } from "../../src/scorers/finish-reason.ts";
import { noFinalAnswer } from "../../src/scorers/no-final-answer.ts";
import { makeTrace, type TraceSketch } from "../../src/testing/make-trace.ts";

const score = (scorer: Scorer, sketch: TraceSketch) =>
  scorer.score({ trace: makeTrace(sketch) }, { signal: new AbortController().signal });

describe("finish-reason", () => {
  it.each<[FinishReason, number]>([
    ["stop", 1],
    ["tool_call", 1],
    ["other", 1],
    ["length", 0],
    ["content_filter", 0],
    ["error", 0],
  ])("reads %s as %d", async (reason, value) => {
    const given = await score(finishReason(), { llmCalls: [{ finishReason: reason }] });
    expect(given).toMatchObject({ value, label: reason, evidence: value === 1 ? [] : ["0000000000000002"] });
  });

  it("looks at the call that ended last, wherever it stands", async () => {
    const cut = { finishReason: "length", endTime: 1 } as const;
    const whole = { finishReason: "stop", endTime: 2 } as const;
    expect((await score(finishReason(), { llmCalls: [whole, cut] })).value).toBe(1);
    expect((await score(finishReason(), { llmCalls: [cut, { ...whole, endTime: 0 }] })).value).toBe(0);
  });

  it("fails a last call that failed, whatever reason it reports", async () => {
    const error = { type: "429", message: "too many requests" };
    const given = await score(finishReason(), { llmCalls: [{ model: "m", finishReason: "stop", error }] });
    expect(given.explanation).toBe("The last LLM call (model m) ended in an error: too many requests.");
  });

  it("has nothing to say without LLM calls or without a recorded reason", async () => {
    expect((await score(finishReason(), { llmCalls: [] })).unscored).toEqual({ code: "not-applicable" });
    expect((await score(finishReason(), { llmCalls: [{}] })).unscored).toEqual({ code: "not-applicable" });
  });
});

describe("no-final-answer", () => {
  const question = textMessage("user", "Where is it?");
  const toolCall: Message = { role: "assistant", parts: [{ type: "tool_call", id: "c", name: "get_order" }] };
  const toolResult: Message = { role: "tool", parts: [{ type: "tool_result", id: "c", result: "sent" }] };
  const calls = (name: string) => [{ name, callId: "c", result: "sent" }];

  it("passes an answer, in any script, and one of symbols only", async () => {
    for (const output of ["It is on its way.", "已发货", "✅"]) {
      expect((await score(noFinalAnswer(), { output })).value).toBe(1);
    }
  });

  it("fails an empty answer and one of white space and punctuation", async () => {
    for (const output of ["", "  \n", "...", '""']) {
      expect((await score(noFinalAnswer(), { output })).label).toBe("no-answer");
    }
  });

  it("fails a run that ends between two tool calls, and names the last one", async () => {
    const given = await score(noFinalAnswer(), {
      messages: [question, toolCall, toolResult, toolCall],
      toolCalls: calls("get_order"),
    });
    expect(given).toMatchObject({ value: 0, label: "no-answer" });
    expect(given.explanation).toContain("The last tool called was get_order.");
  });

  it("fails when the recorded output only repeats an earlier turn", async () => {
    const earlier = textMessage("assistant", "Which order?");
    const messages = [question, earlier, textMessage("user", "A-1"), toolCall];
    const given = await score(noFinalAnswer(), {
      messages,
      output: "Which order?",
      toolCalls: calls("get_order"),
    });
    expect(given.value).toBe(0);
  });

  it("trusts an output that is nowhere in the messages", async () => {
    const messages = [question, toolCall, toolResult];
    expect((await score(noFinalAnswer(), { messages, output: "It is on its way." })).value).toBe(1);
  });

  it("takes text beside a last tool call for an answer", async () => {
    const last: Message = {
      role: "assistant",
      parts: [{ type: "text", content: "Noted." }, ...toolCall.parts],
    };
    expect((await score(noFinalAnswer(), { messages: [question, last, toolResult] })).value).toBe(1);
  });

  it("takes a last tool that hands over or answers for an answer", async () => {
    for (const name of ["transfer_to_human_agents", "finalAnswer", "end_conversation"]) {
      const given = await score(noFinalAnswer(), { messages: [question, toolCall], toolCalls: calls(name) });
      expect(given.label).toBe("closed-by-tool");
    }
  });

  it("has nothing to say when neither answers nor conversation are recorded", async () => {
    const silent = { output: null, messages: [], llmCalls: [{}] };
    expect((await score(noFinalAnswer(), silent)).unscored).toEqual({ code: "not-applicable" });
    const onlyInput = { output: null, messages: [question], llmCalls: [{}] };
    expect((await score(noFinalAnswer(), onlyInput)).unscored).toEqual({ code: "not-applicable" });
  });

  it("fails when the LLM call that should answer failed", async () => {
    const llmCalls = [{ error: { type: "503" } }];
    expect((await score(noFinalAnswer(), { output: null, messages: [question], llmCalls })).value).toBe(0);
  });
});
