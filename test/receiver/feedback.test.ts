import { afterEach, describe, expect, it } from "vitest";

import { TracegateError } from "../../src/core/errors.ts";
import type { Label } from "../../src/core/label.ts";
import { type Receiver, startReceiver } from "../../src/receiver/receiver.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
let receiver: Receiver | undefined;
let kept: Label[] = [];
let fault: Error | null = null;

afterEach(async () => {
  await receiver?.close();
  kept = [];
  fault = null;
});

async function send(body: unknown, headers: Record<string, string> = {}, token?: string) {
  receiver = await startReceiver({
    port: 0,
    accept: async () => {},
    signal: async () => {},
    clock: { now: () => 5_000 },
    ...(token && { token }),
    feedback: async (labels) => {
      if (fault) throw fault;
      kept.push(...labels);
    },
  });
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(`${receiver.url}/v1/feedback`, { method: "POST", headers, body: text });
  const answer: { taken?: number; message?: string } = JSON.parse((await response.text()) || "{}");
  return { status: response.status, ...answer };
}

describe("POST /v1/feedback", () => {
  it("keeps a thumb as a label of the user", async () => {
    const sent = { traceId: TRACE.toUpperCase(), rating: "down", user: "u-7", comment: "wrong date" };
    expect(await send(sent)).toEqual({ status: 202, taken: 1 });
    expect(kept).toEqual([
      {
        v: 1,
        traceId: TRACE,
        scorer: "user-feedback",
        passed: false,
        reviewer: "u-7",
        source: "feedback",
        at: 5_000,
        note: "wrong date",
      },
    ]);
  });

  it("takes a list, about any question, with its own time", async () => {
    const list = [
      { traceId: TRACE, passed: true, scorer: "resolved", at: "2026-11-20T08:00:00Z" },
      { traceId: TRACE, rating: "up" },
    ];
    expect(await send(list)).toEqual({ status: 202, taken: 2 });
    expect(kept.map(({ scorer, passed, at }) => [scorer, passed, at])).toEqual([
      ["resolved", true, Date.parse("2026-11-20T08:00:00Z")],
      ["user-feedback", true, 5_000],
    ]);
  });

  it.each([
    ["no JSON", "thumbs up", "the body is not JSON"],
    ["no trace", { rating: "up" }, "traceId: "],
    ["a trace id that is none", { traceId: "12", rating: "up" }, "traceId: must be 32 hex digits"],
    ["neither thumb nor word", { traceId: TRACE }, 'say either rating ("up" or "down")'],
    ["both", { traceId: TRACE, rating: "up", passed: false }, "say either rating"],
    ["a key that is not known", { traceId: TRACE, rating: "up", score: 3 }, "score"],
    [
      "one bad among good ones",
      [
        { traceId: TRACE, rating: "up" },
        { traceId: "x", rating: "up" },
      ],
      "1.traceId",
    ],
    ["nothing", [], "Feedback was not taken"],
    [
      "over a thousand",
      Array.from({ length: 1_001 }, () => ({ traceId: TRACE, rating: "up" })),
      "Feedback was not",
    ],
  ])("refuses %s and keeps none", async (_name, body, message) => {
    const { status, message: said } = await send(body);
    expect(status).toBe(400);
    expect(said).toContain(message);
    expect(kept).toEqual([]);
  });

  it("wants the token where there is one", async () => {
    const good = { traceId: TRACE, rating: "up" };
    expect((await send(good, {}, "secret")).status).toBe(401);
    await receiver?.close();
    expect((await send(good, { authorization: "Bearer secret" }, "secret")).status).toBe(202);
  });

  it("asks to come back when the store is away", async () => {
    fault = new TracegateError("unavailable", "The store is away.", { retryable: true });
    expect((await send({ traceId: TRACE, rating: "up" })).status).toBe(503);
  });

  it("refuses a megabyte of comment", async () => {
    expect((await send({ traceId: TRACE, rating: "up", comment: "x".repeat(2_000_000) })).status).toBe(413);
  });
});
