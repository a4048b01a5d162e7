import { defineConfig, defineScorer, moduleTask, ruleScorers } from "tracegate";

const refunds = defineScorer("refunds", ({ trace, case: tried }) => {
  const expected = tried?.expected; // live traffic has no case
  if (typeof expected !== "object" || expected === null || !("refunds" in expected)) return null;
  const made = trace.toolCalls.filter(({ name, error }) => name === "create_refund" && error === null);
  return { value: made.length === expected.refunds, explanation: `${made.length} refunds were made` };
});

export default defineConfig({
  scorers: [...ruleScorers, refunds],
  gate: { task: moduleTask({ path: "./evals/task.ts" }) },
});
