/** A tracer provider that sends to OTEL_EXPORTER_OTLP_ENDPOINT, for agents whose client brings none of its own. */
import { trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

export const resource = resourceFromAttributes({
  "service.name": "support-agent",
  "service.version": "1.4.2",
  "deployment.environment.name": "test",
});

export function startTracing({ exporter = new OTLPTraceExporter(), processors } = {}) {
  const provider = new NodeTracerProvider({
    resource,
    spanProcessors: processors ?? [new BatchSpanProcessor(exporter)],
  });
  provider.register();
  return provider;
}

/** What an application does that traces its requests itself: one plain span around the agent. */
export function inAppSpan(run, name = "handle_request") {
  return trace.getTracer("app", "1.0.0").startActiveSpan(name, async (span) => {
    try {
      return await run(span);
    } finally {
      span.end();
    }
  });
}
