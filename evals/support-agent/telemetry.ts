import { type Span, SpanKind, SpanStatusCode, type Tracer } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

import type { Call, Model, Reply, Turn } from "./models.ts";
import type { Tool } from "./tools/tool.ts";

/** Spans of this agent, sent over OTLP by the OpenTelemetry SDK. */
export interface Telemetry {
  readonly tracer: Tracer;
  /** Sends what is left. */
  close(): Promise<void>;
}

/** Starts the SDK. `endpoint` as in `OTEL_EXPORTER_OTLP_ENDPOINT`: without the `/v1/traces`. */
export function startTelemetry(endpoint: string, version: string): Telemetry {
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces` });
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ "service.name": "support-agent", "service.version": version }),
    spanProcessors: [new BatchSpanProcessor(exporter, { scheduledDelayMillis: 200 })],
  });
  return { tracer: provider.getTracer("support-agent"), close: () => provider.shutdown() };
}

/** A message by the OTel GenAI schema. */
export function genAiMessage(turn: Turn): object {
  if (turn.role === "user") return { role: "user", parts: [{ type: "text", content: turn.text }] };
  if (turn.role === "tool") {
    return { role: "tool", parts: [{ type: "tool_call_response", id: turn.call.id, response: turn.result }] };
  }
  const text = turn.text ? [{ type: "text", content: turn.text }] : [];
  const calls = turn.calls.map((call) => ({
    type: "tool_call",
    id: call.id,
    name: call.name,
    arguments: call.input,
  }));
  return { role: "assistant", parts: [...text, ...calls] };
}

const FINISH: Record<string, string> = {
  stop: "stop",
  end_turn: "stop",
  length: "length",
  max_tokens: "length",
  tool_calls: "tool_call",
  tool_use: "tool_call",
};

/** Attributes of a chat span that are known before the call. */
export function chatSpan(
  model: Model,
  system: string,
  turns: readonly Turn[],
  maxTokens: number,
  tools: readonly Tool[],
) {
  return {
    kind: SpanKind.CLIENT,
    attributes: {
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": model.provider,
      "gen_ai.request.model": model.name,
      "gen_ai.request.max_tokens": maxTokens,
      "gen_ai.system_instructions": JSON.stringify([{ type: "text", content: system }]),
      "gen_ai.input.messages": JSON.stringify(turns.map(genAiMessage)),
      "gen_ai.tool.definitions": JSON.stringify(
        tools.map(({ name, description, parameters }) => ({
          type: "function",
          name,
          description,
          parameters,
        })),
      ),
    },
  };
}

/** Puts what came back on a chat span. */
export function endChat(span: Span, reply: Reply): void {
  span.setAttributes({
    "gen_ai.response.id": reply.id,
    "gen_ai.response.model": reply.model,
    "gen_ai.response.finish_reasons": [FINISH[reply.finish] ?? reply.finish],
    "gen_ai.usage.input_tokens": reply.inputTokens,
    "gen_ai.usage.output_tokens": reply.outputTokens,
    "gen_ai.output.messages": JSON.stringify([
      genAiMessage({ role: "assistant", text: reply.text, calls: reply.calls }),
    ]),
  });
  span.end();
}

/** Attributes of a tool span that are known before the call. */
export function toolSpan(call: Call) {
  return {
    attributes: {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": call.name,
      "gen_ai.tool.type": "function",
      "gen_ai.tool.call.id": call.id,
      "gen_ai.tool.call.arguments": JSON.stringify(call.input),
    },
  };
}

/** Puts what came back on a tool span. */
export function endTool(span: Span, result: string, error: Error | undefined): void {
  span.setAttribute("gen_ai.tool.call.result", result);
  if (error) {
    span.setAttribute("error.type", error.name);
    span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
  }
  span.end();
}
