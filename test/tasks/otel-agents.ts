// Agents with OpenTelemetry's own SDK and one global provider, as many set it up; each export is one behaviour.
import { propagation, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

import type { Case } from "../../src/core/case.ts";
import type { TrialSetting } from "../../src/core/run.ts";

/** Where its spans go is in the environment; they wait there for a minute, unless they are flushed. */
const exporter = new OTLPTraceExporter();
new NodeTracerProvider({
  spanProcessors: [new BatchSpanProcessor(exporter, { scheduledDelayMillis: 60_000 })],
}).register();

/** Continues the trace of its trial by the W3C propagator, which `register` has set. */
export function continues(input: Case, { traceparent }: TrialSetting): string {
  const parent = propagation.extract(ROOT_CONTEXT, { traceparent });
  const tracer = trace.getTracer("otel-agents");
  const root = tracer.startSpan(`invoke_agent ${input.id}`, {}, parent);
  tracer.startSpan("chat", {}, trace.setSpan(parent, root)).end();
  root.end();
  return `answer to ${input.id}`;
}

const LOGS = Symbol.for("io.opentelemetry.js.api.logs");

/** Has a global provider of log records, which sends one when it is flushed. */
export function logs(input: Case, { endpoint, traceparent }: TrialSetting): string {
  const parent = propagation.extract(ROOT_CONTEXT, { traceparent });
  const root = trace.getTracer("otel-agents").startSpan(`invoke_agent ${input.id}`, {}, parent);
  root.end();
  const { traceId, spanId } = root.spanContext();
  const record = { timeUnixNano: "1", traceId, spanId, eventName: "gen_ai.user.message", body: {} };
  const body = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] });
  const forceFlush = () =>
    fetch(`${endpoint}/v1/logs`, { method: "POST", headers: { "content-type": "application/json" }, body });
  Reflect.set(globalThis, LOGS, () => ({ forceFlush }));
  return "logged";
}

/** Has an exporter that never ends. */
export function hangs(): string {
  Reflect.set(globalThis, LOGS, () => ({ forceFlush: () => new Promise(() => {}) }));
  return "hung";
}

/** Knows nothing of the trial: its spans continue whatever trace is active, as below the instrumentation of a server. */
export function unaware(input: Case): Promise<string> {
  return trace.getTracer("otel-agents").startActiveSpan(`invoke_agent ${input.id}`, async (root) => {
    await new Promise((resolve) => setTimeout(resolve, 5));
    trace.getTracer("otel-agents").startSpan("chat").end();
    root.end();
    return `answer to ${input.id}`;
  });
}
