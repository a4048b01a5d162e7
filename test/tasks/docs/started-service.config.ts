// tracegate.config.ts
import { defineConfig, httpTask, ruleScorers } from "tracegate";

export default defineConfig({
  scorers: [...ruleScorers],
  gate: {
    datasets: ["evals/datasets/support.jsonl"],
    task: httpTask({
      url: "http://127.0.0.1:0/answer",
      start: { command: ["python3", "serve.py"], health: "/healthz" },
      headers: { authorization: { env: "SHOP_TOKEN", prefix: "Bearer " } },
    }),
  },
});
