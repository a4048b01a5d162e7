// Agents that stay loaded from trial to trial.
import { describeBreakdowns } from "./describe-breakdowns.ts";

describeBreakdowns({
  name: "a module in threads",
  task: 'moduleTask({ path: "agent.mjs", isolation: "thread", timeoutMs: LIMIT })',
  size: 8,
  limitMs: 1_500,
});

describeBreakdowns({
  name: "a service",
  task: 'httpTask({ url: "http://127.0.0.1:0/", start: { command: ["node", "serve.mjs"] }, timeoutMs: LIMIT, quietMs: 20, settleMs: 20 })',
  size: 8,
  limitMs: 1_500,
});
