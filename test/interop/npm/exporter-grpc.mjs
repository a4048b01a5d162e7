/** OTLP over gRPC, gzipped: what the exporter sends is the same for every instrumentation before it. */
import { setSession, setUser, traceAgent, traceTool } from "@arizeai/openinference-core";
import { OpenAIInstrumentation } from "@arizeai/openinference-instrumentation-openai";
import { context } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-grpc";
import { CompressionAlgorithm } from "@opentelemetry/otlp-exporter-base";
import OpenAI from "openai";
import { startTracing } from "./otel.mjs";
import { getOrderStatus, openaiLoop, question, who } from "./shop.mjs";

const provider = startTracing({
  exporter: new OTLPTraceExporter({ compression: CompressionAlgorithm.GZIP }),
});
new OpenAIInstrumentation({ tracerProvider: provider }).manuallyInstrument(OpenAI);

const tool = traceTool(getOrderStatus, { name: "get_order_status" });
const agent = traceAgent(() => openaiLoop(new OpenAI(), tool), { name: "support_agent" });
const identity = setUser(setSession(context.active(), { sessionId: who.session }), { userId: who.user });
await context.with(identity, () => agent(question));
await provider.shutdown();
