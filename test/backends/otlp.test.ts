import { once } from "node:events";
import { createServer } from "node:http";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { otlp } from "../../src/backends/index.ts";
import { tracesAddress } from "../../src/backends/otlp/endpoint.ts";
import type { OtlpSinkOptions } from "../../src/backends/otlp/sink.ts";
import { scoreId } from "../../src/core/ids.ts";
import type { SpanInput } from "../../src/otlp/write-span.ts";
import { type Collector, startCollector } from "../../src/testing/collector.ts";
import { sinkContract } from "../contracts/sink.ts";
import { SCORES, scoreOf, storedTrace } from "../contracts/stored-trace.ts";

const signal = new AbortController().signal;

sinkContract("otlp", async () => {
  const collector = await startCollector();
  return {
    sink: otlp({ endpoint: collector.url }),
    held: () => ({ traces: collector.counts().scoredTraces, scoreIds: [...collector.scoreIds()] }),
    failNext: (count, how) => {
      const failures = { permanent: { status: 400 }, retryable: { status: 503 }, hang: "hang" } as const;
      collector.failNext(count, failures[how]);
    },
    asked: () => collector.waitFor(() => collector.counts().requests > 0),
    close: () => collector.close(),
  };
});

describe("what the otlp sink sends", () => {
  let collector: Collector;

  beforeEach(async () => {
    collector = await startCollector();
  });

  afterEach(async () => {
    await collector.close();
  });

  const write = (trace = storedTrace(1), more: Partial<OtlpSinkOptions> = {}) =>
    otlp({ endpoint: collector.url, ...more }).write([trace], signal);

  it("is all spans as they came, the root with the scores as attributes", async () => {
    await write();
    const trace = storedTrace(1).summary.traceId;
    expect(collector.spans().map((span) => [span.name, span.resource["service.name"]])).toEqual([
      ["tool", "shop"],
      ["answer", "shop"],
    ]);
    expect(collector.rootAttributes(trace)).toEqual({
      "tracegate.revision": 1,
      "tracegate.score.tool-errors": 0,
      "tracegate.label.tool-errors": "failed",
      "tracegate.explanation.tool-errors": "search failed twice",
      "tracegate.version.tool-errors": "1",
      "tracegate.unscored.groundedness": "no-key",
      "tracegate.explanation.groundedness": "no key",
      "tracegate.version.groundedness": "1",
    });
    expect(collector.spans()[0]?.attributes).toEqual({});
  });

  it("has one evaluation event per score, with our id beside the standard fields", async () => {
    await write();
    const [, root] = collector.spans();
    const target = { traceId: root?.traceId ?? "", spanId: root?.spanId ?? "", version: "1" };
    expect(root?.events).toEqual([
      {
        name: "gen_ai.evaluation.result",
        time: 5_000,
        attributes: {
          "gen_ai.evaluation.name": "tool-errors",
          "gen_ai.evaluation.score.value": 0,
          "gen_ai.evaluation.score.label": "failed",
          "gen_ai.evaluation.explanation": "search failed twice",
          "tracegate.score.id": scoreId({ ...target, scorer: "tool-errors" }),
          "tracegate.scorer.version": "1",
          "tracegate.scorer.kind": "rule",
        },
      },
      {
        name: "gen_ai.evaluation.result",
        time: 5_000,
        attributes: {
          "gen_ai.evaluation.name": "groundedness",
          "gen_ai.evaluation.explanation": "no key",
          "error.type": "no-key",
          "tracegate.unscored": "no-key",
          "tracegate.score.id": scoreId({ ...target, scorer: "groundedness" }),
          "tracegate.scorer.version": "1",
          "tracegate.scorer.kind": "judge",
        },
      },
    ]);
  });

  it("does not call an evaluation failed that did not apply", async () => {
    await write(
      storedTrace(1, { scores: [scoreOf("x", { value: null, unscored: { code: "not-applicable" } })] }),
    );
    expect(collector.spans()[1]?.events[0]?.attributes).not.toHaveProperty("error.type");
  });

  it("puts the scores of a rootless trace on its earliest span without a known parent", async () => {
    const { traceId } = storedTrace(1).summary;
    const one = (spanId: string, parentSpanId: string, startTime: number): SpanInput => ({
      traceId,
      spanId,
      parentSpanId,
      name: spanId,
      startTime,
      endTime: startTime + 1,
    });
    const late = one("00000000000000a1", "00000000000000ff", 30);
    const early = one("00000000000000a2", "00000000000000fe", 20);
    const below = one("00000000000000a3", "00000000000000a2", 10);
    await write(storedTrace(1, { spans: [late, early, below], rootSpanId: null }));
    const marked = collector.spans().filter((span) => span.attributes["tracegate.rootless"] === true);
    expect(marked.map((span) => [span.spanId, span.events.length])).toEqual([["00000000000000a2", 2]]);
  });

  it("finds a carrier even when the parents form a ring", async () => {
    const { traceId } = storedTrace(1).summary;
    const ring = [1, 2].map((id) => ({
      traceId,
      spanId: `000000000000000${id}`,
      parentSpanId: `000000000000000${3 - id}`,
      name: "ring",
      startTime: id,
      endTime: 9,
    }));
    await write(storedTrace(1, { spans: ring, rootSpanId: null }));
    expect(collector.counts()).toMatchObject({ scoredTraces: 1, distinctScores: SCORES.length });
  });

  it("is compressed as told", async () => {
    await write();
    await write(storedTrace(2), { compression: "zstd" });
    await write(storedTrace(3), { compression: "none" });
    expect(collector.headers().map((headers) => headers["content-encoding"])).toEqual([
      "gzip",
      "zstd",
      undefined,
    ]);
    expect(collector.counts().scoredTraces).toBe(3);
  });

  it("carries the headers of the variable that headersEnv names", async () => {
    process.env.TEST_OTLP_HEADERS = "x-api-key=a%20b, x-project = shop";
    try {
      await write(storedTrace(1), { headersEnv: "TEST_OTLP_HEADERS" });
    } finally {
      delete process.env.TEST_OTLP_HEADERS;
    }
    expect(collector.headers()[0]).toMatchObject({ "x-api-key": "a b", "x-project": "shop" });
  });

  describe("failures", () => {
    it.each([429, 502, 503, 504])("tries %s again, not before Retry-After", async (status) => {
      collector.failNext(1, { status, retryAfterS: 120 });
      const before = Date.now();
      const error = await write().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "unavailable", retryable: true });
      expect(error).toHaveProperty("retryAt", expect.closeTo(before + 120_000, -4));
    });

    it.each([
      [400, "refused"],
      [401, "refused"],
      [404, "refused"],
      [413, "too-large"],
      [500, "refused"],
    ])("gives up after %s", async (status, code) => {
      collector.failNext(1, { status, message: "because of this" });
      await expect(write()).rejects.toMatchObject({
        code,
        retryable: false,
        message: expect.stringMatching("because of this"),
      });
    });

    it("gives up on a redirect instead of following it", async () => {
      const elsewhere = createServer((_, answer) =>
        answer.writeHead(307, { Location: `${collector.url}/v1/traces` }).end(),
      );
      await once(elsewhere.listen(0, "127.0.0.1"), "listening");
      const address = elsewhere.address();
      const port = typeof address === "object" ? address?.port : 0;
      await expect(write(storedTrace(1), { endpoint: `http://127.0.0.1:${port}` })).rejects.toMatchObject({
        code: "refused",
        message: expect.stringMatching("307"),
      });
      expect(collector.counts().requests).toBe(0);
      elsewhere.closeAllConnections();
      elsewhere.close();
    });

    it("gives up when the backend takes the request but rejects spans, and says why", async () => {
      collector.failNext(1, { rejectedSpans: 3, message: "quota used up" });
      await expect(write()).rejects.toMatchObject({
        code: "refused",
        retryable: false,
        message: expect.stringMatching(/rejected 3 span.*quota used up/),
      });
    });

    it("takes a warning without rejected spans for a success", async () => {
      collector.failNext(1, { rejectedSpans: 0, message: "please upgrade" });
      await write();
    });

    it("tries again when nobody listens or no answer comes in time", async () => {
      const gone = await startCollector();
      await gone.close();
      await expect(write(storedTrace(1), { endpoint: gone.url })).rejects.toMatchObject({
        retryable: true,
        message: expect.stringMatching(/cannot be reached.*ECONNREFUSED/),
      });
      collector.failNext(1, "hang");
      await expect(write(storedTrace(1), { timeoutMs: 100 })).rejects.toMatchObject({
        retryable: true,
        message: expect.stringMatching(/no answer within 100 ms/),
      });
    });

    it("gives up on a payload that cannot be read", async () => {
      const broken = { ...storedTrace(1), payload: gzipSync("x") };
      await expect(write(broken)).rejects.toMatchObject({ code: "bad-input", retryable: false });
      await expect(write(storedTrace(1, { spans: [] }))).rejects.toMatchObject({ code: "bad-input" });
    });
  });
});

describe("the options of the otlp sink", () => {
  it.each([
    ["http://localhost:4318", "http://localhost:4318/v1/traces"],
    ["http://localhost:4318/", "http://localhost:4318/v1/traces"],
    ["https://x.example/api/otel", "https://x.example/api/otel/v1/traces"],
    ["https://x.example/v1/traces", "https://x.example/v1/traces"],
  ])("send to %s by way of %s", (endpoint, address) => {
    expect(tracesAddress(endpoint)).toBe(address);
  });

  it("must have an http address and a variable that is set, and never show its value", () => {
    expect(() => otlp({ endpoint: "localhost:4318" })).toThrow(/http\(s\) address.*E\.g\./);
    expect(() => otlp({ endpoint: "http://x", headersEnv: "TEST_NOT_SET" })).toThrow(
      /TEST_NOT_SET, which is not set/,
    );
    process.env.TEST_OTLP_HEADERS = "s3cret";
    try {
      expect(() => otlp({ endpoint: "http://x", headersEnv: "TEST_OTLP_HEADERS" })).toThrow(/^(?!.*s3cret)/);
    } finally {
      delete process.env.TEST_OTLP_HEADERS;
    }
  });
});
