import { isAbsolute, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { isObject } from "../core/json.ts";
import type { Task, TaskOutput } from "../core/run.ts";
import { agentEnvironment } from "./agent-environment.ts";
import { MODULE_RUNNER } from "./module-runner.ts";
import { faultOf } from "./process-fault.ts";
import { type ProcessEnd, runProcess } from "./run-process.ts";

/** Options of {@link moduleTask}. */
export interface ModuleTaskOptions {
  /** The module, relative to the working directory; `.ts` runs as it is. */
  readonly path: string;
  /** Name of the exported function. Default `default`. */
  readonly export?: string;
  /** How long one trial may take, ms. Default 120,000. */
  readonly timeoutMs?: number;
}

/**
 * An agent in TypeScript or JavaScript: a module that exports an async function `(case, setting)` and
 * gives back its answer as text, `{ answer }`, or nothing when its spans carry it.
 *
 * Every trial is a Node process of its own. So an agent reads the endpoint of its trial from the same
 * environment variables as in production, one that never returns can be killed, and no trial sees what
 * another left in memory. The price is the start of Node, some 50 ms of one core.
 *
 * @example
 * moduleTask({ path: "./src/agent.ts", export: "answer" })
 */
export function moduleTask(options: ModuleTaskOptions): Task {
  const { path, export: name = "default", timeoutMs = 120_000 } = options;
  const description = name === "default" ? path : `${path}#${name}`;
  const url = pathToFileURL(isAbsolute(path) ? path : resolve(path)).href;
  return {
    kind: "module",
    description,
    identity: `module ${description}`,
    async run(input, setting): Promise<TaskOutput> {
      let reply: Reply | null = null;
      const { trial, endpoint, traceparent } = setting;
      const end = await runProcess({
        file: process.execPath,
        arguments: ["--input-type=module", "-e", MODULE_RUNNER],
        environment: agentEnvironment(process.env, input, setting),
        stdin: "",
        timeoutMs,
        signal: setting.signal,
        channel: {
          message: { url, name, input, setting: { trial, endpoint, traceparent } },
          onReply: (message) => {
            reply = readReply(message);
          },
        },
      });
      return outputOf(reply, end, description, timeoutMs);
    },
    close: () => Promise.resolve(),
  };
}

interface Reply {
  readonly answer?: string;
  /** What the module threw, with its stack. */
  readonly error?: string;
}

function readReply(message: unknown): Reply {
  if (!isObject(message)) return {};
  if (typeof message.error === "string") return { error: message.error };
  return typeof message.answer === "string" ? { answer: message.answer } : {};
}

function outputOf(reply: Reply | null, end: ProcessEnd, description: string, timeoutMs: number): TaskOutput {
  if (reply?.error !== undefined) {
    return { fault: { code: "agent-failed-to-start", message: `${description}: ${reply.error}` } };
  }
  if (reply?.answer !== undefined) return { answer: reply.answer };
  if (reply) return {};
  const fault = faultOf(end, description, timeoutMs);
  if (fault) return { fault };
  const message = `${description}: the process ended before the agent answered. Does it call process.exit()?`;
  return { fault: { code: "agent-failed-to-start", message } };
}
