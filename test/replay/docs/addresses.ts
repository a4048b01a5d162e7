import { moduleTask, replayTask } from "tracegate";

export const task = replayTask({
  task: moduleTask({ path: "src/agent.ts", export: "answer" }),
  environment: { SHOP_MODEL_URL: "openai", SHOP_MCP_URL: "mcp", SHOP_CLOCK: "now" },
});
