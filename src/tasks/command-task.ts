import type { Task, TaskOutput } from "../core/run.ts";
import { agentEnvironment } from "./agent-environment.ts";
import { faultOf } from "./process-fault.ts";
import { runProcess } from "./run-process.ts";

/** Options of {@link commandTask}. */
export interface CommandTaskOptions {
  /**
   * The agent's command line. A list is started as it is; a text goes through `/bin/sh`. Nothing of a case
   * ever becomes part of it.
   */
  readonly command: string | readonly string[];
  /** How long one trial may take, ms. Default 120,000. */
  readonly timeoutMs?: number;
  /** Working directory. Default: that of tracegate. */
  readonly cwd?: string;
}

/**
 * An agent in any language: started once per trial, with the case as JSON on stdin and OpenTelemetry's own
 * environment variables pointing at the gate. What it prints is its answer, unless its spans carry one.
 *
 * A code other than 0 is a fault: the agent crashed, or with 126 and 127 could not be run. Time-out and abort kill it with all it started.
 *
 * @example
 * commandTask({ command: ["python3", "agent.py"] })
 */
export function commandTask(options: CommandTaskOptions): Task {
  const { command, timeoutMs = 120_000, cwd } = options;
  const description = typeof command === "string" ? command : command.join(" ");
  const [file, ...rest] = typeof command === "string" ? ["/bin/sh", "-c", command] : command;
  return {
    kind: "command",
    description,
    identity: `command ${description}`,
    async run(input, setting): Promise<TaskOutput> {
      const end = await runProcess({
        file: file ?? "",
        arguments: rest,
        environment: agentEnvironment(process.env, input, setting),
        stdin: `${JSON.stringify(input)}\n`,
        timeoutMs,
        signal: setting.signal,
        ...(cwd === undefined ? {} : { cwd }),
      });
      const fault = faultOf(end, description, timeoutMs);
      if (fault) return { fault };
      const answer = end.stdout.trim();
      return answer === "" ? {} : { answer };
    },
    close: () => Promise.resolve(),
  };
}
