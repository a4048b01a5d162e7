import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../src/cli/main.ts", import.meta.url));

/** `tracegate up`, or one of its halves, in a process of its own. */
export interface UpProcess {
  /** Where it listens; empty for a worker. */
  readonly url: string;
  readonly pid: number;
  /** Ids of the traces it has said to have scored. */
  readonly scored: ReadonlySet<string>;
  /** Resolves when that many traces are scored. */
  waitFor(traces: number): Promise<void>;
  /** SIGTERM, and wait for the end. */
  stop(): Promise<void>;
  /** SIGKILL, and wait for the end. */
  kill(): Promise<void>;
}

/** Starts `tracegate up` in a folder that holds its configuration. */
export function startUp(cwd: string, args: readonly string[] = ["--port", "0"]): Promise<UpProcess> {
  return startCommand(cwd, ["up", ...args], {});
}

/** Starts a command that runs until it is stopped. `services`: REDIS_URL and DATABASE_URL, where it is to have them. */
export async function startCommand(
  cwd: string,
  words: readonly string[],
  services: Readonly<Record<string, string>>,
): Promise<UpProcess> {
  const child = spawn(process.execPath, [MAIN, ...words], {
    cwd,
    env: { ...process.env, REDIS_URL: undefined, DATABASE_URL: undefined, ...services },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const scored = new Set<string>();
  const waiting: { traces: number; resolve: () => void }[] = [];
  const url = await listen(child, (traceId) => {
    scored.add(traceId);
    for (const { traces, resolve } of waiting) if (scored.size >= traces) resolve();
  });
  const end = async (signal: NodeJS.Signals) => {
    const closed = child.exitCode === null && child.signalCode === null ? once(child, "close") : undefined;
    child.kill(signal);
    await closed;
  };
  return {
    url,
    pid: child.pid ?? 0,
    scored,
    waitFor: (traces) =>
      new Promise((resolve) => {
        if (scored.size >= traces) resolve();
        else waiting.push({ traces, resolve });
      }),
    stop: () => end("SIGTERM"),
    kill: () => end("SIGKILL"),
  };
}

function listen(child: ChildProcess, onScored: (traceId: string) => void): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const { stderr } = child;
  if (!stderr) throw new Error("stderr is a pipe");
  const said: string[] = [];
  createInterface({ input: stderr }).on("line", (line) => {
    said.push(line);
    if (said.length > 50) said.shift();
    const url = /listening on (http:\/\/[^ ]+)/.exec(line)?.[1];
    if (url) resolve(url);
    if (/"working: /.test(line)) resolve("");
    const traceId = /"traceId":"([0-9a-f]{32})".*"scores":/.exec(line)?.[1];
    if (traceId) onScored(traceId);
  });
  child.on("close", () => reject(new Error(`tracegate ended:\n${said.join("\n")}`)));
  return promise;
}
