// tracegate.config.ts
import { defineConfig, httpTask, ruleScorers } from "tracegate";

export default defineConfig({
  scorers: [...ruleScorers],
  gate: {
    datasets: ["evals/datasets/support.jsonl"],
    port: 4400,
    task: httpTask({ url: "http://127.0.0.1:8080/answer" }),
  },
});
