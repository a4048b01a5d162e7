/**
 * A process of its own for main's agent: loads the configuration of the folder it was started in and runs its task by orders over IPC. So
 * relative paths, the working directory and modules are main's, whatever kind of task it is. It ends with the gate.
 */
import { existsSync } from "node:fs";

import { loadConfig } from "../../config/load-config.ts";
import { resolveSelf } from "../../config/resolve-self.ts";
import { messageOf } from "../../core/errors.ts";
import type { Task } from "../../core/run.ts";
import type { TaskOrder, TaskReply } from "./task-messages.ts";

const running = new Map<number, AbortController>();
let task: Task | undefined;

// Ctrl-C reaches the whole group; the gate says when this ends, after the agents that run are stopped.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => {});
process.on("disconnect", () => void stop());
process.on("message", (order: TaskOrder) => void obey(order));

async function obey(order: TaskOrder): Promise<void> {
  if (order.kind === "load") return reply(await load(order.config));
  if (order.kind === "abort") return running.get(order.id)?.abort();
  const controller = new AbortController();
  running.set(order.id, controller);
  try {
    const { answer, fault, notes } = await loaded().run(order.input, {
      ...order.setting,
      signal: controller.signal,
    });
    const output = {
      ...(answer === undefined ? {} : { answer }),
      ...(fault ? { fault } : {}),
      ...(notes ? { notes } : {}),
    };
    reply({ kind: "done", id: order.id, output });
  } catch (error) {
    const fault = { code: "agent-failed-to-start", message: messageOf(error) } as const;
    reply({ kind: "done", id: order.id, output: { fault } });
  } finally {
    running.delete(order.id);
  }
}

async function load(path: string | null): Promise<TaskReply> {
  try {
    resolveOwn();
    const { config } = await loadConfig({ cwd: process.cwd(), ...(path === null ? {} : { path }) });
    task = config.gate.task;
    if (!task) return { kind: "failed", message: "main's configuration names no agent (gate.task)" };
    const { kind: taskKind, description, identity, arrival, external } = task;
    return {
      kind: "loaded",
      taskKind,
      description,
      identity,
      ...(arrival ? { arrival } : {}),
      ...(external === undefined ? {} : { external }),
    };
  } catch (error) {
    return { kind: "failed", message: `main's configuration cannot be loaded: ${messageOf(error)}` };
  }
}

/** In the sources and in the npm package the entries are two folders up, in the action's bundle beside this file. */
function resolveOwn(): void {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const find = (unbundled: string, bundled: string) => {
    const url = new URL(`../../${unbundled}.${extension}`, import.meta.url);
    return existsSync(url) ? url.href : new URL(`./${bundled}.js`, import.meta.url).href;
  };
  resolveSelf(
    { index: find("index", "tracegate"), testing: find("testing/index", "testing") },
    extension === "ts" ? "own" : "installed",
  );
}

function loaded(): Task {
  if (task) return task;
  throw new Error("no task is loaded");
}

function reply(message: TaskReply): void {
  process.send?.(message, () => {});
}

async function stop(): Promise<void> {
  for (const controller of running.values()) controller.abort();
  await task?.close().catch(() => {});
  process.exit();
}
