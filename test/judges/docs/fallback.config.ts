import { anthropic, defineConfig, openai } from "tracegate";

export default defineConfig({
  judge: openai({
    model: "gpt-6-luna",
    fallback: anthropic({ model: "claude-haiku-4-5" }),
  }),
});
