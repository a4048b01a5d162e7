import fc from "fast-check";
import { describe, expect, it } from "vitest";

import { stableJson } from "../../src/core/json.ts";
import { parseCase } from "../../src/datasets/case-schema.ts";
import { writeCase } from "../../src/datasets/write-case.ts";
import { caseOf } from "./case-of.ts";

const problemOf = (value: unknown) => {
  try {
    parseCase(typeof value === "string" ? value : JSON.stringify(value), "evals/a.jsonl:7");
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return null;
};

describe("a line of a dataset", () => {
  it("may be as short as an id and a text when a person writes it", () => {
    expect(parseCase('{"id": "greeting", "input": "Hello"}', "a:1")).toEqual({
      v: 1,
      id: "greeting",
      input: { messages: [{ role: "user", parts: [{ type: "text", content: "Hello" }] }] },
      mustPass: [],
      tags: [],
      source: { kind: "written" },
    });
  });

  it("may mix messages with plain content and canonical ones", () => {
    const input = {
      messages: [
        { role: "user", content: "Hi" },
        { role: "assistant", parts: [{ type: "tool_call", name: "look", arguments: { a: [1, null] } }] },
      ],
    };
    expect(parseCase(JSON.stringify({ id: "a", input }), "a:1").input.messages).toEqual([
      { role: "user", parts: [{ type: "text", content: "Hi" }] },
      { role: "assistant", parts: [{ type: "tool_call", name: "look", arguments: { a: [1, null] } }] },
    ]);
  });

  it.each([
    [
      "{not json",
      "evals/a.jsonl:7: this line is not JSON. Each line must hold one whole case; look for a cut line or a merge conflict.",
    ],
    [
      { id: "a", input: "x", mustpass: [] },
      "evals/a.jsonl:7: unknown key mustpass (remove it, or look for a spelling mistake).",
    ],
    [
      { id: "a", input: "x", source: { kind: "written", nota: 1 } },
      "evals/a.jsonl:7: unknown key source.nota (remove it, or look for a spelling mistake).",
    ],
    [
      { id: "a", input: { messages: [{ role: "user", content: 5 }] } },
      "evals/a.jsonl:7: input.messages.0.content: Invalid input: expected string, received number.",
    ],
    [
      { id: "a", input: { messages: [] } },
      "evals/a.jsonl:7: input.messages: must have at least one message.",
    ],
    [{ id: "a", input: "x", v: 2 }, "evals/a.jsonl:7: v: must be 1, the version of this format."],
    [
      { id: "a b/c", input: "x" },
      "evals/a.jsonl:7: id: must be 1 to 128 letters, digits or any of . _ : - (it becomes part of a URL).",
    ],
  ])("is refused with place, path and remedy: %j", (line, message) => {
    expect(problemOf(line)).toBe(message);
  });

  it("is the same after writing and reading, and its bytes do not depend on the order of keys", () => {
    const text = fc.string({ unit: "grapheme" });
    const someCase = fc
      .record({
        id: fc.stringMatching(/^[a-z0-9]{1,16}$/),
        content: text,
        expected: fc.jsonValue(),
        tags: fc.array(text),
        note: text,
      })
      .map(({ id, content, expected, tags, note }) =>
        caseOf(id, {
          input: { messages: [{ role: "user", parts: [{ type: "text", content }] }] },
          expected: JSON.parse(JSON.stringify(expected)),
          tags,
          review: { note, decision: "accepted" },
        }),
      );
    fc.assert(
      fc.property(someCase, (one) => {
        const line = writeCase(one);
        expect(line).not.toContain("\n");
        const read = parseCase(line, "a:1");
        expect(stableJson(read)).toBe(stableJson(one));
        expect(writeCase(JSON.parse(stableJson(read)))).toBe(writeCase(JSON.parse(stableJson(one))));
      }),
      { seed: 11, numRuns: 200 },
    );
  });
});
