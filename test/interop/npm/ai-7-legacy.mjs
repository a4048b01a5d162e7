/** Vercel AI SDK 7 with the older ai.* spans. */
import { createOpenAI } from "@ai-sdk/openai";
import { LegacyOpenTelemetry } from "@ai-sdk/otel";
import { generateText, jsonSchema, registerTelemetry, stepCountIs, tool } from "ai";
import { startTracing } from "./otel.mjs";
import { description, getOrderStatus, model, parameters, question, system, who } from "./shop.mjs";

const provider = startTracing();
registerTelemetry(new LegacyOpenTelemetry());
const openai = createOpenAI({ baseURL: process.env.OPENAI_BASE_URL });
await generateText({
  model: openai.chat(model),
  instructions: system,
  prompt: question,
  temperature: 0.2,
  stopWhen: stepCountIs(5),
  tools: {
    get_order_status: tool({
      description,
      inputSchema: jsonSchema(parameters),
      execute: async (input) => getOrderStatus(input),
    }),
  },
  runtimeContext: { userId: who.user, sessionId: who.session },
  telemetry: { isEnabled: true, functionId: "support_agent" },
});
await provider.shutdown();
