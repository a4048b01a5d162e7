import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { otlp } from "../../src/backends/index.ts";
import { type Collector, startCollector } from "../../src/testing/collector.ts";
import { storedTrace } from "../contracts/stored-trace.ts";
import { request, span, traceId } from "../receiver/otlp-samples.ts";

let collector: Collector;

beforeEach(async () => {
  collector = await startCollector();
});

afterEach(async () => {
  await collector.close();
});

async function post(body: Uint8Array): Promise<Response> {
  const headers = { "Content-Type": "application/x-protobuf" };
  return fetch(`${collector.url}/v1/traces`, { method: "POST", headers, body: new Uint8Array(body) });
}

describe("the collector for tests", () => {
  it("counts spans, distinct spans, scores and what was delivered again", async () => {
    const sink = otlp({ endpoint: collector.url });
    const signal = new AbortController().signal;
    await sink.write(
      [storedTrace(1), storedTrace(1), storedTrace(1, { revision: 2 }), storedTrace(2)],
      signal,
    );
    expect(collector.counts()).toEqual({
      requests: 4,
      traces: 2,
      spans: 8,
      distinctSpans: 4,
      scoredTraces: 2,
      scores: 8,
      distinctScores: 4,
      redeliveries: 1,
    });
    expect(collector.rootAttributes(storedTrace(1).summary.traceId)).toMatchObject({
      "tracegate.revision": 2,
    });
  });

  it("gives the attributes of a root that was not scored, and null for a trace it has not seen", async () => {
    await post(request([span(1, 1, { attributes: { plan: "pro" } })]));
    expect(collector.rootAttributes(traceId(1))).toEqual({ plan: "pro" });
    expect(collector.rootAttributes(traceId(2))).toBe(null);
  });

  it("fails as many requests as it is told, then takes them again", async () => {
    collector.failNext(2, { status: 503, retryAfterS: 7, message: "later" });
    for (let time = 0; time < 2; time += 1) {
      const response = await post(request([span(1, 1)]));
      expect([response.status, response.headers.get("retry-after")]).toEqual([503, "7"]);
      expect(await response.json()).toEqual({ message: "later" });
    }
    expect((await post(request([span(1, 1)]))).status).toBe(200);
    expect(collector.counts()).toMatchObject({ requests: 3, spans: 1 });
  });

  it("waits for what is to come, and says what it saw when that does not come", async () => {
    const seen = collector.waitFor((state) => state.counts().spans === 2);
    await post(request([span(1, 1), span(1, 2)]));
    await seen;
    await expect(collector.waitFor(() => false, 20)).rejects.toThrow(/within 20 ms.*"spans":2/);
  });

  it("keeps no spans when told not to, but counts them", async () => {
    const lean = await startCollector({ keepSpans: false });
    await otlp({ endpoint: lean.url }).write([storedTrace(1)], new AbortController().signal);
    expect([lean.spans().length, lean.counts().distinctSpans, lean.scoreIds().size]).toEqual([0, 2, 2]);
    expect(lean.rootAttributes(storedTrace(1).summary.traceId)).toMatchObject({ "tracegate.revision": 1 });
    await lean.close();
  });
});
