import { describe, expect, it } from "vitest";

import { parseConfig } from "../../../src/config/parse-config.ts";
import type { NameTable } from "../../../src/conventions/named-fields.ts";
import { traceOf } from "../../../src/testing/spans.ts";

const read = (names: NameTable, attributes: object, resource: object = {}) =>
  traceOf({ resource: { ...resource }, spans: [{ name: "x", attributes: { ...attributes } }] }, { names });

describe("names from the configuration", () => {
  it("are read like those of a convention, the first that is there", () => {
    const trace = read(
      { input: ["my.question", "my.input"], output: ["my.answer"], userId: ["acct"], agentName: ["bot"] },
      { "my.input": "hi", "my.answer": "ho", acct: 7, bot: "helper" },
    );
    expect(trace).toMatchObject({ input: "hi", output: "ho", userId: "7", agent: { name: "helper" } });
    expect(trace.spans[0]?.attributes).toEqual({});
    expect(trace.quality.dialects).toEqual(["configured"]);
  });

  it("make model calls, tool calls and retrievals of spans that have such a name", () => {
    const names = {
      model: ["m"],
      inputTokens: ["in"],
      input: ["q"],
      toolName: ["t"],
      toolResult: ["r"],
      retrievalDocuments: ["docs"],
    };
    const trace = traceOf(
      {
        spans: [
          { name: "a", attributes: { m: "gpt-4o", in: 5, q: "hi" } },
          { name: "b", attributes: { t: "find", q: '{"x":1}', r: "" } },
          { name: "c", attributes: { docs: '["one"]', q: "hi" } },
        ],
      },
      { names },
    );
    expect(trace.llmCalls).toMatchObject([
      { model: "gpt-4o", usage: { inputTokens: 5 }, input: [{ role: "user" }] },
    ]);
    expect(trace.toolCalls).toMatchObject([{ name: "find", arguments: { x: 1 }, result: "" }]);
    expect(trace.retrievals).toMatchObject([{ query: "hi", documents: [{ content: "one" }] }]);
  });

  it("rank below every convention and above the usual hand-made names", () => {
    const names = { userId: ["acct"], model: ["my.model"] };
    const attributes = { acct: "mine", "user.id": "otel", "my.model": "mine", "llm.model": "hand-made" };
    const trace = read(names, attributes);
    expect(trace.userId).toBe("otel");
    expect(trace.llmCalls[0]?.requestModel).toBe("mine");
  });

  it("come first for organisation and feature, which no convention names", () => {
    const attributes = {
      acct: "mine",
      "langfuse.trace.metadata.org": "other",
      "langfuse.trace.name": "other",
      part: "mine",
    };
    const trace = read({ organisationId: ["acct"], feature: ["part"] }, attributes);
    expect(trace).toMatchObject({ organisationId: "mine", feature: "mine" });
  });

  it("are looked up in the resource where the span has none", () => {
    expect(read({ organisationId: ["acct"] }, {}, { acct: "o" }).organisationId).toBe("o");
    expect(read({ organisationId: ["acct"] }, { acct: "span" }, { acct: "o" }).organisationId).toBe("span");
  });

  it("pass the configuration's check, and wrong ones are named", () => {
    const names = { userId: ["acct"], input: ["a", "b"] };
    expect(parseConfig({ conventions: { names } }, "c.ts").conventions.names).toEqual(names);
    expect(parseConfig({}, "c.ts").conventions.names).toBeUndefined();
    expect(() => parseConfig({ conventions: { names: { user: ["acct"] } } }, "c.ts")).toThrow(
      /conventions\.names\.user: there is no such key\. Known here: input, output/,
    );
    expect(() => parseConfig({ conventions: { names: { userId: "acct" } } }, "c.ts")).toThrow(
      /conventions\.names\.userId: must be a list, got "acct"/,
    );
    expect(() => parseConfig({ conventions: { names: { userId: [] } } }, "c.ts")).toThrow(/at least/);
  });
});
