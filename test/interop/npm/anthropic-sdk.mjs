/** The Anthropic SDK's own spans, with content, through its tool runner. */
import Anthropic from "@anthropic-ai/sdk";
import { betaTool } from "@anthropic-ai/sdk/helpers/beta/json-schema";
import { inAppSpan, startTracing } from "./otel.mjs";
import { claude, description, getOrderStatus, parameters, question, system } from "./shop.mjs";

const provider = startTracing();
const anthropic = new Anthropic();
const tool = betaTool({
  name: "get_order_status",
  description,
  inputSchema: parameters,
  run: (input) => JSON.stringify(getOrderStatus(input)),
});
await inAppSpan(() =>
  anthropic.beta.messages.toolRunner({
    model: claude,
    max_tokens: 300,
    temperature: 0.2,
    system,
    tools: [tool],
    messages: [{ role: "user", content: question }],
  }),
);
await provider.shutdown();
