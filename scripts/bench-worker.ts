/**
 * What a trace costs from its OTLP request to its stored scores (all rules), embedded and scaled out, beside other ways to
 * spend a processor on the same bytes, in one run on one machine:
 *
 * - an empty BullMQ worker whose jobs carry the trace;
 * - a bare pipe: HTTP, zstd, Redis, BullMQ, unzip, and nothing else;
 * - `JSON.parse` of the same traces as OTLP/JSON.
 *
 *   npm run bench:worker [-- --short] [--runs 3] [--traces 300] [--growth 1000,10000,100000] [--parts compare,largest] [--heap 96]
 *
 * CPU is of all processes of a contestant; that of Redis and PostgreSQL stands beside it. Each contestant is started anew for
 * each run and warmed with the first tenth of the traces, which is not counted. Medians of the runs, which are interleaved. Then:
 * memory with the largest trace, what waits in Redis, and how all of it grows with the number of traces. `--heap`: the MB that V8 may
 * use in each process; without it V8 takes what the machine has, and its peak says little of what is needed. Linux only.
 */
import { parseArgs } from "node:util";
import { Redis } from "ioredis";

import { startPostgres } from "./bench/postgres.ts";
import { startRedis } from "./bench/redis.ts";
import { longTrace, type Material, madeTraces, realTraces } from "./bench/worker-material.ts";
import {
  type BenchServices,
  barePipe,
  embedded,
  emptyBullmq,
  receiving,
  type Shape,
  scaled,
} from "./bench/worker-shapes.ts";
import { type Held, heldBy, settled, usedBytes } from "./bench/worker-stored.ts";

const { values } = parseArgs({
  options: {
    short: { type: "boolean", default: false },
    runs: { type: "string" },
    traces: { type: "string" },
    growth: { type: "string" },
    heap: { type: "string" },
    parts: { type: "string", default: "compare,largest,services,idle,growth" },
  },
});
const RUNS = Number(values.runs ?? (values.short ? 1 : 3));
const TRACES = Number(values.traces ?? (values.short ? 60 : 300));
const GROWTH = (values.growth ?? (values.short ? "200,1000" : "1000,10000,100000")).split(",").map(Number);
// For the processes that are started; this one has begun.
if (values.heap !== undefined) process.env.NODE_OPTIONS = `--max-old-space-size=${Number(values.heap)}`;
const SENDERS = 8;
const IDLE_MS = 10_000;
const CONTESTANTS: Readonly<Record<string, Shape>> = {
  embedded,
  "scaled out": scaled,
  "bare pipe": barePipe,
  "empty BullMQ worker": emptyBullmq,
};

interface Figures {
  readonly tracesPerSecond: number;
  /** Per trace, ms. */
  readonly cpuMs: number;
  readonly serviceCpuMs: number;
  readonly cpuByProcess: Readonly<Record<string, number>>;
  readonly peaks: readonly { readonly name: string; readonly bytes: number }[];
}

async function measure(shape: Shape, material: Material, services: BenchServices): Promise<Figures> {
  console.error(`starting: ${shape.name}, ${material.count} ${material.name}`);
  const running = await shape(services);
  try {
    const warm = Math.floor(material.count / 10);
    await sendSome(running, material, 0, warm);
    await running.done(warm);
    const [cpu, serviceCpu, begun] = [running.cpuSeconds(), running.serviceCpuSeconds(), performance.now()];
    const before = running.cpuByProcess();
    await sendSome(running, material, warm, material.count);
    await running.done(material.count);
    const seconds = (performance.now() - begun) / 1e3;
    const counted = material.count - warm;
    return {
      tracesPerSecond: counted / seconds,
      cpuMs: ((running.cpuSeconds() - cpu) * 1e3) / counted,
      serviceCpuMs: ((running.serviceCpuSeconds() - serviceCpu) * 1e3) / counted,
      cpuByProcess: Object.fromEntries(
        Object.entries(running.cpuByProcess()).map(([name, after]) => [
          name,
          ((after - (before[name] ?? 0)) * 1e3) / counted,
        ]),
      ),
      peaks: running.peaks(),
    };
  } finally {
    await running.stop();
  }
}

async function sendSome(
  running: { send(body: Uint8Array): Promise<void> },
  material: Material,
  from: number,
  to: number,
): Promise<void> {
  let next = from;
  const lane = async () => {
    while (next < to) await running.send(material.body(next++));
  };
  await Promise.all(Array.from({ length: SENDERS }, lane));
}

function parsing(material: Material): Figures {
  const texts = Array.from({ length: material.count }, (_, index) => material.text(index));
  const before = process.cpuUsage();
  const begun = performance.now();
  for (const text of texts) JSON.parse(text);
  const { user, system } = process.cpuUsage(before);
  return {
    tracesPerSecond: (texts.length * 1e3) / (performance.now() - begun),
    cpuMs: (user + system) / 1e3 / texts.length,
    serviceCpuMs: 0,
    cpuByProcess: {},
    peaks: [],
  };
}

