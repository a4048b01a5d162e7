import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import type { Task, TaskOutput } from "../../core/run.ts";
import type { Environment } from "../equipment.ts";
import type { TaskOrder, TaskReply } from "./task-messages.ts";

/** Time the process has to stop its agents and end, ms. */
const STOP_MS = 10_000;

/** Where main's agent runs. */
export interface RemotePlace {
  /** Working directory: that of the gate, in main's checkout. */
  readonly cwd: string;
  /** Configuration file from there; null: found as usual. */
  readonly config: string | null;
  readonly env: Environment;
  /** File that takes what the configuration and its agents print. */
  readonly log: string;
}

/**
 * The task of the configuration in another folder, run by a process of its own that lives in that folder.
 *
 * @returns a reason, as the rest of a sentence, where that configuration gives none.
 */
export async function loadRemoteTask(place: RemotePlace): Promise<Task | { readonly reason: string }> {
  await using log = await open(place.log, "a");
  const child = spawn(process.execPath, [entryPath()], {
    cwd: place.cwd,
    env: { ...place.env },
    stdio: ["ignore", log.fd, log.fd, "ipc"],
  });
  const host = new TaskHost(child);
  const reply = await host.load(place.config);
  if (reply.kind !== "loaded") {
    await host.close();
    return { reason: reply.message };
  }
  const { taskKind: kind, kind: _, ...described } = reply;
  return {
    kind,
    ...described,
    run: (input, { signal, ...setting }) => host.run(signal, { input, setting }),
    renew: () => host.renew(),
    close: () => host.close(),
  };
}

/** Among the programs of cli; in the action's bundle beside its own program, where chunks are one folder deeper. */
function entryPath(): string {
  const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
  const unbundled = new URL(`../../cli/serve-task.${extension}`, import.meta.url);
  const bundled = ["./serve-task.js", "../serve-task.js"].map((place) => new URL(place, import.meta.url));
  return fileURLToPath([unbundled, ...bundled].find((url) => existsSync(url)) ?? unbundled);
}

class TaskHost {
  readonly #child: ChildProcess;
  readonly #ended: Promise<string>;
  readonly #waiting = new Map<number, (output: TaskOutput) => void>();
  readonly #loaded = Promise.withResolvers<Exclude<TaskReply, { kind: "done" }>>();
  #nextId = 1;

  constructor(child: ChildProcess) {
    this.#child = child;
    child.on("message", (reply: TaskReply) => {
      if (reply.kind === "done") this.#waiting.get(reply.id)?.(reply.output);
      else this.#loaded.resolve(reply);
    });
    this.#ended = new Promise((resolve) => {
      child.once("error", (error) => resolve(error.message));
      child.once("exit", (code, signal) => resolve(`its process ended (${signal ?? `exit code ${code}`})`));
    });
    void this.#ended.then((message) => {
      this.#loaded.resolve({ kind: "failed", message: `main's configuration cannot be loaded: ${message}` });
      const fault = { code: "agent-failed-to-start", message } as const;
      for (const settle of this.#waiting.values()) settle({ fault });
    });
  }

  load(config: string | null): Promise<Exclude<TaskReply, { kind: "done" }>> {
    this.#send({ kind: "load", config });
    return this.#loaded.promise;
  }

  async run(
    signal: AbortSignal,
    order: Omit<Extract<TaskOrder, { kind: "run" }>, "kind" | "id">,
  ): Promise<TaskOutput> {
    const id = this.#nextId++;
    const onAbort = () => this.#send({ kind: "abort", id });
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      return await this.#ask({ ...order, kind: "run", id });
    } finally {
      signal.removeEventListener("abort", onAbort);
    }
  }

  async renew(): Promise<void> {
    await this.#ask({ kind: "renew", id: this.#nextId++ });
  }

  async #ask(order: Extract<TaskOrder, { kind: "run" | "renew" }>): Promise<TaskOutput> {
    const { promise, resolve } = Promise.withResolvers<TaskOutput>();
    this.#waiting.set(order.id, resolve);
    if (this.#child.connected) this.#send(order);
    else resolve({ fault: { code: "agent-failed-to-start", message: await this.#ended } });
    try {
      return await promise;
    } finally {
      this.#waiting.delete(order.id);
    }
  }

  async close(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    const late = new AbortController();
    await Promise.race([this.#ended, pause(STOP_MS, undefined, { signal: late.signal }).catch(() => {})]);
    late.abort();
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill("SIGKILL");
    await this.#ended;
  }

  #send(order: TaskOrder): void {
    if (this.#child.connected) this.#child.send(order, () => {});
  }
}
