import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

import { messageOf } from "../core/errors.ts";
import { type Environment, serviceEnvironment } from "./agent-environment.ts";
import { tailOf } from "./process-fault.ts";
import { killGroup } from "./process-group.ts";
import { isHealthy, isOpen, portOf, withFreePort } from "./service-place.ts";

/** A service that is started for the gate, and stopped after it. */
export interface ServiceOptions {
  /** Its command line. A list is started as it is; a text goes through `/bin/sh`. */
  readonly command: string | readonly string[];
  /** Working directory. Default: that of tracegate. */
  readonly cwd?: string;
  /** Path or URL that answers 2xx as soon as cases can be tried. Default: the port of `url` takes connections. */
  readonly health?: string;
  /** How long that may take, ms. Default 60,000. */
  readonly startTimeoutMs?: number;
  /** Further environment variables; they win over all others. */
  readonly environment?: { readonly [name: string]: string };
}

/** Where a service can be asked, or why it cannot. */
export type ServiceState = { readonly url: URL } | { readonly problem: string };

/**
 * How often a service is started for first trials, at the most: it may fall over a case, but not over each. For the further trials, which are few and
 * tell whether it always does, it is started as often as it ends, unless as many starts have failed.
 */
const MAX_STARTS = 3;

/** Time between two looks whether it is ready, ms. */
const LOOK_MS = 100;

/** Time it has after SIGTERM, ms. */
const STOP_MS = 3_000;

/** Time that the exit of a service may come after the end of its connections, ms. */
const EXIT_LAG_MS = 300;

/** Bytes of its last output that a message can show. */
const OUTPUT_TAIL = 8 * 1024;

interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
  /** How it ended, as the rest of a sentence; null while it runs. */
  readonly how: () => string | null;
  /** The end of what it printed, stdout and stderr. */
  readonly output: () => string;
}

/** Starts the service when it is first needed, again when it has ended, and stops it with all it has started. */
export class Service {
  readonly #url: URL;
  readonly #options: ServiceOptions;
  readonly #name: string;
  #firstStarts = 0;
  #failedStarts = 0;
  #state: Promise<ServiceState> | null = null;
  #endpoint = "";
  #running: Running | null = null;
  #closed = false;

  constructor(url: URL, options: ServiceOptions) {
    this.#url = url;
    this.#options = options;
    const { command } = options;
    this.#name = typeof command === "string" ? command : command.join(" ");
  }

