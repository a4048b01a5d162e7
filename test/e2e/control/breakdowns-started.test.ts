// Agents that are started for each trial.
import { describeBreakdowns } from "./describe-breakdowns.ts";

describeBreakdowns({
  name: "a module in processes",
  task: 'moduleTask({ path: "agent.mjs", timeoutMs: LIMIT })',
  size: 8,
  limitMs: 3_000,
});

describeBreakdowns({
  name: "a command",
  task: 'commandTask({ command: ["node", "command.mjs"], timeoutMs: LIMIT })',
  size: 8,
  limitMs: 3_000,
});
