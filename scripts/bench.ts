/**
 * End to end over OTLP: `tracegate up` in a process of its own takes real traces as protobuf, assembles,
 * queues, scores (rules only) and stores them; embedded and over BullMQ; beside `JSON.parse` of the same
 * traces as JSON in the same run. Medians of three.
 *
 *   npm run bench [-- --runs 3 --traces 675]
 */
import { createReadStream, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { createGunzip } from "node:zlib";

import { jsonToProtobuf } from "../src/otlp/json-to-protobuf.ts";
import { readSpans } from "../src/otlp/read-spans.ts";
import { usageOf } from "./bench/child-usage.ts";
import { startRedis } from "./bench/redis.ts";
import { startUp } from "./bench/up-process.ts";

const DATA = resolve(import.meta.dirname, "../../shared/data/traces.tau.jsonl.gz");
const CONFIG = `
import { defineConfig, ruleScorers } from "tracegate";
export default defineConfig({ scorers: [...ruleScorers], completion: { afterRootMs: 200 } });
`;

interface Figures {
  /** Seconds from the first request to the last score. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakBytes: number;
}

interface Bodies {
  readonly texts: readonly string[];
  readonly protobuf: readonly Uint8Array[];
  readonly spans: number;
}

async function load(limit: number): Promise<Bodies> {
  const texts: string[] = [];
  for await (const line of createInterface({ input: createReadStream(DATA).pipe(createGunzip()) })) {
    if (line && texts.length < limit) texts.push(line);
  }
  const protobuf = texts.map(jsonToProtobuf);
  return { texts, protobuf, spans: protobuf.reduce((sum, body) => sum + readSpans(body).length, 0) };
}

function parseAll({ texts }: Bodies): Figures {
  const before = process.cpuUsage();
  const begun = performance.now();
  let spans = 0;
  for (const text of texts) spans += JSON.parse(text).resourceSpans.length;
  const { user, system } = process.cpuUsage(before);
  if (spans < texts.length) throw new Error("nothing was parsed");
  return { seconds: (performance.now() - begun) / 1e3, cpuSeconds: (user + system) / 1e6, peakBytes: 0 };
}

async function endToEnd({ protobuf }: Bodies, redisUrl: string | undefined): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), "tracegate-bench-"));
  writeFileSync(join(folder, "tracegate.config.ts"), CONFIG);
  const up = await startUp(folder, ["--port", "0", ...(redisUrl ? ["--redis", redisUrl] : [])]);
  try {
    const before = usageOf(up.pid).cpuSeconds;
    const begun = performance.now();
    const bodies = protobuf.values();
    const send = async () => {
      for (const body of bodies) await post(`${up.url}/v1/traces`, body);
    };
    await Promise.all([send(), send(), send(), send()]);
    await up.waitFor(protobuf.length);
    const seconds = (performance.now() - begun) / 1e3;
    const { cpuSeconds, peakBytes } = usageOf(up.pid);
    return { seconds, cpuSeconds: cpuSeconds - before, peakBytes };
  } finally {
    await up.stop();
    rmSync(folder, { recursive: true, force: true });
  }
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

function median(runs: readonly Figures[], field: keyof Figures): number {
  const sorted = runs.map((run) => run[field]).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function report(name: string, runs: readonly Figures[], bodies: Bodies, baseline: number): string {
  const [seconds, cpu, peak] = [
    median(runs, "seconds"),
    median(runs, "cpuSeconds"),
    median(runs, "peakBytes"),
  ];
  const traces = bodies.texts.length;
  return [
    name.padEnd(26),
    (traces / seconds).toFixed(0).padStart(9),
    (bodies.spans / seconds).toFixed(0).padStart(9),
    ((cpu / traces) * 1e3).toFixed(2).padStart(13),
    (cpu / baseline).toFixed(2).padStart(14),
    peak > 0 ? (peak / 1e6).toFixed(0).padStart(9) : "-".padStart(9),
  ].join("  ");
}

const { values } = parseArgs({
  options: { runs: { type: "string", default: "3" }, traces: { type: "string", default: "675" } },
});
if (!existsSync(DATA)) {
  console.log(`skipped: the real traces are not at ${DATA}`);
} else {
  const bodies = await load(Number(values.traces));
  const redis = await startRedis();
  const runs: Record<"parse" | "embedded" | "bullmq", Figures[]> = { parse: [], embedded: [], bullmq: [] };
  try {
    for (let run = 0; run < Number(values.runs); run++) {
      runs.parse.push(parseAll(bodies));
      runs.embedded.push(await endToEnd(bodies, undefined));
      runs.bullmq.push(await endToEnd(bodies, redis.url));
    }
  } finally {
    await redis.close();
  }
  const megabytes = bodies.texts.reduce((sum, text) => sum + text.length, 0) / 1e6;
  console.log(
    `${bodies.texts.length} traces, ${bodies.spans} spans, ${megabytes.toFixed(0)} MB as JSON; medians of ${values.runs}\n`,
  );
  console.log(`${"".padEnd(26)}   traces/s    spans/s  CPU ms/trace  CPU/JSON.parse  peak MB`);
  const baseline = median(runs.parse, "cpuSeconds");
  console.log(report("JSON.parse, same traces", runs.parse, bodies, baseline));
  console.log(report("up, embedded, rules", runs.embedded, bodies, baseline));
  console.log(report("up, BullMQ, rules", runs.bullmq, bodies, baseline));
}
