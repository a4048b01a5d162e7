import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { SINK_HEADERS } from "./config-text.ts";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

/** Options of {@link Fleet}. */
export interface FleetOptions {
  /** Holds the configuration. */
  readonly folder: string;
  /** Where each start's log goes, `<start>.log`. */
  readonly logs: string;
  /** REDIS_URL and DATABASE_URL. */
  readonly services: Readonly<Record<string, string>>;
  /** Told what happened, in a sentence. */
  readonly tell: (what: string) => void;
}

/** The processes of tracegate, each started again when it ends, as a service manager does. */
export class Fleet {
  readonly #options: FleetOptions;
  /** By name, e.g. `work-2`: the start that runs now. */
  readonly #running = new Map<string, { readonly start: string; readonly child: ChildProcess }>();
  readonly #starts = new Map<string, number>();
  /** By start: when it was killed, Unix ms. */
  readonly killed = new Map<string, number>();
  /** Starts that ended although nobody had asked them to. */
  readonly ended: string[] = [];
  #stopping = false;

  constructor(options: FleetOptions) {
    this.#options = options;
  }

  /** Starts `tracegate <args>` under a name. */
  start(name: string, args: readonly string[]): void {
    const count = (this.#starts.get(name) ?? 0) + 1;
    this.#starts.set(name, count);
    const start = `${name}.${count}`;
    const log = openSync(join(this.#options.logs, `${start}.log`), "w");
    const { PATH = "", HOME = "" } = process.env;
    const child = spawn(process.execPath, [MAIN, ...args], {
      cwd: this.#options.folder,
      env: {
        PATH,
        HOME,
        ...this.#options.services,
        OPENAI_API_KEY: start,
        [SINK_HEADERS]: `x-worker=${start}`,
      },
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    this.#running.set(name, { start, child });
    child.once("exit", (code, signal) => {
      if (this.#stopping) return;
      const wasKilled = this.killed.has(start);
      if (!wasKilled) {
        this.ended.push(start);
        this.#options.tell(`${start} ended by itself (${code ?? signal})`);
      }
      setTimeout(() => this.#stopping || this.start(name, args), wasKilled ? 100 : 1_000);
    });
  }

  /** SIGKILL, now. False when this start does not run any more. */
  kill(start: string): boolean {
    const found = [...this.#running.values()].find((one) => one.start === start);
    if (found === undefined || this.killed.has(start) || found.child.exitCode !== null) return false;
    this.killed.set(start, Date.now());
    return found.child.kill("SIGKILL");
  }

  /** SIGTERM to all, SIGKILL to those that stay. Gives the starts that did not end with 0. */
  async stop(graceMs: number): Promise<readonly string[]> {
    this.#stopping = true;
    const ends = [...this.#running.values()].map(async ({ start, child }) => {
      if (child.exitCode !== null || child.signalCode !== null) return [];
      const exit = once(child, "exit");
      child.kill("SIGTERM");
      const late = new AbortController();
      const timer = sleep(graceMs, undefined, { signal: late.signal }).then(
        () => child.kill("SIGKILL"),
        () => {},
      );
      const [code] = await exit;
      late.abort();
      await timer;
      return code === 0 ? [] : [start];
    });
    return (await Promise.all(ends)).flat();
  }
}
