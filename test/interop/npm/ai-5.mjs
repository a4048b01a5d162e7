/** Vercel AI SDK 5 and 6. */
import { createOpenAI } from "@ai-sdk/openai";
import { generateText, jsonSchema, stepCountIs, tool } from "ai";
import { startTracing } from "./otel.mjs";
import { description, getOrderStatus, model, parameters, question, system, who } from "./shop.mjs";

const provider = startTracing();
const openai = createOpenAI({ baseURL: process.env.OPENAI_BASE_URL });
await generateText({
  model: openai.chat(model),
  system,
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
  experimental_telemetry: {
    isEnabled: true,
    functionId: "support_agent",
    metadata: { userId: who.user, sessionId: who.session, org: who.organisation },
  },
});
await provider.shutdown();
