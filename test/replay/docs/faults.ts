import { commandTask, replayTask } from "tracegate";

export const task = replayTask({
  task: commandTask({ command: ["python3", "agent.py"] }),
  mode: "models-live",
  faults: [
    { tool: "get_order", kind: "error", call: 1, message: "429 Too Many Requests" },
    { tool: "search_help", kind: "empty" },
    { tool: "create_refund", kind: "timeout", holdMs: 3_000 },
    { tool: "get_invoice", kind: "wrong", field: "total" },
  ],
});
