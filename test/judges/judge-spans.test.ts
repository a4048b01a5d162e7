import { subscribe, unsubscribe } from "node:diagnostics_channel";

import { context, propagation, trace } from "@opentelemetry/api";
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { OpenAI } from "openai";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { anthropic } from "../../src/judges/anthropic.ts";
import { openai } from "../../src/judges/openai.ts";
import { type ModelServer, startModelServer } from "../../src/llmwire/model-server.ts";

const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
const tracer = trace.getTracer("an application");

/** As the instrumentation of fetch does it: a span for each request, made where the request is made, and a header that names it. */
const onRequest = (message: unknown) => {
  tracer.startActiveSpan("HTTP POST", (span) => {
    const { request } = message as { request: { addHeader(name: string, value: string): void } };
    const carrier: { [name: string]: string } = {};
    propagation.inject(context.active(), carrier);
    for (const [name, value] of Object.entries(carrier)) request.addHeader(name, value);
    span.end();
  });
};

/** As the instrumentations of the SDK do it: its method is replaced by one that makes a span. */
const { create } = OpenAI.Responses.prototype;

beforeAll(() => {
  provider.register();
  subscribe("undici:request:create", onRequest);
  OpenAI.Responses.prototype.create = function (this: OpenAI.Responses, ...given: never[]) {
    return tracer.startActiveSpan("openai.responses", (span) => {
      span.end();
      return Reflect.apply(create, this, given);
    });
  } as typeof create;
});
afterAll(async () => {
  OpenAI.Responses.prototype.create = create;
  unsubscribe("undici:request:create", onRequest);
  trace.disable();
  context.disable();
  propagation.disable();
  await provider.shutdown();
});

describe("a judge's own calls", () => {
  let server: ModelServer;
  beforeEach(async () => {
    const answer = JSON.stringify({ rationale: "r", evidence: [], label: "yes" });
    server = await startModelServer({ reply: () => ({ text: answer }) });
    exporter.reset();
  });
  afterEach(() => server.close());

  it("leave no spans, although fetch and the SDK are instrumented in this process", async () => {
    const question = { scorer: "s", version: "1", instructions: "i", content: "c", labels: ["yes"] };
    const env = { OPENAI_API_KEY: "k", ANTHROPIC_API_KEY: "k" };
    const { signal } = new AbortController();
    const judges = [
      openai({ model: "m", env, baseURL: server.openaiBaseUrl, api: "responses" }),
      openai({ model: "m", env, baseURL: server.openaiBaseUrl, api: "decisions" }),
      openai({ model: "m", env, baseURL: server.openaiBaseUrl }),
      anthropic({ model: "m", env, baseURL: server.anthropicBaseUrl }),
    ];
    await tracer.startActiveSpan("agent", async (span) => {
      for (const judge of judges) expect(await judge.ask(question, signal)).toMatchObject({ label: "yes" });
      span.end();
    });

    expect(exporter.getFinishedSpans().map((span) => span.name)).toEqual(["agent"]);
    expect(server.requests()).toHaveLength(4);
  });

  it("would leave them if they were made like any other", async () => {
    const client = new OpenAI({ apiKey: "k", baseURL: server.openaiBaseUrl, maxRetries: 0 });
    await client.responses.create({ model: "m", input: "hello" });

    const names = exporter.getFinishedSpans().map((span) => span.name);
    expect(names).toEqual(["openai.responses", "HTTP POST"]);
  });
});
