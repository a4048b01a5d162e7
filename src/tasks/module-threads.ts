import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Case } from "../core/case.ts";
import { messageOf } from "../core/errors.ts";
import { isObject } from "../core/json.ts";
import type { TrialSetting } from "../core/run.ts";
import type { Environment } from "./agent-environment.ts";
import { ownModules } from "./own-modules.ts";
import { THREAD_RUNNER } from "./thread-runner.ts";

/** How a trial in a thread ended. `lost`: no thread takes it, or its own was killed because another trial blocked it. `died`: its thread ended. */
export type ThreadEnd =
  | { readonly how: "answered"; readonly reply: unknown }
  | { readonly how: "timed-out" | "aborted" }
  | { readonly how: "lost" | "died"; readonly message: string };

/** Threads share one environment, so an agent in one would not see that its tools and models are recorded ones. */
const NEEDS_PROCESS =
  'trials that set environment variables, as a replay does, need a process each. Set isolation: "process".';

/** Time a thread has to say that it is not blocked, ms. */
const PING_MS = 1_000;

interface Trial {
  readonly settle: (end: ThreadEnd) => void;
}

/** Threads that load an agent's module once and run many trials each, side by side. */
export class ModuleThreads {
  readonly #data: { readonly url: string; readonly name: string };
  readonly #environment: Environment;
  readonly #threads: ModuleThread[] = [];
  readonly #most = availableParallelism();
  #nextId = 1;

  constructor(data: { readonly url: string; readonly name: string }, environment: Environment) {
    this.#data = data;
    this.#environment = environment;
  }

  async run(input: Case, setting: TrialSetting, timeoutMs: number): Promise<ThreadEnd> {
    if (setting.signal.aborted) return { how: "aborted" };
    if (setting.environment) return { how: "lost", message: NEEDS_PROCESS };
    const thread = this.#leastBusy(setting.sharedEndpoint);
    const id = this.#nextId++;
    const { trial, endpoint, traceparent } = setting;
    const { promise, resolve } = Promise.withResolvers<ThreadEnd>();
    const give = (how: "timed-out" | "aborted") => {
      thread.giveUp(id);
      resolve({ how });
    };
    const timer = setTimeout(give, timeoutMs, "timed-out");
    const onAbort = () => give("aborted");
    setting.signal.addEventListener("abort", onAbort, { once: true });
    thread.start(id, { id, input, setting: { trial, endpoint, traceparent } }, { settle: resolve });
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      setting.signal.removeEventListener("abort", onAbort);
    }
  }

  /** Ends all threads. A later trial begins new ones, which load the module again. */
  async close(): Promise<void> {
    await Promise.all(this.#threads.splice(0).map((thread) => thread.close()));
  }

  /** A provider that the module makes for all its trials sends their spans to the endpoint that they share. */
  #leastBusy(endpoint: string | undefined): ModuleThread {
    const alive = this.#threads.filter((thread) => !thread.closed && thread.endpoint === endpoint);
    const idle = alive.find((thread) => thread.load === 0);
    if (idle) return idle;
    if (alive.length < this.#most) {
      const thread = new ModuleThread(this.#data, this.#environment, endpoint);
      this.#threads.push(thread);
      return thread;
    }
    return alive.reduce((best, thread) => (thread.load < best.load ? thread : best));
  }
}

class ModuleThread {
  readonly #worker: Worker;
  readonly #trials = new Map<number, Trial>();
  #waiting: object[] = [];
  #pings = 0;
  readonly endpoint: string | undefined;
  closed = false;

  constructor(
    data: { readonly url: string; readonly name: string },
    environment: Environment,
    endpoint: string | undefined,
  ) {
    this.endpoint = endpoint;
    const env =
      endpoint === undefined ? environment : { ...environment, OTEL_EXPORTER_OTLP_ENDPOINT: endpoint };
    const workerData = { ...data, own: ownModules() };
    // What an agent prints is not our output: it would end up between the lines of a report.
    this.#worker = new Worker(THREAD_RUNNER, {
      eval: true,
      workerData,
      env: { ...env },
      stdout: true,
      stderr: true,
    });
    this.#worker.stdout.resume();
    this.#worker.stderr.resume();
    this.#worker.on("message", (message) => this.#received(message));
    this.#worker.on("error", (error) => this.#ended("died", messageOf(error)));
    this.#worker.on("exit", () => this.#ended("died", "its thread ended. Does it call process.exit()?"));
    // A gate that is done must not wait for what an agent leaves running.
    this.#worker.unref();
  }

  get load(): number {
    return this.#trials.size;
  }

  start(id: number, message: object, trial: Trial): void {
    this.#trials.set(id, trial);
    this.#worker.ref();
    // Waking a thread costs more than a trial's message, so those of one turn go together; one that is idle is not kept waiting.
    if (this.#waiting.push(message) > 1) return;
    if (this.#trials.size === 1) this.#send();
    else setImmediate(() => this.#send());
  }

  #send(): void {
    if (this.#waiting.length === 0) return;
    this.#worker.postMessage(this.#waiting);
    this.#waiting = [];
  }

  /** The trial is over for us. A thread that it blocks is killed, and with it the trials beside it. */
  giveUp(id: number): void {
    this.#forget(id);
    this.#send();
    this.#worker.postMessage({ abort: id });
    const ping = ++this.#pings;
    const timer = setTimeout(() => {
      this.#ended("lost", "another trial blocked its thread, which was killed.");
      this.close().catch(() => {});
    }, PING_MS);
    const onMessage = (message: unknown) => {
      if (!isObject(message) || message.ping !== ping) return;
      clearTimeout(timer);
      this.#worker.off("message", onMessage);
    };
    this.#worker.on("message", onMessage);
    this.#worker.postMessage({ ping });
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.#worker.terminate();
  }

  #received(message: unknown): void {
    for (const reply of Array.isArray(message) ? message : []) {
      if (!isObject(reply) || typeof reply.id !== "number") continue;
      this.#trials.get(reply.id)?.settle({ how: "answered", reply });
      this.#forget(reply.id);
    }
  }

  #ended(how: "lost" | "died", message: string): void {
    this.closed = true;
    for (const [id, trial] of this.#trials) {
      this.#forget(id);
      trial.settle({ how, message });
    }
  }

  #forget(id: number): void {
    this.#trials.delete(id);
    if (this.#trials.size === 0) this.#worker.unref();
  }
}
