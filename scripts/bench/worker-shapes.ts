import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Queue } from "bullmq";
import { Redis } from "ioredis";
import { Client } from "pg";

import { treeCpuSeconds, usageOf } from "./child-usage.ts";
import type { OwnPostgres } from "./postgres.ts";
import type { OwnRedis } from "./redis.ts";
import { startCommand, type UpProcess } from "./up-process.ts";

const PEER = fileURLToPath(new URL("./pipe-peer.ts", import.meta.url));
const CONFIG = `
import { defineConfig, ruleScorers } from "tracegate";
export default defineConfig({ scorers: [...ruleScorers], completion: { afterRootMs: 200 } });
`;

/** The services that all contestants share. */
export interface BenchServices {
  readonly redis: OwnRedis;
  readonly postgres: OwnPostgres;
}

/** A contestant that is ready. */
export interface RunningShape {
  /** Resolves when the trace is taken. */
  send(body: Uint8Array): Promise<void>;
  /** Resolves when so many traces, all since the start, have been through. */
  done(traces: number): Promise<void>;
  /** Of all its processes. */
  cpuSeconds(): number;
  /** Of each. */
  cpuByProcess(): Readonly<Record<string, number>>;
  /** Of Redis and PostgreSQL. */
  serviceCpuSeconds(): number;
  /** Where it keeps its scores; null: not in PostgreSQL. */
  readonly databaseUrl: string | null;
  /** Most memory of each process so far, bytes. */
  peaks(): readonly { readonly name: string; readonly bytes: number }[];
  stop(): Promise<void>;
}

/** Starts a contestant, with nothing left in the services by others. */
export type Shape = (services: BenchServices) => Promise<RunningShape>;

/** `tracegate up`, everything in one file. */
export const embedded: Shape = async () => {
  const folder = configFolder();
  const up = await startCommand(folder, ["up", "--port", "0"], {});
  return running({ up }, { url: up.url, waitFor: up.waitFor }, null, async () => {
    await up.stop();
    rmSync(folder, { recursive: true, force: true });
  });
};

/** `tracegate receive` and `tracegate work` on Redis and PostgreSQL. */
export const scaled: Shape = async (services) => {
  const { folder, environment, leave } = await emptySite(services);
  const receive = await startCommand(folder, ["receive", "--port", "0"], environment);
  const work = await startCommand(folder, ["work"], environment);
  const both = running({ receive, work }, { url: receive.url, waitFor: work.waitFor }, services, async () => {
    await Promise.all([receive.stop(), work.stop()]);
    await leave();
  });
  return { ...both, databaseUrl: environment.DATABASE_URL };
};

/** The receiving half alone: everything waits. */
export const receiving: Shape = async (services) => {
  const { folder, environment, leave } = await emptySite(services);
  const receive = await startCommand(folder, ["receive", "--port", "0"], environment);
  return running({ receive }, receive, services, async () => {
    await receive.stop();
    await leave();
  });
};

/** HTTP, zstd, Redis, BullMQ, unzip, and nothing else. */
export const barePipe: Shape = async (services) => {
  const [receive, work] = await Promise.all(["receive", "work"].map((role) => startPeer(role, services)));
  if (receive === undefined || work === undefined) throw new Error("Both were started.");
  return running({ receive, work }, { url: receive.url, waitFor: work.waitFor }, services, async () => {
    await Promise.all([receive.stop(), work.stop()]);
    await emptied(services);
  });
};

/** Jobs that carry their trace, put in by this process, for a worker that does nothing with them. */
export const emptyBullmq: Shape = async (services) => {
  const work = await startPeer("empty", services);
  const redis = new Redis(services.redis.url, { maxRetriesPerRequest: null });
  const queue = new Queue("peer", { connection: redis, defaultJobOptions: { removeOnComplete: true } });
  let added = 0;
  const of = running({ work }, { url: "", waitFor: work.waitFor }, services, async () => {
    await queue.close();
    redis.disconnect();
    await work.stop();
    await emptied(services);
  });
  return {
    ...of,
    async send(body) {
      const before = process.cpuUsage();
      const data = { otlp: Buffer.from(body).toString("base64") };
      const adding = queue.add("score", data);
      const { user, system } = process.cpuUsage(before);
      added += (user + system) / 1e6;
      await adding;
    },
    // What putting in costs after the call is not counted: it is small, and in its favour.
    cpuSeconds: () => of.cpuSeconds() + added,
  };
};

