import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

import { isObject, type JsonObject, parseJson } from "../../src/core/json.ts";
import { bareEnvironment, MAIN } from "./run-cli.ts";

/** A command that runs until it is stopped, in a process of its own. */
export interface RunningProcess {
  readonly pid: number;
  /** Its log so far: a JSON object per line of stderr. */
  readonly log: readonly JsonObject[];
  /** The line that says this trace was scored, once it is there. */
  scored(traceId: string, revision?: number, patienceMs?: number): Promise<JsonObject>;
  /** The first line of the log that fits, once it is there. */
  said(fits: (line: JsonObject) => boolean, patienceMs?: number): Promise<JsonObject>;
  /** The most memory it has held so far, MiB. */
  peakMemory(): number;
  /** Ends it with a signal; returns its exit code, or the name of the signal that killed it. */
  stop(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals>;
}

/** `tracegate up`, or its receiving half. */
export interface UpProcess extends RunningProcess {
  /** Where it listens. */
  readonly url: string;
  /** Posts an OTLP body and returns the answer. */
  send(body: Uint8Array | string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** Says that a trace is complete. */
  complete(traceId: string): Promise<void>;
}

/** Longest time to wait for a line of the log, ms. */
const PATIENCE_MS = 15_000;

/** Options of {@link startUp} and {@link startWork}. */
export interface ProcessOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts `tracegate up`, or another command that listens, on a free port in a folder that may hold its configuration. */
export async function startUp(
  cwd: string,
  options: ProcessOptions & { readonly command?: "up" | "receive" } = {},
): Promise<UpProcess> {
  const { command = "up", args = [], env } = options;
  const started = start(cwd, [command, "--port", "0", ...args], env);
  const { msg } = await started.said((line) => String(line.msg).startsWith("listening on "));
  const url = /http:\/\/\S+/.exec(String(msg))?.[0] ?? "";
  return {
    ...started,
    url,
    send: (body, headers = {}) => post(`${url}/v1/traces`, body, headers),
    async complete(traceId) {
      await fetch(`${url}/v1/traces/${traceId}/complete`, { method: "POST" });
    },
  };
}

/** Starts `tracegate work` in a folder that may hold its configuration. */
export async function startWork(
  cwd: string,
  { args = [], env }: ProcessOptions = {},
): Promise<RunningProcess> {
  const started = start(cwd, ["work", ...args], env);
  await started.said((line) => String(line.msg).startsWith("working: "));
  return started;
}

function start(
  cwd: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> | undefined,
): RunningProcess {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd,
    env: { ...bareEnvironment(cwd), ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ended = once(child, "close");
  const log: JsonObject[] = [];
  const arrived = new EventTarget();
  createInterface({ input: child.stderr }).on("line", (line) => {
    const parsed = parseJson(line);
    log.push(isObject(parsed) ? parsed : { msg: line });
    arrived.dispatchEvent(new Event("line"));
  });
  child.once("close", () => arrived.dispatchEvent(new Event("line")));

  const said: RunningProcess["said"] = (fits, patienceMs = PATIENCE_MS) => {
    const { promise, resolve, reject } = Promise.withResolvers<JsonObject>();
    const look = () => {
      const line = log.find(fits);
      if (line) resolve(line);
      else if (child.exitCode !== null || child.signalCode !== null) reject(new Error(lastWords(log)));
    };
    const timer = setTimeout(() => reject(new Error(`not said in time: ${lastWords(log)}`)), patienceMs);
    arrived.addEventListener("line", look);
    look();
    return promise.finally(() => {
      clearTimeout(timer);
      arrived.removeEventListener("line", look);
    });
  };
  return {
    pid: child.pid ?? 0,
    log,
    said,
    scored: (traceId, revision = 1, patienceMs = PATIENCE_MS) =>
      said((line) => line.traceId === traceId && line.revision === revision && "scores" in line, patienceMs),
    peakMemory: () => peakMemoryOf(child.pid ?? 0),
    async stop(signal = "SIGTERM") {
      child.kill(signal);
      const [code, killedBy] = await ended;
      return code ?? killedBy;
    },
  };
}

function post(url: string, body: Uint8Array | string, headers: Readonly<Record<string, string>>) {
  const type = typeof body === "string" ? "application/json" : "application/x-protobuf";
  const bytes = typeof body === "string" ? body : new Uint8Array(body);
  return fetch(url, { method: "POST", body: bytes, headers: { "Content-Type": type, ...headers } });
}

/** VmHWM of a process, MiB; 0 where there is no /proc. */
function peakMemoryOf(pid: number): number {
  try {
    const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return Number(line?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

function lastWords(log: readonly JsonObject[]): string {
  return JSON.stringify(log.slice(-10));
}
