import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { freePort } from "./free-port.ts";

/** A PostgreSQL server of one's own. */
export interface OwnPostgres {
  /** Of an empty database; nobody asks for a password. */
  readonly url: string;
  /** Of the postmaster that runs now. */
  readonly pid: () => number;
  /** `immediate`: as in a crash, with recovery at the next start; `fast`: as an administrator does it. */
  stop(mode: "immediate" | "fast"): Promise<void>;
  /** On the same port again. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** The folder of PostgreSQL's programs, of the newest version installed; null when there is none. */
export function findPostgres(): string | null {
  const root = "/usr/lib/postgresql";
  const versions = existsSync(root) ? readdirSync(root).toSorted((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(root, version, "bin")),
    ...["/opt/homebrew/bin", ...(process.env.PATH ?? "").split(":")],
  ];
  return folders.find((folder) => existsSync(join(folder, "initdb"))) ?? null;
}

/**
 * Starts PostgreSQL on a free port in a temporary folder. `durable`: with fsync, for what is to be killed or
 * measured; tests of behaviour do without.
 */
export async function startPostgres({ durable = false } = {}): Promise<OwnPostgres> {
  const programs = findPostgres();
  if (programs === null) throw new Error("PostgreSQL is not installed. Run: npm run setup");
  const folder = mkdtempSync(join(tmpdir(), "tracegate-postgres-"));
  const user = otherUser();
  if (user) chownSync(folder, user.uid, user.gid);
  const data = join(folder, "data");
  const words = ["-D", data, "-U", "tracegate", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"];
  execFileSync(join(programs, "initdb"), words, { ...user, cwd: folder, stdio: "ignore" });
  const port = await freePort();
  const settings = {
    port,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    fsync: durable ? "on" : "off",
    max_connections: 200,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  let server: ChildProcess | null = null;
  const stop = async (signal: NodeJS.Signals) => {
    const running = server;
    server = null;
    if (running === null || running.exitCode !== null) return;
    const ended = once(running, "exit");
    running.kill(signal);
    await ended;
  };
  const start = async () => {
    server = spawn(join(programs, "postgres"), ["-D", data, ...flags], {
      ...user,
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
    });
    await ready(server);
  };
  await start();
  return {
    url: `postgres://tracegate@127.0.0.1:${port}/postgres`,
    pid: () => server?.pid ?? 0,
    stop: (mode) => stop(mode === "immediate" ? "SIGQUIT" : "SIGINT"),
    start,
    async close() {
      await stop("SIGQUIT");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ready(server: ChildProcess): Promise<void> {
  if (server.stderr === null) throw new Error("The server has no log.");
  const said: string[] = [];
  for await (const line of createInterface({ input: server.stderr })) {
    said.push(line);
    if (!/ready to accept connections/.test(line)) continue;
    server.stderr.resume();
    return;
  }
  throw new Error(`PostgreSQL ended before it was ready:\n${said.join("\n")}`);
}

/** PostgreSQL refuses to run as root; then another user of the machine runs it. */
function otherUser(): { readonly uid: number; readonly gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  for (const name of ["postgres", "nobody"]) {
    try {
      const id = (flag: string) => Number(execFileSync("id", [flag, name], { encoding: "utf8" }));
      return { uid: id("-u"), gid: id("-g") };
    } catch {
      // This machine does not know that user.
    }
  }
  throw new Error("PostgreSQL does not run as root, and there is neither a user postgres nor nobody.");
}
