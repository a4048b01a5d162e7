import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { zstdDecompressSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { openBullmqQueue } from "../../../src/redis/bullmq-queue.ts";
import { openDatabase } from "../../../src/store/open-database.ts";
import { SqliteQueue } from "../../../src/store/sqlite-queue.ts";
import { SqliteStore } from "../../../src/store/sqlite-store.ts";
import { SqliteTraceBuffer } from "../../../src/store/sqlite-trace-buffer.ts";
import { type RedisServer, startRedis } from "../../redis/redis-server.ts";
import { spanNumbersIn, traceIdOf } from "../../store/make-fragment.ts";
import { temporaryFolder } from "../../store/temporary-folder.ts";
import type { ChildSetting } from "./pipeline-child.ts";

const CHILD = fileURLToPath(new URL("./pipeline-child.ts", import.meta.url));
const TRACES = 60;
const KILLS = 5;

/** Lines a child may print before it is killed: mulberry32, so that a seed always kills at the same counts. */
function seededCounts(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return 1 + (((mixed ^ (mixed >>> 14)) >>> 0) % 70);
  };
}

/** Runs the child until it ends or has printed `limit` lines, and counts what it said. */
async function run(setting: ChildSetting, limit: number): Promise<Map<string, number>> {
  const child = spawn(process.execPath, [CHILD, JSON.stringify(setting)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const said = new Map<string, number>();
  let lines = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    said.set(line, (said.get(line) ?? 0) + 1);
    lines += 1;
    if (lines === limit) child.kill("SIGKILL");
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return said;
}

/** Kills the pipeline several times, then lets it finish. Returns how often a trace was evaluated in all. */
async function runWithKills(setting: Omit<ChildSetting, "acknowledged">, seed: number): Promise<number> {
  const nextLimit = seededCounts(seed);
  let acknowledged = 0;
  let evaluated = 0;
  for (let kills = 0; ; kills += 1) {
    const limit = kills < KILLS ? nextLimit() : Number.POSITIVE_INFINITY;
    const said = await run({ ...setting, acknowledged }, limit);
    acknowledged += said.get("acknowledged") ?? 0;
    evaluated += said.get("evaluating") ?? 0;
    if (said.has("finished")) break;
    if (kills >= KILLS) throw new Error(`the last run did not finish: ${JSON.stringify([...said])}`);
  }
  expect(acknowledged).toBe(3 * TRACES);
  return evaluated;
}

async function expectEachTraceOnce(folder: string): Promise<void> {
  const database = openDatabase(folder);
  const store = new SqliteStore(database);
  const buffer = new SqliteTraceBuffer(database);
  expect(await store.counts()).toEqual({ traces: TRACES, scores: 2 * TRACES, outbox: TRACES });
  expect(await buffer.counts()).toEqual({ open: 0, sealed: 0, bytes: 0 });
  for (let number = 1; number <= TRACES; number += 1) {
    const traceId = traceIdOf(number);
    const trace = await store.trace(traceId);
    expect(trace?.summary).toMatchObject({ revision: 1, name: "3 spans" });
    expect(trace?.scores.map(({ name }) => name)).toEqual(["one", "two"]);
    expect(spanNumbersIn([zstdDecompressSync(trace?.payload ?? new Uint8Array())])).toEqual([1, 2, 3]);
    const ledger = await store.ledger(traceId);
    expect(ledger.map(({ state, attempts }) => `${state} ${attempts}`)).toEqual(["scored 1", "scored 1"]);
  }
  database.close();
}

describe("a process killed with SIGKILL in the middle of its work", { timeout: 60_000 }, () => {
  let server: RedisServer;
  const folder = { path: "", remove: () => {} };
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(() => server.stop());
  beforeEach(() => void Object.assign(folder, temporaryFolder()));
  afterEach(() => folder.remove());

  it.each([1, 2])("loses no trace and doubles no score on the embedded queue (seed %i)", async (seed) => {
    const setting = { folder: folder.path, redis: null, traces: TRACES };
    expect(await runWithKills(setting, seed)).toBeLessThanOrEqual(TRACES + 4 * KILLS);
    await expectEachTraceOnce(folder.path);
    const database = openDatabase(folder.path);
    const counts = await new SqliteQueue(database).counts();
    expect(counts).toEqual({ waiting: 0, active: 0, delayed: 0, dead: 0 });
    database.close();
  });

  it.each([1, 2])("loses no trace and doubles no score on BullMQ (seed %i)", async (seed) => {
    const redis = { url: server.url, prefix: `kill-${seed}` };
    const setting = { folder: folder.path, redis, traces: TRACES };
    expect(await runWithKills(setting, seed)).toBeLessThanOrEqual(TRACES + 4 * KILLS);
    await expectEachTraceOnce(folder.path);
    const queue = await openBullmqQueue(redis);
    expect(await queue.counts()).toEqual({ waiting: 0, active: 0, delayed: 0, dead: 0 });
    await queue.close();
  });
});
