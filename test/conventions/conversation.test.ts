import { describe, expect, it } from "vitest";

import { rebuildConversation } from "../../src/conventions/derive/conversation.ts";
import type { Message, Part } from "../../src/core/message.ts";
import { textMessage } from "../../src/core/message.ts";

const user = (text: string) => textMessage("user", text);
const agent = (text: string) => textMessage("assistant", text);
const asks = (id: string | undefined, name = "find"): Message => ({
  role: "assistant",
  parts: [{ type: "tool_call", name, arguments: { q: 1 }, ...(id ? { id } : {}) }],
});
const gets = (id: string | undefined, result = "same"): Message => ({
  role: "tool",
  parts: [{ type: "tool_result", result, ...(id ? { id } : {}) }],
});

/** Rebuilds from [input, output] pairs and writes each turn in one word. */
function rebuilt(...exchanges: readonly (readonly [readonly Message[], readonly Message[]])[]): string[] {
  const turns = rebuildConversation(
    exchanges.map(([input, output], index) => ({ spanId: String(index), input, output })),
  );
  return turns.map(({ message }) => message.parts.map(word).join("+"));
}

function word(part: Part): string {
  if (part.type === "text") return part.content;
  if (part.type === "tool_call") return `call:${part.id ?? part.name}`;
  return part.type === "tool_result" ? `result:${part.id ?? ""}` : part.type;
}

describe("the conversation", () => {
  it("is said once when every call repeats the whole history", () => {
    const [q, c, r, a] = [user("q"), asks("1"), gets("1"), agent("a")];
    expect(rebuilt([[q], [c]], [[q, c, r], [a]], [[q, c, r, a, user("more")], [agent("b")]])).toEqual([
      "q",
      "call:1",
      "result:1",
      "a",
      "more",
      "b",
    ]);
  });

  it("is put together when calls send only what is new", () => {
    expect(
      rebuilt([[user("q")], [asks("1")]], [[gets("1")], [asks("2")]], [[gets("2")], [agent("a")]]),
    ).toEqual(["q", "call:1", "result:1", "call:2", "result:2", "a"]);
  });

  it("keeps turns that really are repeated", () => {
    const loop = [user("q"), asks("1"), gets("1"), asks("2"), gets("2")];
    expect(
      rebuilt([[user("q")], [asks("1")]], [loop.slice(0, 3), [asks("2")]], [loop, [agent("a")]]),
    ).toHaveLength(6);
    const nameless = [user("q"), asks(undefined), gets(undefined), asks(undefined), gets(undefined)];
    expect(
      rebuilt(
        [[user("q")], [asks(undefined)]],
        [nameless.slice(0, 3), [asks(undefined)]],
        [nameless, [agent("a")]],
      ),
    ).toEqual(["q", "call:find", "result:", "call:find", "result:", "a"]);
    expect(
      rebuilt([[user("q"), agent("yes?"), user("yes"), agent("sure?"), user("yes")], [agent("ok")]]),
    ).toHaveLength(6);
  });

  it("follows a window that drops the oldest turns", () => {
    const turns = [user("1"), agent("2"), user("3"), agent("4"), user("5"), agent("6"), user("7")];
    expect(
      rebuilt(
        [turns.slice(0, 1), [agent("2")]],
        [turns.slice(0, 3), [agent("4")]],
        [turns.slice(2, 5), [agent("6")]],
        [turns.slice(4), [agent("8")]],
      ),
    ).toEqual(["1", "2", "3", "4", "5", "6", "7", "8"]);
  });

  it("knows an answer again that comes back in other words", () => {
    const spoken: Message = {
      role: "assistant",
      parts: [
        { type: "reasoning", content: "hm" },
        { type: "text", content: "a" },
      ],
    };
    const reworded = agent("<b>a</b>");
    expect(rebuilt([[user("q")], [spoken]], [[user("q"), agent("a "), user("r")], [agent("b")]])).toEqual(
      ["reasoning+a"].flatMap((first) => ["q", first, "r", "b"]),
    );
    expect(rebuilt([[user("q")], [agent("a")]], [[user("q"), reworded, user("r")], [agent("b")]])).toEqual([
      "q",
      "a",
      "r",
      "b",
    ]);
  });

  it("is not confused by an input that shows what came later", () => {
    const all = [user("q"), asks("1"), gets("1"), agent("a")];
    expect(rebuilt([all, [asks("1")]], [all, [agent("a")]])).toEqual(["q", "call:1", "result:1", "a"]);
  });

  it("lets two agents talk in turns", () => {
    const [q, c] = [user("q"), asks("1", "delegate")];
    const [task, step] = [user("task"), asks("2")];
    expect(
      rebuilt(
        [[q], [c]],
        [[task], [step]],
        [[task, step, gets("2")], [agent("done")]],
        [[q, c, gets("1", "done")], [agent("a")]],
      ),
    ).toEqual(["q", "call:1", "task", "call:2", "result:2", "done", "result:1", "a"]);
  });

  it("leaves system messages out", () => {
    const all = [textMessage("system", "s"), textMessage("developer", "d"), user("q")];
    expect(rebuilt([all, [agent("a")]])).toEqual(["q", "a"]);
  });

  it("tells history that was there before from what is new", () => {
    const turns = rebuildConversation([
      { spanId: "x", input: [user("old"), asks("0"), gets("0"), user("q")], output: [asks("1")] },
      {
        spanId: "y",
        input: [user("old"), asks("0"), gets("0"), user("q"), asks("1"), gets("1")],
        output: [agent("a")],
      },
    ]);
    expect(turns.map((turn) => turn.isNew)).toEqual([false, false, false, false, true, true, true]);
    expect(turns.map((turn) => turn.spanId)).toEqual(["x", "x", "x", "x", "x", "y", "y"]);
  });
});
