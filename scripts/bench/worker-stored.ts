import { setTimeout as sleep } from "node:timers/promises";
import { Redis } from "ioredis";
import { Client } from "pg";

import type { BenchServices, RunningShape } from "./worker-shapes.ts";

/** What the services hold, bytes. */
export interface Held {
  readonly redis: number;
  /** Compressed spans, with the index and dead room. */
  readonly payloads: number;
  /** All other tables. */
  readonly rows: number;
  /** Written to PostgreSQL's log since its start. */
  readonly log: number;
}

/** Looks at both services; the tables are those of a running contestant. */
export async function heldBy(running: RunningShape, services: BenchServices): Promise<Held> {
  const redis = new Redis(services.redis.url);
  const client = new Client({ connectionString: running.databaseUrl ?? services.postgres.url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<"payloads" | "every" | "log", string>>(`
      select
        coalesce(sum(pg_total_relation_size(oid)) filter (where relname = 'payload'), 0) as payloads,
        coalesce(sum(pg_total_relation_size(oid)), 0) as every,
        pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') as log
      from pg_class where relkind = 'r' and relnamespace = 'tracegate'::regnamespace`);
    const [payloads, every, log] = [rows[0]?.payloads, rows[0]?.every, rows[0]?.log].map(Number);
    if (payloads === undefined || every === undefined || log === undefined)
      throw new Error("One row was asked for.");
    return { redis: await usedBytes(redis), payloads, rows: every - payloads, log };
  } finally {
    await client.end();
    redis.disconnect();
  }
}

/** Resolves when nothing waits in the queue: a trace is released after its scores are told. */
export async function settled(services: BenchServices): Promise<void> {
  const redis = new Redis(services.redis.url);
  while ((await redis.llen("tracegate:traces:wait")) + (await redis.llen("tracegate:traces:active")) > 0)
    await sleep(50);
  redis.disconnect();
}

/** Bytes that Redis has allocated. */
export async function usedBytes(redis: Redis): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await redis.info("memory"))?.[1]);
}
