/** OpenInference's Anthropic instrumentation. The SDK adds spans of its own: each call arrives twice. */

import Anthropic from "@anthropic-ai/sdk";
import { setSession, setUser, traceAgent, traceTool } from "@arizeai/openinference-core";
import { AnthropicInstrumentation } from "@arizeai/openinference-instrumentation-anthropic";
import { context } from "@opentelemetry/api";
import { startTracing } from "./otel.mjs";
import { anthropicLoop, getOrderStatus, question, who } from "./shop.mjs";

const provider = startTracing();
const instrumentation = new AnthropicInstrumentation({ tracerProvider: provider });
instrumentation.manuallyInstrument(Anthropic);

const tool = traceTool(getOrderStatus, { name: "get_order_status" });
const agent = traceAgent(() => anthropicLoop(new Anthropic(), tool), { name: "support_agent" });
const identity = setUser(setSession(context.active(), { sessionId: who.session }), { userId: who.user });
await context.with(identity, () => agent(question));
await provider.shutdown();
