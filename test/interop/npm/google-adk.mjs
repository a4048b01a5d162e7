/** Google's Agent Development Kit, on the Gemini wire format. */
import { FunctionTool, InMemoryRunner, LlmAgent } from "@google/adk";
import { z } from "zod";
import { startTracing } from "./otel.mjs";
import { description, getOrderStatus, question, system, who } from "./shop.mjs";

const provider = startTracing();
const status = new FunctionTool({
  name: "get_order_status",
  description,
  parameters: z.object({ order_id: z.string() }),
  execute: (input) => getOrderStatus(input),
});
const agent = new LlmAgent({
  name: "support_agent",
  model: "gemini-2.5-flash",
  instruction: system,
  tools: [status],
  generateContentConfig: { temperature: 0.2 },
});
const runner = new InMemoryRunner({ agent, appName: "support-agent" });
await runner.sessionService.createSession({
  appName: "support-agent",
  userId: who.user,
  sessionId: who.session,
});
const newMessage = { role: "user", parts: [{ text: question }] };
for await (const _ of runner.runAsync({ userId: who.user, sessionId: who.session, newMessage }));
await provider.shutdown();
