/** Langfuse's OTel SDK: JSON to a path of its own. */
import { observeOpenAI } from "@langfuse/openai";
import { LangfuseSpanProcessor } from "@langfuse/otel";
import { propagateAttributes, startActiveObservation } from "@langfuse/tracing";
import OpenAI from "openai";
import { startTracing } from "./otel.mjs";
import { getOrderStatus, openaiLoop, question, who } from "./shop.mjs";

const provider = startTracing({ processors: [new LangfuseSpanProcessor()] });
const openai = observeOpenAI(new OpenAI(), { generationName: "answer" });
const tool = (input) =>
  startActiveObservation(
    "get_order_status",
    (span) => {
      const output = getOrderStatus(input);
      span.update({ input, output });
      return output;
    },
    { asType: "tool" },
  );
await startActiveObservation(
  "support_agent",
  (span) =>
    propagateAttributes(
      {
        userId: who.user,
        sessionId: who.session,
        tags: ["beta", "eu"],
        metadata: { org: who.organisation, feature: "returns" },
      },
      async () => {
        span.update({ input: question });
        span.update({ output: await openaiLoop(openai, tool) });
      },
    ),
  { asType: "agent" },
);
await provider.shutdown();
