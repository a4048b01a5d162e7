/**
 * What a waiting trace costs in the trace buffer on Redis, beside the embedded one, in one run on the real traces: bytes
 * while it is open, when it is sealed and when it is released, and CPU for its whole stay (spans in, sealed, read,
 * released), of this process and of Redis. Spans come in requests of a few, as exporters send them, eight at a time.
 * Medians of the runs, interleaved; the first round is not counted.
 *
 *   node scripts/bench-buffers.ts [--runs 3] [--traces 200] [--spans 4] [--small]
 *
 * `--small`: as many traces made by hand, of 4 spans and about 20 KB, instead of the real ones.
 */
import { createReadStream, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { createGunzip } from "node:zlib";

import type { TraceFragment } from "../src/core/span.ts";
import type { TraceBuffer } from "../src/core/trace-buffer.ts";
import { jsonToProtobuf } from "../src/otlp/json-to-protobuf.ts";
import { splitByTrace } from "../src/otlp/split-by-trace.ts";
import { connectRedis, type RedisClient } from "../src/redis/connect.ts";
import { openRedisTraceBuffer } from "../src/redis/open-redis-trace-buffer.ts";
import { openDatabase } from "../src/store/open-database.ts";
import { SqliteTraceBuffer } from "../src/store/sqlite-trace-buffer.ts";
import { startRedis } from "./bench/redis.ts";

const DATA = resolve(import.meta.dirname, "../../shared/data/traces.tau.jsonl.gz");
const POLICY = {
  afterRootMs: 1,
  idleMs: 1,
  maxAgeMs: 3_600_000,
  maxSpans: 100_000,
  maxBytes: 64 * 1024 ** 2,
};
const AT_ONCE = 8;

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "3" },
    traces: { type: "string", default: "200" },
    spans: { type: "string", default: "4" },
    small: { type: "boolean", default: false },
  },
});
const [runs, traces, perRequest] = [Number(values.runs), Number(values.traces), Number(values.spans)];

/** What one stay of all traces cost, per trace. */
interface Cost {
  readonly openBytes: number;
  readonly sealedBytes: number;
  readonly releasedBytes: number;
  readonly appendMs: number;
  readonly cpuMs: number;
  readonly redisCpuMs: number;
}

if (!values.small && !existsSync(DATA)) {
  console.log("SKIPPED: the real traces (../shared/data) are not here. Use --small.");
} else await main();

async function main(): Promise<void> {
  const requests = values.small ? smallRequests() : await realRequests();
  const ids = [...new Set(requests.map(({ traceId }) => traceId))];
  const bytes = requests.reduce((sum, { bytes }) => sum + bytes.length, 0);
  console.log(
    `${ids.length} traces, ${requests.length} requests, ${kib(bytes / ids.length)} of OTLP per trace\n`,
  );
  const costs: { readonly [name: string]: Cost[] } = { SQLite: [], Redis: [] };
  for (let run = 0; run <= runs; run += 1) {
    const round = { SQLite: await onSqlite(requests, ids), Redis: await onRedis(requests, ids) };
    if (run > 0) for (const [name, cost] of Object.entries(round)) costs[name]?.push(cost);
  }
  console.table(
    Object.fromEntries(
      Object.entries(costs).map(([name, all]) => {
        const of = (part: (cost: Cost) => number) => median(all.map(part));
        const row = {
          "open, bytes kept": kib(of((cost) => cost.openBytes)),
          sealed: kib(of((cost) => cost.sealedBytes)),
          released: `${Math.round(of((cost) => cost.releasedBytes))} B`,
          "CPU to append, ms": of((cost) => cost.appendMs).toFixed(3),
          "CPU in all, ms": of((cost) => cost.cpuMs).toFixed(3),
          "of Redis, ms": of((cost) => cost.redisCpuMs).toFixed(3),
        };
        return [name, row];
      }),
    ),
  );
}

