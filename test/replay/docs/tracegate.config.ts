// tracegate.config.ts
import { commandTask, defineConfig, replayTask, toolErrors } from "tracegate";

export default defineConfig({
  scorers: [toolErrors()],
  gate: {
    datasets: ["evals/datasets/support.jsonl"],
    task: replayTask({
      task: commandTask({ command: ["python3", "agent.py"] }),
      recordings: "evals/recordings",
      mode: "models-live",
    }),
  },
});
