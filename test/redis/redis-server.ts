import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";

import { temporaryFolder } from "../store/temporary-folder.ts";

/** A Redis of this test's own. */
export interface RedisServer {
  readonly url: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** Options of {@link startRedis}. */
export interface RedisSettings {
  /** Further words of the command line. */
  readonly settings?: readonly string[];
  /** A folder that outlives the server. Default one of its own. */
  readonly folder?: string;
}

/** Starts `redis-server` on a free port (or the one given), without persistence, in a temporary folder. */
export async function startRedis(wantedPort?: number, more: RedisSettings = {}): Promise<RedisServer> {
  const folder = temporaryFolder();
  const port = wantedPort ?? (await freePort());
  const place = ["--port", String(port), "--bind", "127.0.0.1", "--dir", more.folder ?? folder.path];
  const child = spawn(
    "redis-server",
    [...place, "--save", "", "--appendonly", "no", ...(more.settings ?? [])],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.includes("Ready to accept connections")) break;
  }
  child.stdout.resume();
  const stop = async () => {
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    folder.remove();
  };
  if (child.exitCode !== null) throw new Error("redis-server ended at once; is the port taken?");
  return { url: `redis://127.0.0.1:${port}`, port, stop };
}

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
