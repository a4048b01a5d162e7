import { anthropic, cascade, defineConfig, openai } from "tracegate";

export default defineConfig({
  judge: cascade({
    cheap: openai({ model: "gpt-6-luna", api: "decisions" }),
    strong: anthropic({ model: "claude-sonnet-5-5" }),
    acceptAbove: 0.97,
  }),
});
