/** Vercel AI SDK 4. */
import { createOpenAI } from "@ai-sdk/openai";
import { generateText, jsonSchema, tool } from "ai";
import { startTracing } from "./otel.mjs";
import { description, getOrderStatus, model, parameters, question, system, who } from "./shop.mjs";

const provider = startTracing();
const openai = createOpenAI({ baseURL: process.env.OPENAI_BASE_URL });
await generateText({
  model: openai(model),
  system,
  prompt: question,
  temperature: 0.2,
  maxSteps: 5,
  tools: {
    get_order_status: tool({
      description,
      parameters: jsonSchema(parameters),
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
