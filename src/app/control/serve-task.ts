import { loadConfig } from "../../config/load-config.ts";
import { messageOf } from "../../core/errors.ts";
import type { Task } from "../../core/run.ts";
import type { TaskOrder, TaskReply } from "./task-messages.ts";

/** The process of a {@link serveTask}, with a channel to the gate that started it. */
export type ServingProcess = Pick<NodeJS.Process, "on" | "send" | "cwd">;

/**
 * Runs the task of the configuration in the working directory by orders over IPC, until the gate closes the channel or dies; then the agents
 * that run are stopped. A process of its own, so that relative paths, the working directory and modules are those of that folder, whatever
 * kind of task it is.
 */
export function serveTask(serving: ServingProcess): Promise<void> {
  const server = new TaskServer(serving);
  serving.on("message", (order: TaskOrder) => void server.obey(order));
  return new Promise((resolve) => {
    serving.on("disconnect", () => void server.stop().then(resolve));
  });
}

class TaskServer {
  readonly #serving: ServingProcess;
  readonly #running = new Map<number, AbortController>();
  #task: Task | undefined;

  constructor(serving: ServingProcess) {
    this.#serving = serving;
  }

  async obey(order: TaskOrder): Promise<void> {
    if (order.kind === "load") this.#reply(await this.#load(order.config));
    else if (order.kind === "abort") this.#running.get(order.id)?.abort();
    else if (order.kind === "renew") this.#reply({ kind: "done", id: order.id, output: await this.#renew() });
    else this.#reply({ kind: "done", id: order.id, output: await this.#run(order) });
  }

  async #renew(): Promise<Record<string, never>> {
    await this.#task?.renew?.().catch(() => {});
    return {};
  }

  async stop(): Promise<void> {
    for (const controller of this.#running.values()) controller.abort();
    await this.#task?.close().catch(() => {});
  }

  async #load(path: string | null): Promise<TaskReply> {
    try {
      const { config } = await loadConfig({
        cwd: this.#serving.cwd(),
        ...(path === null ? {} : { path }),
      });
      this.#task = config.gate.task;
    } catch (error) {
      return { kind: "failed", message: `main's configuration cannot be loaded: ${messageOf(error)}` };
    }
    if (!this.#task) return { kind: "failed", message: "main's configuration names no agent (gate.task)" };
    const { kind: taskKind, description, identity, arrival, external } = this.#task;
    return {
      kind: "loaded",
      taskKind,
      description,
      identity,
      ...(arrival ? { arrival } : {}),
      ...(external === undefined ? {} : { external }),
    };
  }

  async #run({ id, input, setting }: Extract<TaskOrder, { kind: "run" }>) {
    const controller = new AbortController();
    this.#running.set(id, controller);
    try {
      if (!this.#task) throw new Error("no task is loaded");
      const { answer, fault, notes, tookMs } = await this.#task.run(input, {
        ...setting,
        signal: controller.signal,
      });
      return {
        ...(answer === undefined ? {} : { answer }),
        ...(fault ? { fault } : {}),
        ...(notes ? { notes } : {}),
        ...(tookMs === undefined ? {} : { tookMs }),
      };
    } catch (error) {
      return { fault: { code: "agent-failed-to-start", message: messageOf(error) } as const };
    } finally {
      this.#running.delete(id);
    }
  }

  #reply(message: TaskReply): void {
    this.#serving.send?.(message, () => {});
  }
}
