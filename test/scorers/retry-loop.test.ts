import { describe, expect, it } from "vitest";
import type { Message } from "../../src/core/message.ts";
import { retryLoop } from "../../src/scorers/retry-loop.ts";
import { makeTrace, type TraceSketch } from "../../src/testing/make-trace.ts";

const score = (sketch: TraceSketch, scorer = retryLoop()) =>
  scorer.score({ trace: makeTrace(sketch) }, { signal: new AbortController().signal });

const call = (name: string, result: string, callId?: string) => ({
  name,
  arguments: { id: "A-1" },
  result,
  ...(callId === undefined ? {} : { callId }),
});

describe("retry-loop", () => {
  it("fails the same call with the same result three times over, and names it", async () => {
    const given = await score({ toolCalls: Array(3).fill(call("get_order", "none")) });
    expect(given).toMatchObject({ value: 0, label: "loop", metadata: { loops: 1, longest: 3 } });
    expect(given.evidence).toHaveLength(3);
    expect(given.explanation).toBe(
      'Tool get_order was called 3 times with {"id":"A-1"} and gave the same result each time.',
    );
  });

  it("passes two times, and as many as the option allows", async () => {
    expect((await score({ toolCalls: Array(2).fill(call("get_order", "none")) })).value).toBe(1);
    expect(
      (await score({ toolCalls: Array(3).fill(call("get_order", "none")) }, retryLoop({ times: 4 }))).value,
    ).toBe(1);
  });

  it("compares arguments as JSON, whatever the order of their keys", async () => {
    const calls = [
      { a: 1, b: 2 },
      { b: 2, a: 1 },
      { a: 1, b: 2 },
    ].map((given) => ({ name: "search", arguments: given, result: "none" }));
    expect((await score({ toolCalls: calls })).value).toBe(0);
  });

  it("passes when the result changes or the arguments do", async () => {
    const polled = ["queued", "running", "done"].map((result) => call("get_job", result));
    const searched = [1, 2, 3].map((page) => ({ name: "search", arguments: { page }, result: "none" }));
    expect((await score({ toolCalls: polled })).value).toBe(1);
    expect((await score({ toolCalls: searched })).value).toBe(1);
  });

  it("fails going round between two calls", async () => {
    const round = [call("get_order", "none"), call("get_user", "none")];
    const given = await score({ toolCalls: [...round, ...round, ...round] });
    expect(given).toMatchObject({ value: 0, metadata: { longest: 3 } });
  });

  it("passes checking again after each change", async () => {
    const steps = ["on", "off", "reset"].flatMap((change) => [
      call("check", "no signal"),
      call("change", change),
    ]);
    expect((await score({ toolCalls: steps })).value).toBe(1);
  });

  it("passes checking again each time the user says something", async () => {
    const turns = ["c1", "c2", "c3"].flatMap((id): Message[] => [
      { role: "user", parts: [{ type: "text", content: "And now?" }] },
      { role: "assistant", parts: [{ type: "tool_call", id, name: "check" }] },
      { role: "tool", parts: [{ type: "tool_result", id, result: "no signal" }] },
    ]);
    const toolCalls = ["c1", "c2", "c3"].map((id) => call("check", "no signal", id));
    expect((await score({ messages: turns, toolCalls })).value).toBe(1);
    expect((await score({ toolCalls })).value).toBe(0);
  });

  it("says that it was the same error", async () => {
    const refused = { ...call("pay", ""), error: { type: "E", message: "card refused" } };
    expect((await score({ toolCalls: Array(4).fill(refused) })).explanation).toContain(
      "the same error (card refused)",
    );
  });

  it("leaves out tools that are meant to be polled", async () => {
    const toolCalls = Array(5).fill(call("get_job", "running"));
    expect((await score({ toolCalls }, retryLoop({ ignore: ["get_job"] }))).value).toBe(1);
  });

  it("has nothing to say without recorded arguments and results", async () => {
    const given = await score({ toolCalls: Array(5).fill({ name: "get_order" }) });
    expect(given).toMatchObject({ value: null, unscored: { code: "not-applicable" } });
  });

  it("has another version with other options, and refuses senseless ones", () => {
    expect([retryLoop().version, retryLoop({ times: 5 }).version]).toEqual(["1", "1;times=5"]);
    expect(() => retryLoop({ times: 1 })).toThrow(/2 calls or more, got 1/);
  });
});
