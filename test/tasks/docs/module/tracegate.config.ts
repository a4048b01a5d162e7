// tracegate.config.ts
import { defineConfig, moduleTask, ruleScorers } from "tracegate";

export default defineConfig({
  scorers: [...ruleScorers],
  gate: {
    datasets: ["evals/datasets/support.jsonl"],
    task: moduleTask({ path: "evals/task.ts", export: "task", timeoutMs: 60_000 }),
  },
});
