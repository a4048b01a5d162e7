import { describe, expect, it } from "vitest";

import { textMessage } from "../../src/core/message.ts";
import { joinTraces } from "../../src/scorers/join-traces.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";

const say = (text: string, role = "user") => textMessage(role, text);
const messagesOf = (...lists: readonly (readonly string[])[]) => {
  const [first, ...more] = lists.map((texts) => makeTrace({ messages: texts.map((text) => say(text)) }));
  if (first === undefined) throw new Error("no lists");
  return joinTraces({ traces: [first, ...more] }).messages.map(({ parts: [part] }) =>
    part?.type === "text" ? part.content : "",
  );
};

describe("joinTraces", () => {
  it.each([
    [
      "that repeat the whole history",
      [
        ["a", "b"],
        ["a", "b", "c"],
      ],
      ["a", "b", "c"],
    ],
    [
      "that repeat the end of it",
      [
        ["a", "b", "c"],
        ["b", "c", "d"],
      ],
      ["a", "b", "c", "d"],
    ],
    ["that repeat nothing", [["a", "b"], ["c"]], ["a", "b", "c"]],
    [
      "that add nothing",
      [
        ["a", "b"],
        ["a", "b"],
      ],
      ["a", "b"],
    ],
    [
      "that say the same again after something else",
      [
        ["a", "b"],
        ["a", "c"],
      ],
      ["a", "b", "a", "c"],
    ],
    ["without messages", [["a"], [], ["b"]], ["a", "b"]],
  ])("tells the messages of runs once, of runs %s", (_what, lists, expected) => {
    expect(messagesOf(...lists)).toEqual(expected);
  });

  it("has the first request, the last answer, all steps, and sums", () => {
    const first = makeTrace({
      messages: [say("Hello"), say("Hi", "assistant")],
      toolCalls: [{ name: "one" }],
      usage: { inputTokens: 1 },
      cost: { usd: 0.5, source: "reported", unpricedModels: [] },
    });
    const last = makeTrace({
      traceId: "f".repeat(32),
      messages: [say("Bye"), say("See you", "assistant")],
      toolCalls: [{ name: "two" }],
      usage: { inputTokens: 2, outputTokens: 3 },
      cost: { usd: 0.25, source: "estimated", unpricedModels: ["m"] },
    });
    expect(joinTraces({ traces: [first, last] })).toMatchObject({
      traceId: last.traceId,
      input: "Hello",
      output: "See you",
      toolCalls: [{ name: "one" }, { name: "two" }],
      usage: { inputTokens: 3, outputTokens: 3 },
      cost: { usd: 0.75, source: "mixed", unpricedModels: ["m"] },
    });
  });

  it("is the trace itself where there is only one", () => {
    const trace = makeTrace();
    expect(joinTraces({ traces: [trace] })).toBe(trace);
  });
});
