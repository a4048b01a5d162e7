import { defineConfig, groundedness, moduleTask, ruleScorers } from "tracegate";

import { rightOrder } from "./scorers/right-order.ts";

export default defineConfig({
  scorers: [...ruleScorers, rightOrder, groundedness()],
  completion: { afterRootMs: 2_000 },
  harvest: { dataset: "evals/datasets/support.jsonl" },
  gate: {
    datasets: ["evals/datasets/support.jsonl"],
    // A release has to rule a loss of 5 points out, and with so few cases that takes many passes; the simulated model costs nothing.
    maxPasses: 20,
    task: moduleTask({ path: "evals/support-agent/task.ts", isolation: "thread" }),
  },
});
