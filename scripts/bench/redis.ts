import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { freePort } from "./free-port.ts";

/** A Redis server of one's own. */
export interface OwnRedis {
  readonly url: string;
  /** Of the server that runs now. */
  readonly pid: () => number;
  /** SIGTERM ends it in order, SIGKILL does not. */
  stop(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
  /** On the same port again, with what was kept. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts redis-server on a free port in a temporary folder. `durable`: every write is on disk before it is answered, for
 * what is to be killed; else nothing is persisted.
 */
export async function startRedis({ durable = false } = {}): Promise<OwnRedis> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "tracegate-redis-"));
  const place = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder];
  const words = durable ? [...place, "--appendonly", "yes", "--appendfsync", "always"] : place;
  let server: ChildProcess | null = null;
  const stop = async (signal: NodeJS.Signals) => {
    const running = server;
    server = null;
    if (running === null || running.exitCode !== null || running.signalCode !== null) return;
    const ended = once(running, "exit");
    running.kill(signal);
    await ended;
  };
  const start = async () => {
    server = spawn("redis-server", words, { stdio: ["ignore", "pipe", "inherit"] });
    await ready(server);
  };
  await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    pid: () => server?.pid ?? 0,
    stop,
    start,
    async close() {
      await stop("SIGTERM");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ready(server: ChildProcess): Promise<void> {
  const { stdout } = server;
  if (stdout === null) throw new Error("The server has no log.");
  const failed = once(server, "error").then(([error]) => {
    throw new Error(`redis-server cannot be started (${error.message}). Run: npm run setup`);
  });
  const said = (async () => {
    for await (const line of createInterface({ input: stdout })) if (/Ready to accept/.test(line)) return;
    throw new Error("redis-server ended before it was ready.");
  })();
  await Promise.race([failed, said]);
  stdout.resume();
}
