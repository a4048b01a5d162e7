import { anthropic, defineConfig, defineJudge, openai, panel, safety } from "tracegate";

const both = panel([openai({ model: "gpt-6-sol" }), anthropic({ model: "claude-sonnet-5-5" })], {
  arbiter: anthropic({ model: "claude-opus-5-5" }),
});

export default defineConfig({
  scorers: [
    safety({ judge: both }),
    defineJudge("resolved", { question: "Did the user get what they asked for?", labels: { yes: 1, no: 0 } }),
  ],
});
