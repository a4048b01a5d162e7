// tracegate.config.ts
import { defineConfig, moduleTask, replayTask, ruleScorers } from "tracegate";

export default defineConfig({
  scorers: [...ruleScorers],
  gate: {
    datasets: ["evals/datasets/support.jsonl"],
    task: replayTask({ task: moduleTask({ path: "evals/task.ts", export: "task" }), mode: "models-live" }),
  },
});
