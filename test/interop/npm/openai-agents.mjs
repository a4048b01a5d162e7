/** OpenAI's Agents SDK through OpenInference's bridge. */
import { OpenAIAgentsInstrumentation } from "@arizeai/openinference-instrumentation-openai-agents";
import * as agents from "@openai/agents";
import { startTracing } from "./otel.mjs";
import { description, getOrderStatus, model, parameters, question, system, who } from "./shop.mjs";

const provider = startTracing();
const instrumentation = new OpenAIAgentsInstrumentation({ tracerProvider: provider });
instrumentation.manuallyInstrument?.(agents);

const status = agents.tool({
  name: "get_order_status",
  description,
  parameters: { ...parameters, additionalProperties: false },
  strict: false,
  execute: (input) => JSON.stringify(getOrderStatus(input)),
});
const agent = new agents.Agent({
  name: "support_agent",
  instructions: system,
  model,
  modelSettings: { temperature: 0.2 },
  tools: [status],
});
await agents.withTrace("support-workflow", () => agents.run(agent, question), {
  groupId: who.session,
  metadata: { user_id: who.user },
});
await agents.getGlobalTraceProvider().forceFlush();
await provider.shutdown();
