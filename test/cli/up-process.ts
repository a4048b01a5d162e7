import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

import { isObject, type JsonObject, parseJson } from "../../src/core/json.ts";
import { bareEnvironment, MAIN } from "./run-cli.ts";

/** `tracegate up` in a process of its own. */
export interface UpProcess {
  /** Where it listens. */
  readonly url: string;
  /** Its log so far: a JSON object per line of stderr. */
  readonly log: readonly JsonObject[];
  /** Posts an OTLP body and returns the answer. */
  send(body: Uint8Array | string, headers?: Readonly<Record<string, string>>): Promise<Response>;
  /** Says that a trace is complete. */
  complete(traceId: string): Promise<void>;
  /** The line that says this trace was scored, once it is there. */
  scored(traceId: string, revision?: number, patienceMs?: number): Promise<JsonObject>;
  /** The first line of the log that fits, once it is there. */
  said(fits: (line: JsonObject) => boolean, patienceMs?: number): Promise<JsonObject>;
  /** The most memory it has held so far, MiB. */
  peakMemory(): number;
  /** Ends it with a signal; returns its exit code, or the name of the signal that killed it. */
  stop(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals>;
}

/** Longest time to wait for a line of the log, ms. */
const PATIENCE_MS = 15_000;

/** Starts `tracegate up` on a free port in a folder that may hold its configuration. */
export async function startUp(
  cwd: string,
  options: { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<UpProcess> {
  const child = spawn(process.execPath, [MAIN, "up", "--port", "0", ...(options.args ?? [])], {
    cwd,
    env: { ...bareEnvironment(cwd), ...options.env },
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

  const said: UpProcess["said"] = (fits, patienceMs = PATIENCE_MS) => {
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
  const { msg } = await said((line) => String(line.msg).startsWith("listening on "));
  const url = /http:\/\/\S+/.exec(String(msg))?.[0] ?? "";
  return {
    url,
    log,
    said,
    send: (body, headers = {}) => post(`${url}/v1/traces`, body, headers),
    async complete(traceId) {
      await fetch(`${url}/v1/traces/${traceId}/complete`, { method: "POST" });
    },
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
