/** The same SDK before an Anthropic client that adds spans of its own: each call arrives twice. */
import Anthropic from "@anthropic-ai/sdk";
import * as traceloop from "@traceloop/node-server-sdk";
import { anthropicLoop, getOrderStatus, question, who } from "./shop.mjs";

traceloop.initialize({
  appName: "support-agent",
  baseUrl: process.env.OTEL_EXPORTER_OTLP_ENDPOINT,
  apiKey: "none",
  silenceInitializationMessage: true,
  instrumentModules: { anthropic: { Anthropic } },
});
const tool = (input) =>
  traceloop.withTool({ name: "get_order_status" }, (given) => getOrderStatus(given), input);
const properties = { user_id: who.user, session_id: who.session, org_id: who.organisation };
await traceloop.withWorkflow(
  { name: "support_workflow", associationProperties: properties },
  (asked) =>
    traceloop.withAgent({ name: "support_agent" }, () => anthropicLoop(new Anthropic(), tool), asked),
  question,
);
await traceloop.forceFlush();
