/** LangSmith's SDK in its OpenTelemetry mode: the endpoint is taken as the whole address. */
import { Client } from "langsmith";
import { initializeOTEL } from "langsmith/experimental/otel/setup";
import { traceable } from "langsmith/traceable";
import { wrapOpenAI } from "langsmith/wrappers";
import OpenAI from "openai";
import { getOrderStatus, openaiLoop, question, who } from "./shop.mjs";

const { DEFAULT_LANGSMITH_SPAN_PROCESSOR: processor } = initializeOTEL();
const client = new Client();
const openai = wrapOpenAI(new OpenAI(), { client });
const tool = traceable(getOrderStatus, { name: "get_order_status", run_type: "tool", client });
const agent = traceable(() => openaiLoop(openai, tool), {
  name: "support_agent",
  run_type: "chain",
  client,
  tags: ["beta", "eu"],
  metadata: { session_id: who.session, user_id: who.user, org: who.organisation, feature: "returns" },
});
await agent(question);
await client.awaitPendingTraceBatches();
await processor.shutdown();