interface Process {
  readonly pid: number;
}

function running(
  processes: Readonly<Record<string, Process>>,
  ends: { readonly url: string; waitFor(traces: number): Promise<void> },
  services: BenchServices | null,
  stop: () => Promise<void>,
): RunningShape {
  const each = Object.entries(processes);
  return {
    send: (body) => post(`${ends.url}/v1/traces`, body),
    done: ends.waitFor,
    cpuByProcess: () => Object.fromEntries(each.map(([name, { pid }]) => [name, usageOf(pid).cpuSeconds])),
    cpuSeconds: () => each.reduce((sum, [, { pid }]) => sum + usageOf(pid).cpuSeconds, 0),
    serviceCpuSeconds: () =>
      services === null ? 0 : treeCpuSeconds(services.redis.pid()) + treeCpuSeconds(services.postgres.pid()),
    peaks: () => each.map(([name, { pid }]) => ({ name, bytes: usageOf(pid).peakBytes })),
    databaseUrl: null,
    stop,
  };
}

function configFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tracegate-bench-"));
  writeFileSync(join(folder, "tracegate.config.ts"), CONFIG);
  return folder;
}

/** A configuration, and services that know no trace: the same ones are sent again and again. */
async function emptySite(services: BenchServices) {
  const folder = configFolder();
  const database = `bench_${randomBytes(6).toString("hex")}`;
  await ask(services, `create database ${database}`);
  const url = new URL(services.postgres.url);
  url.pathname = `/${database}`;
  return {
    folder,
    environment: { REDIS_URL: services.redis.url, DATABASE_URL: url.href },
    async leave() {
      await emptied(services);
      await ask(services, `drop database ${database} with (force)`);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ask({ postgres }: BenchServices, statement: string): Promise<void> {
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  await client.query(statement);
  await client.end();
}

async function emptied({ redis: { url } }: BenchServices): Promise<void> {
  const redis = new Redis(url);
  await redis.flushall();
  redis.disconnect();
}

async function startPeer(
  role: string,
  { redis }: BenchServices,
): Promise<Omit<UpProcess, "scored" | "kill">> {
  const child = fork(PEER, [role, redis.url], { stdio: ["ignore", "ignore", "inherit", "ipc"] });
  let done = 0;
  const waiting = new Set<() => void>();
  const { promise, resolve } = Promise.withResolvers<string>();
  child.on("message", (message: { readonly url?: string; readonly done?: number }) => {
    if (message.url !== undefined) resolve(message.url);
    done = message.done ?? done;
    for (const look of waiting) look();
  });
  const url = await promise;
  return {
    url,
    pid: child.pid ?? 0,
    waitFor: (traces) =>
      new Promise((reached) => {
        const look = () => {
          if (done < traces) return;
          waiting.delete(look);
          reached();
        };
        waiting.add(look);
        look();
      }),
    stop: () => ended(child),
  };
}

async function ended(child: ChildProcess): Promise<void> {
  const closed = once(child, "exit");
  child.kill("SIGTERM");
  await closed;
}

async function post(url: string, body: Uint8Array): Promise<void> {
  for (;;) {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/x-protobuf" },
      body: Buffer.from(body),
    });
    await response.arrayBuffer();
    if (response.ok) return;
    if (response.status !== 429) throw new Error(`HTTP ${response.status}`);
    await new Promise((wait) => setTimeout(wait, Number(response.headers.get("retry-after") ?? 1) * 1e3));
  }
}
