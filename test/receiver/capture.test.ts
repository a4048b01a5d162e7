import { afterEach, describe, expect, it } from "vitest";

import type { SpanCapture } from "../../src/core/run.ts";
import { readSpans } from "../../src/otlp/read-spans.ts";
import { type CaptureOptions, openCapture } from "../../src/receiver/capture.ts";
import { jsonRequest, request, span, spanId, traceId } from "./otlp-samples.ts";

let capture: SpanCapture | undefined;

afterEach(async () => {
  await capture?.close();
  capture = undefined;
});

async function open(options: CaptureOptions = {}): Promise<SpanCapture> {
  capture = await openCapture(options);
  return capture;
}

async function post(
  address: string,
  body: Uint8Array | string,
  type = "application/x-protobuf",
): Promise<number> {
  const bytes = typeof body === "string" ? body : new Uint8Array(body);
  return (await fetch(address, { method: "POST", headers: { "Content-Type": type }, body: bytes })).status;
}

const idsOf = (chunks: readonly Uint8Array[]) =>
  chunks.flatMap((chunk) =>
    readSpans(chunk).map((one) => `${one.traceId.slice(-1)}/${one.spanId.slice(-1)}`),
  );

/** Far longer than a test may take, so that a test that ends did not wait for silence. */
const NEVER = { quietMs: 600_000, signal: new AbortController().signal };
const root = span(1, 1);
const child = span(1, 2, { parentSpanId: spanId(1) });

describe("collecting one trial", () => {
  it("keeps what each trial sends apart, whatever its id looks like", async () => {
    const spans = await open();
    const trials = ["a b/ä%2f?#", "plain"];
    const endpoints = trials.map((trial) => spans.open(trial).endpoint);
    expect(await post(`${endpoints[0]}/v1/traces`, request([span(1, 1)]))).toBe(200);
    expect(
      await post(
        `${endpoints[1]}`,
        jsonRequest({ traceId: traceId(2), spanId: spanId(2) }),
        "application/json",
      ),
    ).toBe(200);
    const collected = await Promise.all(trials.map((trial) => spans.collect(trial, NEVER)));
    expect(collected.map(idsOf)).toEqual([["1/1"], ["2/2"]]);
  });

  it("waits for the root and for every parent, in whatever order they come", async () => {
    const spans = await open({ settleMs: 20 });
    const { endpoint } = spans.open("one");
    let done = false;
    const collected = spans.collect("one", NEVER).finally(() => {
      done = true;
    });
    const grandchild = span(1, 3, { parentSpanId: spanId(2) });
    for (const one of [grandchild, root]) await post(`${endpoint}/v1/traces`, request([one]));
    // Longer than settleMs: would have ended if the missing parent did not count.
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(done).toBe(false);
    await post(`${endpoint}/v1/traces`, request([child]));
    expect(idsOf(await collected)).toEqual(["1/3", "1/1", "1/2"]);
  });

  it("takes a span whose parent is in another process for a root", async () => {
    const spans = await open({ settleMs: 20 });
    const { endpoint } = spans.open("one");
    const entry = span(1, 1, { parentSpanId: "feedfacefeedface", flags: 0x301 });
    await post(`${endpoint}/v1/traces`, request([entry, child]));
    expect(idsOf(await spans.collect("one", NEVER))).toEqual(["1/1", "1/2"]);
  });

  it("waits for every trace of the trial", async () => {
    const spans = await open({ settleMs: 20 });
    const { endpoint } = spans.open("one");
    await post(`${endpoint}/v1/traces`, request([root, span(2, 4, { parentSpanId: spanId(5) })]));
    let done = false;
    const collected = spans.collect("one", NEVER).finally(() => {
      done = true;
    });
    // Longer than settleMs: would have ended if the second trace did not count.
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(done).toBe(false);
    await post(`${endpoint}/v1/traces`, request([span(2, 5)]));
    expect(idsOf(await collected).toSorted()).toEqual(["1/1", "2/4", "2/5"]);
  });

  it("does not wait at all for a whole trace that is marked complete", async () => {
    const spans = await open({ settleMs: 600_000 });
    const { endpoint } = spans.open("one");
    const marked = span(1, 1, { attributes: { "tracegate.trace.complete": true } });
    await post(`${endpoint}/v1/traces`, request([child, marked]));
    expect(idsOf(await spans.collect("one", NEVER))).toEqual(["1/2", "1/1"]);
  });

  it("does not wait for a trace whose sender posted the completion signal", async () => {
    const spans = await open({ settleMs: 600_000 });
    const { endpoint } = spans.open("one");
    const collected = spans.collect("one", NEVER);
    await post(`${endpoint}/v1/traces`, request([child]));
    expect(await post(`${endpoint}/v1/traces/${traceId(1)}/complete`, "")).toBe(204);
    expect(idsOf(await collected)).toEqual(["1/2"]);
  });

  it("gives back what there is after silence, nothing included", async () => {
    const spans = await open();
    const { endpoint } = spans.open("headless");
    spans.open("silent");
    await post(`${endpoint}/v1/traces`, request([child]));
    const brief = { quietMs: 30, signal: new AbortController().signal };
    expect(idsOf(await spans.collect("headless", brief))).toEqual(["1/2"]);
    expect(await spans.collect("silent", brief)).toEqual([]);
  });
});

describe("ending a trial", () => {
  it("answers 404 to spans that come after it, and to a trial that never was", async () => {
    const spans = await open({ settleMs: 10 });
    const { endpoint } = spans.open("one");
    await post(`${endpoint}/v1/traces`, request([root]));
    await spans.collect("one", NEVER);
    expect(await post(`${endpoint}/v1/traces`, request([child]))).toBe(404);
    expect(await post(`${endpoint}x/v1/traces`, request([child]))).toBe(404);
    await expect(spans.collect("one", NEVER)).rejects.toMatchObject({ code: "not-found" });
  });

  it("rejects with the reason of the signal that aborts it", async () => {
    const spans = await open();
    spans.open("one");
    const abort = new AbortController();
    const collected = spans.collect("one", { quietMs: 600_000, signal: abort.signal });
    abort.abort(new Error("enough"));
    await expect(collected).rejects.toThrow("enough");
    spans.open("two");
    await expect(spans.collect("two", { quietMs: 1, signal: abort.signal })).rejects.toThrow("enough");
  });

  it("rejects those who still wait when it is closed", async () => {
    const spans = await open();
    spans.open("one");
    const collected = spans.collect("one", NEVER);
    const rejected = expect(collected).rejects.toMatchObject({ code: "unavailable" });
    await spans.close();
    await rejected;
    capture = undefined;
  });

  it("refuses a second trial of the same name, and more bytes than a trial may send", async () => {
    const spans = await open({ maxTrialBytes: 500, settleMs: 10 });
    const { endpoint } = spans.open("one");
    expect(() => spans.open("one")).toThrow(/open already/);
    expect(await post(`${endpoint}/v1/traces`, request([root]))).toBe(200);
    const big = span(1, 2, { parentSpanId: spanId(1), attributes: { text: "x".repeat(600) } });
    expect(await post(`${endpoint}/v1/traces`, request([big]))).toBe(413);
    expect(idsOf(await spans.collect("one", NEVER))).toEqual(["1/1"]);
  });

  it("listens on loopback only", async () => {
    await expect(openCapture({ host: "0.0.0.0" })).rejects.toMatchObject({ code: "config" });
  });
});