async function onSqlite(requests: readonly TraceFragment[], ids: readonly string[]): Promise<Cost> {
  const folder = mkdtempSync(join(tmpdir(), "tracegate-bench-"));
  const database = openDatabase(folder);
  const size = () => Number(database.connection.prepare("select sum(pgsize) as n from dbstat").get()?.n ?? 0);
  try {
    return await stay(
      new SqliteTraceBuffer(database),
      requests,
      ids,
      async () => size(),
      async () => 0,
    );
  } finally {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function onRedis(requests: readonly TraceFragment[], ids: readonly string[]): Promise<Cost> {
  const server = await startRedis();
  const redis = await connectRedis(server.url, { commands: "bounded" });
  const buffer = await openRedisTraceBuffer({ url: server.url, policy: POLICY });
  try {
    // Of the keys: the buffers of connections are as large as the largest trace, and no trace's.
    const memory = async () => {
      const keys = await redis.keys("*");
      const sizes = await Promise.all(keys.map((key) => redis.memory("USAGE", key, "SAMPLES", 0)));
      return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
    };
    const cpu = async () => 1_000 * (await infoOf(redis, "cpu", ["used_cpu_user", "used_cpu_sys"]));
    return await stay(buffer, requests, ids, memory, cpu);
  } finally {
    await buffer.close();
    redis.disconnect();
    await server.close();
  }
}

async function infoOf(redis: RedisClient, section: string, names: readonly string[]): Promise<number> {
  const text = await redis.info(section);
  return names.reduce((sum, name) => sum + Number(new RegExp(`^${name}:([\\d.]+)`, "m").exec(text)?.[1]), 0);
}

async function stay(
  buffer: TraceBuffer,
  requests: readonly TraceFragment[],
  ids: readonly string[],
  size: () => Promise<number>,
  otherCpu: () => Promise<number>,
): Promise<Cost> {
  await buffer.nextDue(POLICY);
  const empty = await size();
  const per = (whole: number) => whole / ids.length;
  let [cpuMs, redisCpuMs] = [0, 0];
  const measured = async (work: () => Promise<void>) => {
    const [before, otherBefore] = [process.cpuUsage(), await otherCpu()];
    await work();
    redisCpuMs += (await otherCpu()) - otherBefore;
    const { user, system } = process.cpuUsage(before);
    cpuMs += (user + system) / 1_000;
    return (await size()) - empty;
  };
  const openBytes = await measured(() =>
    inTurns(requests, (request) => buffer.append([request], Date.now())),
  );
  const appendMs = cpuMs;
  const sealedBytes = await measured(async () => {
    for (let sealed = 0; sealed < ids.length; ) {
      const some = await buffer.seal(Date.now() + 10_000, POLICY, 32);
      await buffer.enqueued(some);
      sealed += some.length;
    }
  });
  const releasedBytes = await measured(async () => {
    await inTurns(ids, (traceId) => buffer.read(traceId, 1));
    await inTurns(ids, (traceId) => buffer.release(traceId, 1));
  });
  return {
    openBytes: per(openBytes),
    sealedBytes: per(sealedBytes),
    releasedBytes: per(releasedBytes),
    appendMs: per(appendMs),
    cpuMs: per(cpuMs),
    redisCpuMs: per(redisCpuMs),
  };
}

async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const turns = items.values();
  const takeTurns = async () => {
    for (const item of turns) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, takeTurns));
}

/** Requests of a few spans each, those of one trace in order, traces mixed. */
async function realRequests(): Promise<TraceFragment[]> {
  const perTrace: TraceFragment[][] = [];
  const lines = createInterface({ input: createReadStream(DATA).pipe(createGunzip()) });
  for await (const line of lines) {
    if (perTrace.length >= traces) break;
    const [whole] = JSON.parse(line).resourceSpans;
    const [scope] = whole.scopeSpans;
    const parts = [];
    for (let start = 0; start < scope.spans.length; start += perRequest) {
      const spans = scope.spans.slice(start, start + perRequest);
      parts.push({ resourceSpans: [{ ...whole, scopeSpans: [{ ...scope, spans }] }] });
    }
    perTrace.push(parts.flatMap((part) => splitByTrace(jsonToProtobuf(JSON.stringify(part))).fragments));
  }
  return mixed(perTrace);
}

function smallRequests(): TraceFragment[] {
  const text = (seed: number) =>
    Array.from({ length: 600 }, (_, index) => ((index * 7_919 + seed * 104_729) % 99_991).toString(36)).join(
      " ",
    );
  return mixed(
    Array.from({ length: traces }, (_, trace) => {
      const traceId = (trace + 1).toString(16).padStart(32, "0");
      const spans = [1, 2, 3, 4].map((id) => ({
        traceId,
        spanId: id.toString(16).padStart(16, "0"),
        ...(id > 1 && { parentSpanId: "1".padStart(16, "0") }),
        name: "chat",
        startTimeUnixNano: `${Date.now()}000000`,
        endTimeUnixNano: `${Date.now()}000000`,
        attributes: [
          { key: "gen_ai.input.messages", value: { stringValue: text(trace * 4 + id) + text(trace) } },
        ],
      }));
      const body = { resourceSpans: [{ resource: {}, scopeSpans: [{ spans }] }] };
      return [...splitByTrace(jsonToProtobuf(JSON.stringify(body))).fragments];
    }),
  );
}

function mixed(perTrace: readonly TraceFragment[][]): TraceFragment[] {
  const longest = Math.max(...perTrace.map((parts) => parts.length));
  return Array.from({ length: longest }, (_, index) =>
    perTrace.flatMap((parts) => parts[index] ?? []),
  ).flat();
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

function kib(bytes: number): string {
  return `${(bytes / 1_024).toFixed(1)} KiB`;
}
