import { describe, expect, it } from "vitest";

import { calledWith } from "../../src/conventions/python-call.ts";

describe("what a traced Python function was called with", () => {
  it.each([
    ["named arguments", { args: [], kwargs: { id: 1 } }, { id: 1 }],
    ["named arguments alone", { kwargs: { id: 1 } }, { id: 1 }],
    ["a lone positional argument", { args: ["hi"], kwargs: {} }, "hi"],
    ["no argument at all", { args: [], kwargs: {} }, {}],
  ])("is taken out of the record: %s", (_name, recorded, expected) => {
    expect(calledWith(recorded)).toEqual(expected);
  });

  it.each([
    ["several positional arguments", { args: ["a", "b"], kwargs: {} }],
    ["both kinds", { args: ["a"], kwargs: { id: 1 } }],
    ["an object with more members", { args: [], kwargs: {}, cwd: "." }],
    ["an argument that happens to be called args", { args: "--help" }],
    ["an empty object", {}],
    ["a text", "hi"],
  ])("stays as recorded: %s", (_name, recorded) => {
    expect(calledWith(recorded)).toEqual(recorded);
  });
});
