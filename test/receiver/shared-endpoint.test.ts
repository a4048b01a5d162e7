import { afterEach, describe, expect, it } from "vitest";

import type { SpanCapture } from "../../src/core/run.ts";
import { mergeTraces } from "../../src/otlp/merge-traces.ts";
import { readSpans } from "../../src/otlp/read-spans.ts";
import { type CaptureOptions, openCapture } from "../../src/receiver/capture.ts";
import { logRequest, request, span, spanId, traceId } from "./otlp-samples.ts";

let capture: SpanCapture | undefined;

afterEach(async () => {
  await capture?.close();
  capture = undefined;
});

/** Trials 1, 2, ... whose agents were asked to continue the traces 1, 2, ... below span 9. */
async function openTrials(count: number, options: CaptureOptions = {}) {
  const spans = await openCapture(options);
  capture = spans;
  let shared = "";
  for (let number = 1; number <= count; number++) {
    const place = spans.open(`trial-${number}`, { traceId: traceId(number), spanId: spanId(9) });
    shared = place.sharedEndpoint ?? "";
  }
  return { spans, shared };
}

async function post(address: string, body: Uint8Array | string): Promise<number> {
  const type = typeof body === "string" ? "application/json" : "application/x-protobuf";
  const bytes = typeof body === "string" ? body : new Uint8Array(body);
  return (await fetch(address, { method: "POST", headers: { "Content-Type": type }, body: bytes })).status;
}

const NEVER = { quietMs: 600_000, signal: new AbortController().signal };
const root = (trace: number) => span(trace, 1, { parentSpanId: spanId(9) });
const idsOf = (chunks: readonly Uint8Array[]) =>
  chunks.flatMap((chunk) =>
    readSpans(chunk).map((one) => `${one.traceId.slice(-1)}/${one.spanId.slice(-1)}`),
  );

describe("the endpoint that trials share", () => {
  it("joins the spans of one request to their trials by trace id", async () => {
    const { spans, shared } = await openTrials(2, { settleMs: 20 });
    const child = span(2, 2, { parentSpanId: spanId(1) });
    expect(await post(`${shared}/v1/traces`, request([child, root(1), root(2)]))).toBe(200);
    expect(idsOf(await spans.collect("trial-1", NEVER))).toEqual(["1/1"]);
    expect(idsOf(await spans.collect("trial-2", NEVER)).toSorted()).toEqual(["2/1", "2/2"]);
  });

  it("takes a span below the parent it gave for a root, though the sender does not say that it is remote", async () => {
    const { spans } = await openTrials(0, { settleMs: 20 });
    const { endpoint } = spans.open("own", { traceId: traceId(1), spanId: spanId(9) });
    await post(`${endpoint}/v1/traces`, request([root(1)]));
    expect(idsOf(await spans.collect("own", NEVER))).toEqual(["1/1"]);
  });

  it("joins spans that come while the trial is waited for, and those that come by both ways", async () => {
    const { spans, shared } = await openTrials(1, { settleMs: 20 });
    const { endpoint } = { endpoint: `${shared}/case/trial-1` };
    const collected = spans.collect("trial-1", NEVER);
    await post(`${endpoint}/v1/traces`, request([span(1, 2, { parentSpanId: spanId(1) })]));
    await post(`${shared}/v1/traces`, request([root(1)]));
    expect(idsOf(await collected)).toEqual(["1/2", "1/1"]);
  });

  it("waits longer for further spans where the task asks for it", async () => {
    const { spans, shared } = await openTrials(1, { settleMs: 1 });
    const collected = spans.collect("trial-1", { ...NEVER, settleMs: 400 });
    await post(`${shared}/v1/traces`, request([root(1)]));
    await new Promise((resolve) => setTimeout(resolve, 50));
    await post(`${shared}/v1/traces`, request([span(1, 2, { parentSpanId: spanId(1) })]));
    expect(idsOf(await collected)).toEqual(["1/1", "1/2"]);
  });

  it("joins log records too, as events of their spans", async () => {
    const { spans, shared } = await openTrials(1, { settleMs: 20 });
    const ids = { traceId: traceId(1), spanId: spanId(1) };
    expect(await post(`${shared}/v1/logs`, logRequest([ids]))).toBe(200);
    await post(`${shared}/v1/traces`, request([root(1)]));
    const [only] = readSpans(mergeTraces(await spans.collect("trial-1", NEVER)));
    expect(only?.events.map(({ name }) => name)).toEqual(["gen_ai.user.message"]);
  });

  it("takes the completion signal of a trace, and knows no other", async () => {
    const { spans, shared } = await openTrials(1, { settleMs: 600_000 });
    await post(`${shared}/v1/traces`, request([root(1)]));
    expect(await post(`${shared}/v1/traces/${traceId(1)}/complete`, "")).toBe(204);
    expect(idsOf(await spans.collect("trial-1", NEVER))).toEqual(["1/1"]);
    expect(await post(`${shared}/v1/traces/${traceId(1)}/complete`, "")).toBe(404);
  });

  it("drops and counts foreign traces, and does not call late spans of a trial foreign", async () => {
    const { spans, shared } = await openTrials(1, { settleMs: 10 });
    expect(await post(`${shared}/v1/traces`, request([root(1), span(7, 1), span(8, 1)]))).toBe(200);
    expect(await post(`${shared}/v1/traces`, request([span(7, 2)]))).toBe(200);
    expect(idsOf(await spans.collect("trial-1", NEVER))).toEqual(["1/1"]);
    expect(await post(`${shared}/v1/traces`, request([span(1, 5)]))).toBe(200);
    expect(spans.unclaimed?.()).toBe(2);
  });

  it("names gate.port when its port is in use", async () => {
    const { shared } = await openTrials(1);
    const port = Number(new URL(shared).port);
    await expect(openCapture({ port })).rejects.toThrow(/Port \d+ is in use.*\(gate\.port;/);
  });
});
