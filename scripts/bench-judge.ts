/**
 * Judge calls through the limiter, beside a loop of fixed concurrency with the SDK's own retries: `npm run bench:judge`.
 *
 * One simulated provider on loopback per contestant: 800 ms latency, 500 requests and 200,000 tokens a minute as token buckets of a quarter of a minute, 5 % of the
 * calls answered 429 or 503 although the limit has room. Its clock is scaled, ten minutes in one. Every call goes through the real SDK,
 * from worker processes; several share their limiter in Redis. All figures are counted by the provider, after a first minute in which its
 * bucket is full.
 *
 *   npm run bench:judge [-- --minutes 4 --scale 10] [--short]
 *
 * `--short`: one minute, ours alone. Fails when a call is lost or repeated, or one in a hundred is refused for a limit; the share of the limit
 * depends on how busy the machine is, so it decides nothing.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { type ProviderCounts, startProvider } from "./bench/judge-provider.ts";
import type { WorkerCount, WorkerSetting } from "./bench/judge-worker.ts";
import { startRedis } from "./bench/redis.ts";

const WORKER = fileURLToPath(new URL("bench/judge-worker.ts", import.meta.url));
const PROVIDER = { requestsPerMinute: 500, tokensPerMinute: 200_000, latencyMs: 800, faultShare: 0.05 };

interface Contestant {
  readonly name: string;
  readonly kind: WorkerSetting["kind"];
  readonly workers: number;
  /** Calls at once, all workers together. */
  readonly concurrency: number;
}

interface Figures {
  /** Of the calls and tokens the limits would have let in. */
  readonly requestShare: number;
  readonly tokenShare: number;
  readonly avoidable: number;
  readonly faults: number;
  readonly begun: number;
  readonly lost: number;
  readonly repeated: number;
}

const OURS: readonly Contestant[] = [
  { name: "limiter, 1 worker", kind: "paced", workers: 1, concurrency: 32 },
  { name: "limiter, 4 workers", kind: "paced", workers: 4, concurrency: 32 },
];
const LOOPS: readonly Contestant[] = [8, 32].flatMap((concurrency) =>
  [1, 4].map((workers) => ({
    name: `loop of ${concurrency}, ${workers} worker${workers === 1 ? "" : "s"}`,
    kind: "loop" as const,
    workers,
    concurrency,
  })),
);

async function measure(
  { kind, workers, concurrency }: Contestant,
  { minutes, scale, redisUrl }: { minutes: number; scale: number; redisUrl: string },
): Promise<Figures> {
  const provider = await startProvider({ ...PROVIDER, scale });
  const children = Array.from({ length: workers }, (_, index) =>
    start({
      kind,
      url: provider.url,
      redisUrl: workers > 1 ? redisUrl : null,
      concurrency: concurrency / workers,
      scale,
      first: index,
      step: workers,
    }),
  );
  const minuteMs = 60_000 / scale;
  while (provider.counts().admitted === 0) await sleep(5);
  await sleep(minuteMs);
  const [before, startedAt] = [provider.counts(), performance.now()];
  await sleep(minutes * minuteMs);
  const [after, passed] = [provider.counts(), (performance.now() - startedAt) / minuteMs];
  const counts = await Promise.all(children.map(finish));
  const [begun, lost] = [sumOf(counts, "begun"), sumOf(counts, "lost")];
  const repeated = [...provider.answered.values()].reduce((sum, times) => sum + times - 1, 0);
  if (provider.answered.size !== begun - lost)
    throw new Error("Provider and workers count different answers.");
  await provider.close();
  const during = (name: keyof ProviderCounts) => after[name] - before[name];
  return {
    requestShare: during("admitted") / (PROVIDER.requestsPerMinute * passed),
    tokenShare: during("tokens") / (PROVIDER.tokensPerMinute * passed),
    avoidable: during("avoidable"),
    faults: during("faults"),
    begun,
    lost,
    repeated,
  };
}

function start(setting: WorkerSetting): ChildProcess {
  return spawn(process.execPath, [WORKER, JSON.stringify(setting)], { stdio: ["pipe", "pipe", "inherit"] });
}

async function finish(child: ChildProcess): Promise<WorkerCount> {
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error("Both are pipes.");
  const said = text(stdout);
  stdin.write("stop\n");
  if (child.exitCode === null) await once(child, "exit");
  return JSON.parse(await said);
}

function sumOf(counts: readonly WorkerCount[], name: keyof WorkerCount): number {
  return counts.reduce((sum, count) => sum + count[name], 0);
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

function print(name: string, figures: Figures): void {
  const { requestShare, tokenShare, avoidable, faults, begun, lost, repeated } = figures;
  const columns = [percent(requestShare), percent(tokenShare), avoidable, faults, begun, lost, repeated];
  console.log([name.padEnd(22), ...columns.map((column) => String(column).padStart(10))].join(""));
}

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "4" },
    scale: { type: "string", default: "10" },
    short: { type: "boolean", default: false },
  },
});
const [minutes, scale] = values.short ? [1, 10] : [Number(values.minutes), Number(values.scale)];
const redis = await startRedis();
console.log(
  `${minutes} minutes, ${scale} in one; limit ${PROVIDER.requestsPerMinute} requests and ${PROVIDER.tokensPerMinute} tokens a minute, ${PROVIDER.latencyMs} ms, ${percent(PROVIDER.faultShare)} faults`,
);
const heads = ["requests", "tokens", "avoidable", "faults", "calls", "lost", "repeated"];
console.log([" ".repeat(22), ...heads.map((head) => head.padStart(10))].join(""));
for (const contestant of values.short ? OURS : [...OURS, ...LOOPS]) {
  const figures = await measure(contestant, { minutes, scale, redisUrl: redis.url });
  print(contestant.name, figures);
  const { lost, repeated, avoidable, begun } = figures;
  const isBad = lost > 0 || repeated > 0 || avoidable > 0.01 * begun;
  if (contestant.kind === "paced" && isBad) process.exitCode = 1;
}
await redis.close();
