/** OpenLLMetry's SDK with its wrappers for workflow, agent and tool. */
import * as traceloop from "@traceloop/node-server-sdk";
import OpenAI from "openai";
import { getOrderStatus, openaiLoop, question, who } from "./shop.mjs";

traceloop.initialize({
  appName: "support-agent",
  baseUrl: process.env.OTEL_EXPORTER_OTLP_ENDPOINT,
  apiKey: "none",
  disableBatch: false,
  silenceInitializationMessage: true,
  instrumentModules: { openAI: OpenAI },
});
const tool = (input) =>
  traceloop.withTool({ name: "get_order_status" }, (given) => getOrderStatus(given), input);
const properties = { user_id: who.user, session_id: who.session, org_id: who.organisation };
await traceloop.withWorkflow(
  { name: "support_workflow", associationProperties: properties },
  (asked) => traceloop.withAgent({ name: "support_agent" }, () => openaiLoop(new OpenAI(), tool), asked),
  question,
);
await traceloop.forceFlush();
