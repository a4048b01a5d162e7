import {
  budget,
  defineConfig,
  finishReason,
  groundedness,
  moduleTask,
  noFinalAnswer,
  retryLoop,
  toolErrors,
  unsupportedClaim,
} from "tracegate";

import { rightOrder } from "./scorers/right-order.ts";

export default defineConfig({
  scorers: [
    toolErrors(),
    retryLoop(),
    unsupportedClaim(),
    finishReason(),
    noFinalAnswer(),
    budget({ tokens: 20_000, seconds: 30 }),
    rightOrder,
    groundedness,
  ],
  completion: { afterRootMs: 2_000 },
  gate: {
    datasets: ["evals/datasets/support.jsonl"],
    task: moduleTask({ path: "evals/support-agent/task.ts" }),
  },
  harvest: { dataset: "evals/datasets/support.jsonl" },
});
