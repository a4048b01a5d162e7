/** AWS Strands, on the OpenAI model. */
import { Agent, FunctionTool } from "@strands-agents/sdk";
import { OpenAIModel } from "@strands-agents/sdk/models/openai";
import { setupTracer } from "@strands-agents/sdk/telemetry";
import { description, getOrderStatus, model, parameters, question, system, who } from "./shop.mjs";

const provider = setupTracer({ exporters: { otlp: true } });
const status = new FunctionTool({
  name: "get_order_status",
  description,
  inputSchema: parameters,
  callback: (input) => getOrderStatus(input),
});
const agent = new Agent({
  name: "support_agent",
  model: new OpenAIModel({ api: "chat", modelId: model, params: { temperature: 0.2 } }),
  systemPrompt: system,
  tools: [status],
  printer: false,
  traceAttributes: { "user.id": who.user, "session.id": who.session },
});
await agent.invoke(question);
await provider.forceFlush();
await provider.shutdown();
