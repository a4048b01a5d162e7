/** Mastra with its OTel exporter. */
import { createOpenAI } from "@ai-sdk/openai";
import { Mastra } from "@mastra/core";
import { Agent } from "@mastra/core/agent";
import { createTool } from "@mastra/core/tools";
import { Observability } from "@mastra/observability";
import { OtelExporter } from "@mastra/otel-exporter";
import { z } from "zod";
import { description, getOrderStatus, model, question, system, who } from "./shop.mjs";

const openai = createOpenAI({ baseURL: process.env.OPENAI_BASE_URL });
const status = createTool({
  id: "get_order_status",
  description,
  inputSchema: z.object({ order_id: z.string() }),
  execute: async (input) => getOrderStatus(input),
});
const agent = new Agent({
  id: "support_agent",
  name: "support_agent",
  instructions: system,
  model: openai.chat(model),
  tools: { get_order_status: status },
});
const exporter = new OtelExporter({
  provider: {
    custom: { endpoint: `${process.env.OTEL_EXPORTER_OTLP_ENDPOINT}/v1/traces`, protocol: "http/protobuf" },
  },
});
const mastra = new Mastra({
  agents: { support_agent: agent },
  logger: false,
  observability: new Observability({
    configs: { otel: { serviceName: "support-agent", exporters: [exporter] } },
  }),
});
await mastra.getAgent("support_agent").generate(question, {
  modelSettings: { temperature: 0.2 },
  tracingOptions: { metadata: { userId: who.user, sessionId: who.session }, tags: ["beta", "eu"] },
});
await mastra.observability.shutdown();
await exporter.shutdown();