async function compare(material: Material, services: BenchServices): Promise<void> {
  const runs: Record<string, Figures[]> = Object.fromEntries(
    [...Object.keys(CONTESTANTS), "JSON.parse"].map((name) => [name, []]),
  );
  for (let run = 0; run < RUNS; run++) {
    for (const [name, shape] of Object.entries(CONTESTANTS))
      runs[name]?.push(await measure(shape, material, services));
    runs["JSON.parse"]?.push(parsing(material));
  }
  const bytes = Array.from({ length: material.count }, (_, index) => material.body(index).length);
  console.log(
    `\n${material.count} ${material.name}, median ${(median(bytes) / 1e3).toFixed(0)} KB; medians of ${RUNS}`,
  );
  const pipe = median((runs["bare pipe"] ?? []).map(({ cpuMs }) => cpuMs));
  const rows = Object.entries(runs).map(([name, each]) => {
    const of = (field: "tracesPerSecond" | "cpuMs" | "serviceCpuMs") =>
      median(each.map((figures) => figures[field]));
    const row = {
      "traces/s": of("tracesPerSecond").toFixed(0),
      "CPU ms/trace": of("cpuMs").toFixed(2),
      "of which": sharesOf(each.at(-1)),
      "services, ms": of("serviceCpuMs").toFixed(2),
      "bare pipe / this": (pipe / of("cpuMs")).toFixed(2),
      "peak memory": peaksOf(each.at(-1)),
    };
    return [name, row];
  });
  console.table(Object.fromEntries(rows));
}

async function largest(material: Material, services: BenchServices): Promise<void> {
  const megabytes = material.body(0).length / 1e6;
  for (const [name, shape] of Object.entries({ embedded, "scaled out": scaled })) {
    const figures = await measure(shape, material, services);
    console.log(
      `${material.name}, ${megabytes.toFixed(1)} MB, ${name}: ${peaksOf(figures)} (aim: worker below 400 MB)`,
    );
  }
}

/** Receives without a worker, and looks at what Redis holds. */
async function waiting(material: Material, services: BenchServices): Promise<void> {
  const redis = new Redis(services.redis.url);
  const running = await receiving(services);
  try {
    const empty = await usedBytes(redis);
    await sendSome(running, material, 0, material.count);
    while ((await redis.llen("tracegate:traces:wait")) < material.count)
      await new Promise((wait) => setTimeout(wait, 100));
    const each = ((await usedBytes(redis)) - empty) / material.count;
    console.log(`${material.name}: ${(each / 1024).toFixed(1)} KiB of Redis per waiting trace`);
  } finally {
    await running.stop();
    redis.disconnect();
  }
}

/** What is left of a trace in the services when it is scored. */
async function left(material: Material, services: BenchServices): Promise<void> {
  const running = await scaled(services);
  try {
    const before = await heldBy(running, services);
    await sendSome(running, material, 0, material.count);
    await running.done(material.count);
    await settled(services);
    const after = await heldBy(running, services);
    const each = (field: keyof Held) =>
      `${((after[field] - before[field]) / material.count / 1024).toFixed(1)} KiB`;
    console.log(
      `${material.name}, scored: ${each("redis")} of Redis for a day; ${each("payloads")} of PostgreSQL for spans and ${each("rows")} for all else; ${each("log")} of its log written`,
    );
  } finally {
    await running.stop();
  }
}

/** What processes cost that have nothing to do. */
async function idle(services: BenchServices): Promise<void> {
  for (const [name, shape] of Object.entries({ embedded, "scaled out, both halves": scaled })) {
    const running = await shape(services);
    try {
      await new Promise((wait) => setTimeout(wait, IDLE_MS / 2));
      const before = running.cpuSeconds();
      await new Promise((wait) => setTimeout(wait, IDLE_MS));
      const share = ((running.cpuSeconds() - before) * 1e3) / IDLE_MS;
      console.log(
        `idle, ${name}: ${(share * 100).toFixed(1)} % of a processor, ${peaksOf({ peaks: running.peaks() })}`,
      );
    } finally {
      await running.stop();
    }
  }
}

async function growth(services: BenchServices): Promise<void> {
  console.log("\nSmall traces (4 spans, 2 KB), more and more of them");
  const rows: Record<string, object> = {};
  for (const [name, shape] of Object.entries({ embedded, "scaled out": scaled })) {
    for (const count of GROWTH) {
      const figures = await measure(shape, madeTraces("small traces", count, 2_000), services);
      rows[`${name}, ${count}`] = {
        "traces/s": figures.tracesPerSecond.toFixed(0),
        "CPU ms/trace": figures.cpuMs.toFixed(2),
        "of which": sharesOf(figures),
        "services, ms": figures.serviceCpuMs.toFixed(2),
        "peak memory": peaksOf(figures),
      };
    }
  }
  console.table(rows);
}

async function inTurn<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (const item of items) await work(item);
}

function peaksOf(figures: Pick<Figures, "peaks"> | undefined): string {
  return (figures?.peaks ?? []).map(({ name, bytes }) => `${name} ${(bytes / 1e6).toFixed(0)} MB`).join(", ");
}

/** Of the last run, where there are several processes. */
function sharesOf(figures: Figures | undefined): string {
  const each = Object.entries(figures?.cpuByProcess ?? {});
  return each.length < 2 ? "" : each.map(([name, ms]) => `${name} ${ms.toFixed(2)}`).join(", ");
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

const services = { redis: await startRedis(), postgres: await startPostgres({ durable: true }) };
try {
  const real = await realTraces(TRACES);
  const made = madeTraces("traces of 20 KB", values.short ? 200 : 1_000, 20_000);
  const some = [...(real === null ? [] : [real.some]), made];
  if (real === null) console.log("SKIPPED: the real traces (../shared/data) are not here.");
  const parts: Readonly<Record<string, () => Promise<void>>> = {
    compare: () => inTurn(some, (material) => compare(material, services)),
    largest: () => largest(real?.largest ?? longTrace(), services),
    services: async () => {
      await inTurn(some, (material) => waiting(material, services));
      await inTurn(some, (material) => left(material, services));
    },
    idle: () => idle(services),
    growth: () => growth(services),
  };
  for (const part of values.parts.split(",")) await parts[part]?.();
} finally {
  await services.redis.close();
  await services.postgres.close();
}
