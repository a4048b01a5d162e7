import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { freePort } from "../bench/free-port.ts";
import { startPostgres } from "../bench/postgres.ts";
import type { Deployment } from "./deployment.ts";

/** Redis with the command of compose.yaml, and PostgreSQL. */
export interface OwnServices {
  readonly environment: Readonly<Record<"REDIS_URL" | "DATABASE_URL", string>>;
  close(): Promise<void>;
}

/** Starts both on free ports; Redis keeps its files in `folder`. */
export async function startOwnServices(deployment: Deployment, folder: string): Promise<OwnServices> {
  const password = "a1b2c3";
  const [program = "", ...words] = deployment.services.redis?.command ?? [];
  const port = await freePort();
  const place = ["--port", String(port), "--bind", "127.0.0.1", "--dir", join(folder)];
  const given = words.map((word) => word.replace(/^\$\{REDIS_PASSWORD.*\}$/, password));
  const redis = spawn(program, [...given, ...place], { stdio: ["ignore", "pipe", "inherit"] });
  await saying(redis, /Ready to accept/);
  const postgres = await startPostgres();
  return {
    environment: { REDIS_URL: `redis://:${password}@127.0.0.1:${port}/0`, DATABASE_URL: postgres.url },
    async close() {
      const ended = once(redis, "exit");
      redis.kill("SIGTERM");
      await Promise.all([ended, postgres.close()]);
    },
  };
}

/** Resolves with the first line on stdout that fits. */
async function saying(child: ChildProcess, wanted: RegExp): Promise<void> {
  if (child.stdout === null) throw new Error("The program has no output.");
  for await (const line of createInterface({ input: child.stdout })) {
    if (!wanted.test(line)) continue;
    child.stdout.resume();
    return;
  }
  throw new Error("The program ended before it was ready.");
}
