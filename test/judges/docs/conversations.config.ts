import { defineConfig, defineJudge, overSession } from "tracegate";

const settled = defineJudge("settled", {
  question: "Did the user get what they came for by the end of the conversation?",
  labels: { yes: 1, no: 0 },
});

export default defineConfig({
  sessionScorers: [overSession(settled)],
  completion: { sessionIdleMs: 1_800_000 },
});
