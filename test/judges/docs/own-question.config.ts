import { defineConfig, defineJudge, openai } from "tracegate";

const refundsByTheBook = defineJudge("refunds-by-the-book", {
  question: "Did the agent refund only what the policy above allows?",
  labels: { yes: 1, no: 0 },
  documents: [{ text: "Worn shoes are not refunded.", title: "Refunds" }],
  context: "evidence",
  applies: ({ trace }) => trace.toolCalls.some(({ name }) => name === "refund") || "Nothing was refunded.",
});

export default defineConfig({
  judge: openai({ model: "gpt-6-luna" }),
  scorers: [refundsByTheBook],
});