  /**
   * The service, ready for cases. Trials that ask at once wait for one start.
   *
   * @param endpoint where it is to send its spans; another one than before starts it anew
   * @param trial number of the trial of its case; further ones have starts of their own
   */
  async ready(endpoint: string, trial = 1): Promise<ServiceState> {
    if (this.#state !== null && endpoint !== this.#endpoint) await this.#stop();
    this.#endpoint = endpoint;
    const spent = trial === 1 ? Math.max(this.#firstStarts, this.#failedStarts) : this.#failedStarts;
    if (this.#state === null && spent >= MAX_STARTS) return this.#notAgain();
    if (this.#state === null && trial === 1) this.#firstStarts += 1;
    this.#state ??= this.#start(endpoint);
    return this.#state;
  }

  /** How the service has ended, as a sentence; null while it runs. To be asked when a connection broke. */
  async lastWords(): Promise<string | null> {
    const running = this.#running;
    if (running === null) return null;
    await Promise.race([running.ended, sleep(EXIT_LAG_MS, undefined, { ref: false })]);
    return this.#wordsOf(running);
  }

  /** The end of what it printed, as a sentence. */
  printed(): string {
    return tailOf(this.#running?.output() ?? "", "output");
  }

  /** Stops it; the next trial starts it again. */
  async renew(): Promise<void> {
    await this.#stop();
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#stop();
  }

  async #start(endpoint: string): Promise<ServiceState> {
    if (this.#closed) return { problem: `${this.#name} was stopped.` };
    const url = await withFreePort(this.#url);
    if (await isOpen(url)) {
      // Set where main is tried beside a change.
      const advice = process.env.TRACEGATE_CONTROL
        ? "The change's own service holds it: give"
        : "Stop it, or give";
      return this.#failed(
        `port ${portOf(url)} is in use already, and that program would be tried in its place. ${advice} the url port 0 and let the service listen at PORT.`,
      );
    }
    const { cwd, environment } = this.#options;
    const running = run(this.#options.command, cwd, {
      ...serviceEnvironment(process.env, endpoint),
      PORT: String(portOf(url)),
      ...environment,
    });
    this.#running = running;
    const problem = await this.#whenReady(url, running);
    if (problem !== null) {
      await end(running);
      return this.#failed(problem);
    }
    running.ended.then(() => this.#forget(running)).catch(() => {});
    return { url };
  }

  /** Null when it is ready, else what keeps it. */
  async #whenReady(url: URL, running: Running): Promise<string | null> {
    const { health, startTimeoutMs = 60_000 } = this.#options;
    const place = health === undefined ? url : new URL(health, url);
    const deadline = performance.now() + startTimeoutMs;
    while (performance.now() < deadline && !this.#closed) {
      const ended = this.#wordsOf(running);
      if (ended !== null) return ended;
      if (await (health === undefined ? isOpen(place) : isHealthy(place))) return null;
      await Promise.race([sleep(LOOK_MS, undefined, { ref: false }), running.ended]);
    }
    const asked =
      health === undefined ? `took no connection at ${place.host}` : `did not answer 2xx at ${place.href}`;
    return `${this.#name} ${asked} within ${startTimeoutMs} ms and was stopped.${tailOf(running.output(), "output")}`;
  }

  #wordsOf(running: Running): string | null {
    const how = running.how();
    return how === null ? null : `${this.#name} ${how}${tailOf(running.output(), "output")}`;
  }

  #notAgain(): ServiceState {
    if (this.#closed) return { problem: `${this.#name} was stopped.` };
    const last = this.#running ? this.#wordsOf(this.#running) : null;
    return { problem: `started ${MAX_STARTS} times, and not once more: ${last ?? this.#name}` };
  }

  /** The next trial starts it again, unless that has failed often enough. */
  #failed(problem: string): ServiceState {
    this.#failedStarts += 1;
    if (this.#failedStarts < MAX_STARTS) this.#state = null;
    return { problem };
  }

  #forget(running: Running): void {
    if (this.#running === running) this.#state = null;
  }

  async #stop(): Promise<void> {
    // A start under way sees that it is closed, or is waited for.
    await this.#state?.catch(() => {});
    this.#state = null;
    if (this.#running) await end(this.#running);
  }
}

function run(command: ServiceOptions["command"], cwd: string | undefined, environment: Environment): Running {
  const [file = "", ...rest] = typeof command === "string" ? ["/bin/sh", "-c", command] : command;
  const child = spawn(file, rest, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...environment },
    stdio: ["ignore", "pipe", "pipe"],
    detached: process.platform !== "win32",
  });
  let output = "";
  let how: string | null = null;
  const hear = (text: string) => {
    output = (output + text).slice(-OUTPUT_TAIL);
  };
  child.stdout.setEncoding("utf8").on("data", hear);
  child.stderr.setEncoding("utf8").on("data", hear);
  const ended = new Promise<void>((resolve) => {
    child.once("error", (error) => {
      how ??= `cannot be started (${messageOf(error)}). Check the command and its working directory.`;
      resolve();
    });
    child.once("exit", (code, signal) => {
      how ??= code === null ? `was ended by ${signal}.` : `ended with exit code ${code}.`;
      killGroup(child);
      // What left its group may hold the pipes open.
      setTimeout(resolve, EXIT_LAG_MS).unref();
    });
    child.once("close", () => resolve());
  });
  return { child, ended, how: () => how, output: () => output };
}

/** Ends a service with all it has started: first politely, so that it can send its last spans. */
async function end(running: Running): Promise<void> {
  killGroup(running.child, "SIGTERM");
  const timer = setTimeout(killGroup, STOP_MS, running.child);
  await running.ended;
  clearTimeout(timer);
  killGroup(running.child);
}
