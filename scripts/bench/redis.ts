import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** A Redis server of one's own. */
export interface OwnRedis {
  readonly url: string;
  close(): Promise<void>;
}

/** Starts redis-server on a free port in a temporary folder, nothing persisted. */
export async function startRedis(): Promise<OwnRedis> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "tracegate-redis-"));
  const child = spawn(
    "redis-server",
    ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--dir", folder],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  await Promise.race([
    once(child, "error").then(([error]) => {
      throw new Error(`redis-server cannot be started (${error.message}). Run: npm run setup`);
    }),
    (async () => {
      for await (const line of createInterface({ input: child.stdout }))
        if (/Ready to accept/.test(line)) return;
      throw new Error("redis-server ended before it was ready.");
    })(),
  ]);
  child.stdout.resume();
  return {
    url: `redis://127.0.0.1:${port}`,
    async close() {
      const closed = once(child, "close");
      child.kill("SIGTERM");
      await closed;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("No free port.");
  return address.port;
}
