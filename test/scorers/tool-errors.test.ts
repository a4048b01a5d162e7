import { describe, expect, it } from "vitest";
import { textMessage } from "../../src/core/message.ts";
import type { ToolCall } from "../../src/core/trace.ts";
import { toolErrors } from "../../src/scorers/tool-errors.ts";
import { makeTrace, type TraceSketch } from "../../src/testing/make-trace.ts";

const score = (sketch: TraceSketch) =>
  toolErrors().score({ trace: makeTrace(sketch) }, { signal: new AbortController().signal });

const failed = (name: string): Partial<ToolCall> & Pick<ToolCall, "name"> => ({
  name,
  error: { type: "timeout", message: "gateway timed out" },
});

describe("tool-errors", () => {
  it("has nothing to say of a run without tools", async () => {
    expect(await score({})).toMatchObject({ value: null, unscored: { code: "not-applicable" } });
  });

  it("passes a run whose tools all worked", async () => {
    expect(await score({ toolCalls: [{ name: "get_order", result: { status: "sent" } }] })).toMatchObject({
      value: 1,
      label: "clean",
    });
  });

  it("fails an error that the answer hides, and names tool, reason and span", async () => {
    const given = await score({ toolCalls: [failed("get_order")], output: "Your order arrives on Monday." });
    expect(given).toMatchObject({ value: 0, label: "unrecovered", evidence: ["0000000000000002"] });
    expect(given.explanation).toContain("get_order: gateway timed out");
  });

  it("passes when the same tool succeeds later", async () => {
    const calls = [failed("get_order"), { name: "get_order", result: "sent" }];
    expect(await score({ toolCalls: calls })).toMatchObject({ value: 1, label: "recovered" });
  });

  it("passes when a tool of nearly the same name succeeds later, in either way of writing it", async () => {
    for (const name of ["find_user_by_email", "findUserByEmail"]) {
      const calls = [failed("find_user_by_zip"), { name, result: "u1" }];
      expect((await score({ toolCalls: calls })).label).toBe("recovered");
    }
  });

  it("fails when only an unrelated tool succeeds later, or the same one succeeded before", async () => {
    const output = "Done, all is well.";
    const after = [failed("refund_payment"), { name: "get_order", result: "sent" }];
    const before = [{ name: "refund_payment", result: "ok" }, failed("refund_payment")];
    expect((await score({ toolCalls: after, output })).value).toBe(0);
    expect((await score({ toolCalls: before, output })).value).toBe(0);
  });

  it.each([
    "I am unable to reach the order system right now.",
    "Unfortunately that did not work.",
    "No se pudo encontrar el pedido.",
    "Lamentablemente hubo un fallo; te transfiero a un agente humano.",
    "Leider konnte ich die Bestellung nicht finden.",
    "Désolé, le service est indisponible.",
    "You are being transferred to a human agent.",
  ])("passes when the user is told: %s", async (output) => {
    expect(await score({ toolCalls: [failed("get_order")], output })).toMatchObject({
      value: 1,
      label: "told",
    });
  });

  it("does not take an offer of help for an admission", async () => {
    const output = "Your order arrives on Monday. If you have any issues or problems, write to us.";
    expect((await score({ toolCalls: [failed("get_order")], output })).value).toBe(0);
  });

  it("counts an admission after the failure, not one before it", async () => {
    const call = { id: "c1", name: "get_order" };
    const conversation = (before: string, after: string) => [
      textMessage("user", "Where is it?"),
      textMessage("assistant", before),
      { role: "assistant", parts: [{ type: "tool_call" as const, ...call }] },
      { role: "tool", parts: [{ type: "tool_result" as const, ...call, result: "Error: gone" }] },
      textMessage("assistant", after),
      textMessage("user", "Thanks"),
      textMessage("assistant", "You are welcome."),
    ];
    const toolCalls = [{ ...failed("get_order"), callId: "c1" }];
    const told = await score({ toolCalls, messages: conversation("One moment.", "Sorry, I cannot see it.") });
    const hidden = await score({
      toolCalls,
      messages: conversation("Sorry for the wait.", "It arrives on Monday."),
    });
    expect([told.label, hidden.label]).toEqual(["told", "unrecovered"]);
  });

  it.each([
    "Error: user not found",
    "  ERROR 500",
    '{"error": "no such order"}',
    { error: { code: 5 } },
    { isError: true, content: [] },
    { success: false },
    { status: "error", message: "no such order" },
    "Traceback (most recent call last): ...",
  ])("sees an error that the span does not show: %o", async (result) => {
    expect((await score({ toolCalls: [{ name: "get_order", result }], output: "All done." })).value).toBe(0);
  });

  it.each([
    "",
    null,
    [],
    {},
    { error: null },
    { error: "" },
    { errors: 0 },
    "No errors found",
    { success: true },
    "Erroneous claims: 0",
  ])("sees no error in %o", async (result) => {
    expect((await score({ toolCalls: [{ name: "get_order", result }], output: "All done." })).label).toBe(
      "clean",
    );
  });
});
