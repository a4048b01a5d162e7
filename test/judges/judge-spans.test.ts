import { trace } from "@opentelemetry/api";
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { afterAll, describe, expect, it } from "vitest";

import { anthropic } from "../../src/judges/anthropic.ts";
import { openai } from "../../src/judges/openai.ts";
import { startModelServer } from "../../src/llmwire/model-server.ts";

const exporter = new InMemorySpanExporter();
const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
provider.register();
afterAll(async () => {
  trace.disable();
  await provider.shutdown();
});

describe("a judge's own calls", () => {
  it("leave no spans, although the application registered a tracer provider", async () => {
    const answer = JSON.stringify({ rationale: "r", evidence: [], label: "yes" });
    const server = await startModelServer({ reply: () => ({ text: answer }) });
    const question = { scorer: "s", version: "1", instructions: "i", content: "c", labels: ["yes"] };
    const env = { OPENAI_API_KEY: "k", ANTHROPIC_API_KEY: "k" };
    const { signal } = new AbortController();
    const judges = [
      openai({ model: "m", env, baseURL: server.openaiBaseUrl, api: "responses" }),
      openai({ model: "m", env, baseURL: server.openaiBaseUrl }),
      anthropic({ model: "m", env, baseURL: server.anthropicBaseUrl }),
    ];
    for (const judge of judges) expect(await judge.ask(question, signal)).toMatchObject({ label: "yes" });
    await server.close();

    expect(exporter.getFinishedSpans().map((span) => span.name)).toEqual([]);
  });
});
