import { join, resolve } from "node:path";

import type { Recording } from "../core/case.ts";
import { messageOf, TracegateError } from "../core/errors.ts";
import { stableJson } from "../core/json.ts";
import type { Task, TaskOutput } from "../core/run.ts";
import type { LlmCall } from "../core/trace.ts";
import { readRecording } from "../datasets/recordings.ts";
import type { Upstream } from "./forward-live.ts";
import type { PlantedFault } from "./planted-fault.ts";
import { type ReplayAddress, replayEnvironment, replaySetting } from "./replay-environment.ts";
import type { ReplayServer } from "./replay-server.ts";
import type { ReplayMode } from "./replay-session.ts";

/** Options of {@link replayTask}. */
export interface ReplayTaskOptions {
  /** The agent: `moduleTask(...)` with a process per trial, or `commandTask(...)`. */
  readonly task: Task;
  /** Folder of the recordings, relative to the working directory. Default `evals/recordings`. */
  readonly recordings?: string;
  /**
   * `recorded` (default): models and tools answer as they did. `models-live`: the models are asked, the tools
   * answer as they did. `one-live`: all is recorded but one model call.
   */
  readonly mode?: ReplayMode;
  /** `one-live`: which model call goes to its provider, from 1. */
  readonly live?: { readonly call: number };
  /**
   * How a model call finds its recorded answer. `conversation` (default): by what tools and users said since the
   * model's last turn. `order`: by order alone, for agents that put the time or random ids there.
   */
  readonly match?: "conversation" | "order";
  /** Faults put into the recorded answers of tools on purpose. */
  readonly faults?: readonly PlantedFault[];
  /** Variables of the agent's own that it reads addresses from, e.g. `{ SHOP_MODEL_URL: "openai" }`. */
  readonly environment?: { readonly [variable: string]: ReplayAddress };
  /** Tools the agent answers by itself, e.g. a hand-off; they need not be asked for. */
  readonly ownTools?: readonly string[];
  /**
   * Wrapped tools that run for real, e.g. the one that a change mends: their recorded answers would hide the
   * change. Use live models with it, for recorded ones were told the recorded answers.
   */
  readonly liveTools?: readonly string[];
  /** Names the MCP server lists. Default: every recorded tool. */
  readonly mcpTools?: readonly string[];
  /** `one-live`: base URLs of the real providers. Default: those in the environment, else the providers' own. */
  readonly upstream?: Upstream;
}

/**
 * Runs an agent on harvested cases while models and tools answer as they did in the recorded run: would this
 * change have handled it?
 *
 * A call that the recording does not hold is refused and ends the trial as `replay-diverged`: neither a pass
 * nor a regression, for nobody knows what would have come back. It is never passed on to a live model or tool.
 *
 * @throws TracegateError `config` when the options do not fit together.
 *
 * @example
 * replayTask({ task: commandTask({ command: ["python3", "agent.py"] }), mode: "models-live" })
 */
export function replayTask(options: ReplayTaskOptions): Task {
  const { task, mode = "recorded", recordings = "evals/recordings", faults = [] } = options;
  check(options);
  let server: Promise<ReplayServer> | null = null;
  const settings = {
    mode,
    live: options.live?.call,
    match: options.match ?? "conversation",
    faults,
    ownTools: options.ownTools ?? [],
    liveTools: options.liveTools ?? [],
  };
  return {
    ...described(task, settings),
    async run(input, setting): Promise<TaskOutput> {
      const read = await recordingOf(input, resolve(recordings));
      if ("fault" in read) return read;
      const { forwardLive, nameChangesIn, ReplayServer, ReplaySession } = await import("./replay-parts.ts");
      const session = new ReplaySession({
        ...read,
        seed: input.id,
        mode,
        ...(options.live === undefined ? {} : { liveCall: options.live.call }),
        match: settings.match,
        faults,
        ownTools: settings.ownTools,
        liveTools: settings.liveTools,
        mcpTools: options.mcpTools ?? null,
        forward: (request, place) => forwardLive(request, place, options.upstream ?? {}),
      });
      server ??= ReplayServer.start();
      const place = (await server).open(session);
      const replay = replaySetting(place.url, mode, read.recording);
      try {
        const output = await task.run(input, {
          ...setting,
          environment: {
            ...setting.environment,
            ...replayEnvironment(replay, mode, options.environment ?? {}),
          },
          replay,
          signal: AbortSignal.any([setting.signal, session.signal]),
        });
        if (setting.signal.aborted) return output;
        const ended = { ...output, ...session.end(output.fault !== undefined) };
        return mode === "models-live"
          ? { ...ended, notesOn: (trace) => nameChangesIn(trace, read.recording) }
          : { ...ended, paidCalls: (calls) => paidCallsOf(calls, options.live?.call) };
      } finally {
        session.end(true);
        place.close();
      }
    },
    async close() {
      await Promise.all([task.close(), server?.then((running) => running.close())]);
    },
  };
}

function described(task: Task, settings: { readonly mode: ReplayMode }) {
  const { mode } = settings;
  return {
    kind: "replay",
    description: `${task.description} over replay (${mode})`,
    identity: `replay ${stableJson(settings)} ${task.identity}`,
    replaysAll: mode === "recorded",
  } as const;
}

/** A recorded answer tells the tokens of the recorded call, and nobody paid for them now. */
function paidCallsOf(calls: readonly LlmCall[], live: number | undefined): readonly LlmCall[] {
  if (live === undefined) return [];
  // The client's next try of a live call that failed is live too.
  const from = calls.slice(live - 1);
  return from.slice(0, from.findIndex(({ error }) => error === null) + 1);
}

async function recordingOf(
  input: Parameters<Task["run"]>[0],
  directory: string,
): Promise<
  { readonly recording: Recording; readonly recordingPath: string } | (TaskOutput & { fault: object })
> {
  if (input.recording === undefined) {
    const message = `Case ${input.id} has no recording, so there is nothing to replay. Keep written cases in a dataset of their own and run that with the plain task.`;
    return { fault: { code: "replay-diverged", message } };
  }
  const recordingPath = join(directory, `${input.recording}.json`);
  try {
    return { recording: await readRecording(directory, input.recording), recordingPath };
  } catch (error) {
    return { fault: { code: "replay-diverged", message: messageOf(error) } };
  }
}

function check({ task, mode = "recorded", live, faults = [], liveTools = [] }: ReplayTaskOptions): void {
  if (task.kind !== "module" && task.kind !== "command") {
    const message = `replayTask: task is of kind ${task.kind}; only an agent that is started for each trial can be told where the recorded answers are. Use moduleTask or commandTask.`;
    throw new TracegateError("config", message);
  }
  if ((mode === "one-live") !== (live !== undefined)) {
    const message = `replayTask: live: { call } belongs to mode "one-live", and is needed there. The mode is "${mode}".`;
    throw new TracegateError("config", message);
  }
  const both = faults.find(({ tool }) => liveTools.includes(tool));
  if (both) {
    const message = `replayTask: ${both.tool} is in liveTools, so no fault can be planted in its recorded answers.`;
    throw new TracegateError("config", message);
  }
  const numbers = [live?.call, ...faults.map(({ call }) => call)].filter((call) => call !== undefined);
  const wrong = numbers.find((call) => !Number.isInteger(call) || call < 1);
  if (wrong !== undefined) {
    throw new TracegateError("config", `replayTask: calls are counted from 1, so ${wrong} names none.`);
  }
}
