// Stands for the user's agent; it starts OpenTelemetry, as in production.

import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

new NodeTracerProvider({ spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())] }).register();

/** Answers a question. */
export async function answer(question: string): Promise<string> {
  return `You asked: ${question}`;
}
