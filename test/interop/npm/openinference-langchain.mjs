/** LangChain's agent, traced by OpenInference. */
import { LangChainInstrumentation } from "@arizeai/openinference-instrumentation-langchain";
import * as CallbackManager from "@langchain/core/callbacks/manager";
import { tool } from "@langchain/core/tools";
import { ChatOpenAI } from "@langchain/openai";
import { createAgent } from "langchain";
import { startTracing } from "./otel.mjs";
import { description, getOrderStatus, model, parameters, question, system, who } from "./shop.mjs";

const provider = startTracing();
const instrumentation = new LangChainInstrumentation({ tracerProvider: provider });
instrumentation.manuallyInstrument(CallbackManager);

const status = tool((input) => JSON.stringify(getOrderStatus(input)), {
  name: "get_order_status",
  description,
  schema: parameters,
});
const agent = createAgent({
  model: new ChatOpenAI({ model, temperature: 0.2 }),
  tools: [status],
  systemPrompt: system,
  name: "support_agent",
});
await agent.invoke(
  { messages: [{ role: "user", content: question }] },
  { metadata: { session_id: who.session, user_id: who.user } },
);
await provider.shutdown();
