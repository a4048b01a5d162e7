import { type Attributes, SpanStatusCode, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

/** The exporter reads its endpoint from the environment, as the README says. */
const provider = new NodeTracerProvider({
  spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
});
provider.register();
const tracer = trace.getTracer("shop");

const ENDINGS = ["", "Anything else?", "Have a nice day.", "Take care.", "Kind regards.", "All the best."];

/** The agent of somebody who follows the README. With REFUNDS=down its tool fails and it does not say so. */
export async function answer(question: string): Promise<string> {
  const ending = ENDINGS[Number(process.env.TRACEGATE_TRIAL ?? 0) % ENDINGS.length];
  const text = `Your refund is on its way. ${ending}`;
  return tracer.startActiveSpan("invoke_agent shop", { attributes: begun(question) }, (root) => {
    refund();
    root.setAttributes({
      "gen_ai.output.messages": message("assistant", text),
      "tracegate.trace.complete": true,
    });
    root.end();
    return text;
  });
}

/** Sends what is left. */
export function close(): Promise<void> {
  return provider.shutdown();
}

function refund(): void {
  const attributes = { "gen_ai.operation.name": "execute_tool", "gen_ai.tool.name": "create_refund" };
  const span = tracer.startSpan("execute_tool create_refund", { attributes });
  if (process.env.REFUNDS === "down") {
    span.setAttribute("error.type", "CardExpired");
    span.setStatus({ code: SpanStatusCode.ERROR, message: "declined" });
  }
  span.end();
}

function begun(question: string): Attributes {
  return {
    "gen_ai.operation.name": "invoke_agent",
    "gen_ai.agent.name": "shop",
    "gen_ai.input.messages": message("user", question),
  };
}

function message(role: string, content: string): string {
  return JSON.stringify([{ role, parts: [{ type: "text", content }] }]);
}
