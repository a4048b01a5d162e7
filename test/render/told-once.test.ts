import { describe, expect, it } from "vitest";

import { type Message, textMessage, textOf } from "../../src/core/message.ts";
import { type ToldMessage, toldOnce } from "../../src/render/told-once.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";

/** What each call's input is shown as; a number stands for that many earlier messages. */
function shown(...calls: readonly { input: readonly Message[]; output: readonly Message[] }[]) {
  const { llmCalls } = makeTrace({ llmCalls: calls });
  const told = toldOnce(llmCalls);
  const brief = (one: ToldMessage) => ("message" in one ? textOf(one.message) : one.earlier);
  return llmCalls.map((call) => (told.get(call.spanId) ?? []).map(brief));
}

const user = (text: string) => textMessage("user", text);
const assistant = (text: string) => textMessage("assistant", text);

describe("messages told once", () => {
  it("leave out what earlier calls got and gave", () => {
    const first = [user("a")];
    const second = [user("a"), assistant("b"), user("c")];
    const calls = [
      { input: first, output: [assistant("b")] },
      { input: second, output: [assistant("d")] },
      { input: [...second, assistant("d"), user("e")], output: [] },
    ];
    expect(shown(...calls)).toEqual([["a"], [2, "c"], [4, "e"]]);
  });

  it("show a message again that was said again", () => {
    const calls = [
      { input: [user("yes")], output: [assistant("sure?")] },
      { input: [user("yes"), assistant("sure?"), user("yes")], output: [] },
    ];
    expect(shown(...calls)).toEqual([["yes"], [2, "yes"]]);
  });

  it("show all of an input that brings only what is new", () => {
    const calls = [
      { input: [user("a")], output: [assistant("b")] },
      { input: [user("c")], output: [] },
    ];
    expect(shown(...calls)).toEqual([["a"], ["c"]]);
  });

  it("show an input with a shortened history by its pieces", () => {
    const calls = [
      { input: [user("a")], output: [assistant("b")] },
      { input: [user("a"), textMessage("system", "summary"), assistant("b"), user("c")], output: [] },
    ];
    expect(shown(...calls)).toEqual([["a"], [1, "summary", 1, "c"]]);
  });
});
