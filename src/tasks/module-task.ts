import { isAbsolute, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { isObject } from "../core/json.ts";
import type { Task, TaskOutput } from "../core/run.ts";
import { agentEnvironment, threadEnvironment } from "./agent-environment.ts";
import { MODULE_RUNNER } from "./module-runner.ts";
import { ModuleThreads, type ThreadEnd } from "./module-threads.ts";
import { ownModules } from "./own-modules.ts";
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
  /**
   * `process` (default): every trial is a Node process of its own. `thread`: a few threads load the module
   * once and run many trials side by side; for agents that keep nothing between trials and send their spans to
   * `setting.endpoint`, or continue the active trace with a provider made once. A process costs about 40 ms of a core per trial, and what
   * loading the module costs; a thread 0.3 ms. For agents that wait for models neither matters.
   */
  readonly isolation?: "process" | "thread";
}

/**
 * An agent in TypeScript or JavaScript: a module that exports an async function `(case, setting)` and
 * gives back its answer as text, `{ answer }`, or nothing when its spans carry it.
 *
 * In a process of its own an agent reads the endpoint of its trial from the same environment variables as
 * in production, one that never returns can be killed with all it started, and no trial sees what another
 * left in memory.
 *
 * @example
 * moduleTask({ path: "./src/agent.ts", export: "answer" })
 */
export function moduleTask(options: ModuleTaskOptions): Task {
  const { path, export: name = "default", timeoutMs = 120_000, isolation = "process" } = options;
  const description = name === "default" ? path : `${path}#${name}`;
  const url = pathToFileURL(isAbsolute(path) ? path : resolve(path)).href;
  const described = { kind: "module", description, identity: `module ${description}` } as const;
  if (isolation === "thread") {
    const threads = new ModuleThreads({ url, name }, threadEnvironment(process.env));
    return {
      ...described,
      run: async (input, setting) =>
        outputOfThread(await threads.run(input, setting, timeoutMs), description, timeoutMs),
      renew: () => threads.close(),
      close: () => threads.close(),
    };
  }
  return {
    ...described,
    async run(input, setting) {
      let reply: Reply | null = null;
      const { signal, environment: _, ...shown } = setting;
      const end = await runProcess({
        file: process.execPath,
        arguments: ["--input-type=module", "-e", MODULE_RUNNER],
        environment: agentEnvironment(process.env, input, setting),
        stdin: "",
        timeoutMs,
        signal,
        channel: {
          message: { url, name, input, setting: shown, own: ownModules() },
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

function outputOfThread(end: ThreadEnd, description: string, timeoutMs: number): TaskOutput {
  if (end.how === "answered") return outputOfReply(readReply(end.reply), description);
  if (end.how === "lost" || end.how === "died") {
    const code = end.how === "lost" ? "agent-failed-to-start" : "agent-crashed";
    return { fault: { code, message: `${description}: ${end.message}` } };
  }
  const fault = faultOf({ ...NO_OUTPUT, how: end.how }, description, timeoutMs);
  return fault ? { fault } : {};
}

/** A thread has no exit code and no output of its own. */
const NO_OUTPUT = { exitCode: null, exitSignal: null, stdout: "", stderr: "" };

interface Reply {
  readonly answer?: string;
  /** Nobody in its process or thread asked where spans are to be sent. */
  readonly silent?: boolean;
  /** What the module threw, with its stack. */
  readonly error?: string;
  /** It was never begun: the module, its export or one that it imports is not there. */
  readonly missing?: boolean;
}

function readReply(message: unknown): Reply {
  if (!isObject(message)) return {};
  if (typeof message.error === "string") return { error: message.error, missing: message.missing === true };
  const silent = message.silent === true ? { silent: true } : {};
  return typeof message.answer === "string" ? { answer: message.answer, ...silent } : silent;
}

function outputOf(reply: Reply | null, end: ProcessEnd, description: string, timeoutMs: number): TaskOutput {
  if (reply) return outputOfReply(reply, description);
  const fault = faultOf(end, description, timeoutMs);
  if (fault) return { fault };
  const message = `${description}: the process ended before the agent answered. Does it call process.exit()?`;
  return { fault: { code: "agent-crashed", message } };
}

function outputOfReply(reply: Reply, description: string): TaskOutput {
  if (reply.error !== undefined) {
    const code = reply.missing ? "agent-failed-to-start" : "agent-crashed";
    return { fault: { code, message: `${description}: ${reply.error}` } };
  }
  return {
    ...(reply.answer === undefined ? {} : { answer: reply.answer }),
    ...(reply.silent ? { spans: "none" } : {}),
  };
}
