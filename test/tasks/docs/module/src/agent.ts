// Stands for the user's agent; it starts OpenTelemetry, as in production.

import { trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())] }).register();

/** Answers a question. */
export async function answer(question: string, _options: { readonly signal: AbortSignal }): Promise<string> {
  trace.getTracer("shop").startSpan("invoke_agent shop").end();
  return `You asked: ${question}`;
}
