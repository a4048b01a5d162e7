/** OpenInference's OpenAI instrumentation with the wrappers of openinference-core for agent and tool. */
import { setSession, setUser, traceAgent, traceTool } from "@arizeai/openinference-core";
import { OpenAIInstrumentation } from "@arizeai/openinference-instrumentation-openai";
import { context } from "@opentelemetry/api";
import OpenAI from "openai";
import { startTracing } from "./otel.mjs";
import { getOrderStatus, openaiLoop, question, who } from "./shop.mjs";

const provider = startTracing();
const instrumentation = new OpenAIInstrumentation({ tracerProvider: provider });
instrumentation.manuallyInstrument(OpenAI);

const tool = traceTool(getOrderStatus, { name: "get_order_status" });
const agent = traceAgent(() => openaiLoop(new OpenAI(), tool), { name: "support_agent" });
const identity = setUser(setSession(context.active(), { sessionId: who.session }), { userId: who.user });
await context.with(identity, () => agent(question));
await provider.shutdown();
