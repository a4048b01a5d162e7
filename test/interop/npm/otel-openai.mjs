/** @opentelemetry/instrumentation-openai: texts go out as log records, tools have no spans. */
import { createRequire } from "node:module";
import { trace } from "@opentelemetry/api";
import { OpenAIInstrumentation } from "@opentelemetry/instrumentation-openai";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { openaiLoop } from "./shop.mjs";

const sdk = new NodeSDK({ instrumentations: [new OpenAIInstrumentation({ captureMessageContent: true })] });
sdk.start();
const { OpenAI } = createRequire(import.meta.url)("openai");

await trace.getTracer("app", "1.0.0").startActiveSpan("handle_request", async (span) => {
  await openaiLoop(new OpenAI());
  span.end();
});
await sdk.shutdown();
