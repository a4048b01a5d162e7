// tracegate.config.ts
import { commandTask, defineConfig, ruleScorers } from "tracegate";

export default defineConfig({
  scorers: [...ruleScorers],
  gate: {
    datasets: ["evals/datasets/support.jsonl"],
    task: commandTask({ command: ["python3", "evals/task.py"], timeoutMs: 60_000 }),
  },
});
