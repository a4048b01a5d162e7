import type { Case } from "../core/case.ts";
import type { Task, TaskOutput, TrialSetting } from "../core/run.ts";

/**
 * An agent as a function. It sends its spans to `setting.endpoint` as the child of `setting.traceparent`, and gives back its answer, or
 * nothing when its spans carry it.
 */
export type RunAgent = (
  input: Case,
  setting: TrialSetting,
) => string | TaskOutput | undefined | Promise<string | TaskOutput | undefined>;

/** A task that calls a function in this process. What it throws is a fault of the trial, never a regression. */
export function functionTask(run: RunAgent, options: { readonly timeoutMs?: number } = {}): Task {
  const { timeoutMs = 120_000 } = options;
  const description = run.name === "" ? "the function given as run" : run.name;
  return {
    kind: "module",
    description,
    identity: `function ${run.name}`,
    async run(input, setting) {
      const { promise: late, resolve } = Promise.withResolvers<TaskOutput>();
      const message = `${description}: no answer within ${timeoutMs} ms.`;
      const fault = { code: "agent-timed-out", message, limitMs: timeoutMs } as const;
      const timer = setTimeout(() => resolve({ fault }), timeoutMs);
      try {
        return outputOf(await Promise.race([run(input, setting), late]));
      } finally {
        clearTimeout(timer);
      }
    },
    close: () => Promise.resolve(),
  };
}

function outputOf(returned: string | TaskOutput | undefined): TaskOutput {
  return typeof returned === "string" ? { answer: returned } : (returned ?? {});
}
