import { context, trace } from "@opentelemetry/api";
import { OTLPTraceExporter as GrpcExporter } from "@opentelemetry/exporter-trace-otlp-grpc";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, NodeTracerProvider, type SpanExporter } from "@opentelemetry/sdk-trace-node";
import { describe, expect, it } from "vitest";

import { TracegateError } from "../../src/core/errors.ts";
import type { TraceFragment } from "../../src/core/span.ts";
import { readSpans } from "../../src/otlp/read-spans.ts";
import { openCapture } from "../../src/receiver/capture.ts";
import { startReceiver } from "../../src/receiver/receiver.ts";
import { recorder } from "./otlp-samples.ts";

type Make = (url: string) => SpanExporter;

/** Sets the variable the exporters read their compression from while one is made. */
function compressed(make: Make): Make {
  return (url) => {
    process.env.OTEL_EXPORTER_OTLP_COMPRESSION = "gzip";
    try {
      return make(url);
    } finally {
      delete process.env.OTEL_EXPORTER_OTLP_COMPRESSION;
    }
  };
}

const protobuf: Make = (url) => new ProtobufExporter({ url });
const json: Make = (url) => new JsonExporter({ url });

const grpc: Make = (url) => new GrpcExporter({ url });

const EXPORTERS: [string, Make][] = [
  ["protobuf", protobuf],
  ["protobuf, gzip", compressed(protobuf)],
  ["JSON", json],
  ["JSON, gzip", compressed(json)],
];

/** Runs an instrumented agent of two spans against an endpoint, and flushes. */
async function runAgent(exporter: SpanExporter): Promise<string> {
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ "service.name": "shop" }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer("agent", "1.2");
  const root = tracer.startSpan("answer", {
    attributes: { tokens: 12, price: 0.5, ok: true, tags: ["a", "b"] },
  });
  const inRoot = trace.setSpan(context.active(), root);
  const tool = tracer.startSpan("tool", {}, inRoot);
  tool.addEvent("called", { name: "search" });
  tool.end();
  root.end();
  await provider.forceFlush();
  await provider.shutdown();
  return root.spanContext().traceId;
}

function spansOf(fragments: readonly TraceFragment[]) {
  return fragments.flatMap((fragment) => readSpans(fragment.bytes));
}

describe("the exporters of the OpenTelemetry SDK", () => {
  it.each(EXPORTERS)("send %s that is understood", async (_, make) => {
    const { fragments, accept } = recorder();
    const receiver = await startReceiver({ port: 0, accept, signal: async () => {} });
    const id = await runAgent(make(`${receiver.url}/v1/traces`));
    await receiver.close();
    const spans = spansOf(fragments);
    const [tool, root] = ["tool", "answer"].map((name) => spans.find((span) => span.name === name));
    expect(root).toMatchObject({
      traceId: id,
      parentSpanId: null,
      attributes: { tokens: 12, price: 0.5, ok: true, tags: ["a", "b"] },
      resource: { "service.name": "shop" },
      scope: { name: "agent", version: "1.2" },
    });
    expect(tool?.parentSpanId).toBe(root?.spanId);
    expect(tool?.events).toMatchObject([{ name: "called", attributes: { name: "search" } }]);
    expect(spans.length).toBe(2);
  });

  it.each(EXPORTERS.slice(1, 3))("send %s again after a 429 with Retry-After", async (_, make) => {
    const { fragments, accept } = recorder();
    let calls = 0;
    const receiver = await startReceiver({
      port: 0,
      accept: async (more) => {
        calls += 1;
        if (calls === 1) throw new TracegateError("overloaded", "full", { retryable: true });
        await accept(more);
      },
      signal: async () => {},
    });
    await runAgent(make(`${receiver.url}/v1/traces`));
    await receiver.close();
    expect([calls, spansOf(fragments).length]).toEqual([2, 2]);
  });

  const GRPC_EXPORTERS: [string, Make][] = [
    ["gRPC", grpc],
    ["gRPC, gzip", compressed(grpc)],
  ];

  it.each(GRPC_EXPORTERS)("send %s that is understood", async (_, make) => {
    const { fragments, accept } = recorder();
    const receiver = await startReceiver({ port: 0, grpcPort: 0, accept, signal: async () => {} });
    const id = await runAgent(make(receiver.grpcUrl ?? ""));
    await receiver.close();
    expect(spansOf(fragments).map(({ traceId, name }) => [traceId, name])).toEqual([
      [id, "tool"],
      [id, "answer"],
    ]);
  });

  it("are told over gRPC why a call was refused; this one does not repeat it", async () => {
    const accept = () => Promise.reject(new TracegateError("overloaded", "full", { retryable: true }));
    const receiver = await startReceiver({ port: 0, grpcPort: 0, accept, signal: async () => {} });
    await expect(runAgent(grpc(receiver.grpcUrl ?? ""))).rejects.toMatchObject([
      { code: 8, details: "full" },
    ]);
    await receiver.close();
  });

  it("send to the endpoint of a trial, as OTEL_EXPORTER_OTLP_ENDPOINT has it", async () => {
    const capture = await openCapture({ settleMs: 20 });
    const { endpoint } = capture.open("case-1/1");
    process.env.OTEL_EXPORTER_OTLP_ENDPOINT = endpoint;
    const exporter = new ProtobufExporter();
    delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
    const id = await runAgent(exporter);
    const chunks = await capture.collect("case-1/1", {
      quietMs: 600_000,
      signal: new AbortController().signal,
    });
    await capture.close();
    expect(chunks.flatMap((chunk) => readSpans(chunk)).map((span) => span.traceId)).toEqual([id, id]);
  });
});
