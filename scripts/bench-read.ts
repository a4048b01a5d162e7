/**
 * How fast traces are read: from OTLP protobuf to the canonical trace with every field touched, beside
 * `JSON.parse` of the same traces as OTLP/JSON and a full decode by the usual protobuf library, in one run on
 * the real traces; then the cost over the number of spans in one trace. CPU is that of the whole process,
 * collector and compiler threads included. One round of all is not counted; the rounds are interleaved.
 *
 *   npm run bench:read [-- --runs 3 --traces 675]
 */
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { createGunzip } from "node:zlib";

import { readTrace } from "../src/conventions/read-trace.ts";
import { isObject } from "../src/core/json.ts";
import type { Trace } from "../src/core/trace.ts";
import { jsonToProtobuf } from "../src/otlp/json-to-protobuf.ts";
import { readSpans } from "../src/otlp/read-spans.ts";
import { otlp, type SpanSketch } from "../src/testing/spans.ts";
import { decodeWithLibrary, librarySpans } from "./bench/library-spans.ts";

const DATA = resolve(import.meta.dirname, "../../shared/data/traces.tau.jsonl.gz");

interface Bodies {
  /** OTLP/JSON as it comes from the network. */
  readonly json: readonly Buffer[];
  readonly protobuf: readonly Uint8Array[];
}

/** One way to read a body; returns something that depends on what was read. */
interface Contestant {
  readonly name: string;
  readonly format: keyof Bodies;
  read(body: Uint8Array): number;
}

const contestants: readonly Contestant[] = [
  {
    name: "(a) JSON.parse of OTLP/JSON",
    format: "json",
    read: (body) =>
      JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.length).toString()).resourceSpans.length,
  },
  {
    name: "(b) @bufbuild/protobuf, decode",
    format: "protobuf",
    read: (body) => decodeWithLibrary(body).resourceSpans.length,
  },
  { name: "(c) ours, ids and times", format: "protobuf", read: (body) => readSpans(body).length },
  {
    name: "(c) ours, canonical trace read",
    format: "protobuf",
    read: (body) => touch(readTrace(readSpans(body))),
  },
];

/** Measured by itself at the end: spans of another kind make our reader slower for the rest of the process. */
const eager: Contestant = {
  name: "(b) the same + canonical trace",
  format: "protobuf",
  read: (body) => touch(readTrace(librarySpans(body))),
};

/** Reads every field of a value; what several places share, once. */
function touch(value: unknown, seen = new Set<object>()): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null || seen.has(value)) return 1;
  seen.add(value);
  let sum = 1;
  if (Array.isArray(value)) for (const item of value) sum += touch(item, seen);
  else if (isObject(value)) for (const name in value) sum += touch(value[name], seen);
  return sum;
}

interface Figures {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

function measure(run: () => void): Figures {
  const before = process.cpuUsage();
  const begun = performance.now();
  run();
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - begun) / 1e3, cpuSeconds: (user + system) / 1e6 };
}

function median(runs: readonly Figures[], field: keyof Figures): number {
  const sorted = runs.map((run) => run[field]).toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

async function load(limit: number): Promise<Bodies> {
  const json: Buffer[] = [];
  for await (const line of createInterface({ input: createReadStream(DATA).pipe(createGunzip()) })) {
    if (line && json.length < limit) json.push(Buffer.from(line));
  }
  return { json, protobuf: json.map((body) => jsonToProtobuf(body.toString())) };
}

/** Rounds over all bodies, one of them not counted. */
function race(list: readonly Contestant[], bodies: Bodies, runs: number): ReadonlyMap<Contestant, Figures[]> {
  const rounds = new Map<Contestant, Figures[]>(list.map((contestant) => [contestant, []]));
  for (let round = 0; round <= runs; round++) {
    for (const [contestant, figures] of rounds) {
      const taken = measure(() => {
        for (const body of bodies[contestant.format]) contestant.read(body);
      });
      if (round > 0) figures.push(taken);
    }
  }
  return rounds;
}

function compare(bodies: Bodies, runs: number): void {
  const rounds = new Map([...race(contestants, bodies, runs), ...race([eager], bodies, runs)]);
  const spans = bodies.protobuf.reduce((sum, body) => sum + readSpans(body).length, 0);
  const traces = bodies.protobuf.length;
  console.log(
    `${traces} real traces, ${spans} spans; medians of ${runs}, by CPU time of the whole process\n`,
  );
  console.log(`${"".padEnd(32)}  traces/s    spans/s    MB/s   CPU ms   times (a)   wall ms`);
  const baseline = median([...rounds.values()][0] ?? [], "cpuSeconds");
  for (const [{ name, format }, figures] of rounds) {
    const cpu = median(figures, "cpuSeconds");
    const megabytes = bodies[format].reduce((sum, body) => sum + body.length, 0) / 1e6;
    console.log(
      [
        name.padEnd(32),
        (traces / cpu).toFixed(0).padStart(8),
        (spans / cpu).toFixed(0).padStart(9),
        (megabytes / cpu).toFixed(0).padStart(6),
        (cpu * 1e3).toFixed(0).padStart(7),
        (baseline / cpu).toFixed(2).padStart(10),
        (median(figures, "seconds") * 1e3).toFixed(0).padStart(8),
      ].join("  "),
    );
  }
  console.log("(d) @opentelemetry/otlp-transformer: cannot decode requests, only encode them\n");
}

function digest(traces: Iterable<Trace>): string {
  const hash = createHash("sha256");
  for (const trace of traces) hash.update(JSON.stringify(trace));
  return hash.digest("hex").slice(0, 16);
}

/** A run in which model and tool calls alternate, each model call with the two messages since the last. */
function sketch(spans: number): Uint8Array {
  const children: SpanSketch[] = [];
  for (let index = 1; index < spans; index += 2) {
    const call = { type: "tool_call", id: `c${index}`, name: "find", arguments: { index } };
    const answer = { type: "tool_call_response", id: `c${index - 2}`, response: { found: index } };
    const model = { "gen_ai.request.model": "gpt-4o", "gen_ai.usage.input_tokens": index };
    const input = JSON.stringify([{ role: "tool", parts: [answer] }]);
    const output = JSON.stringify([{ role: "assistant", parts: [call], finish_reason: "tool_call" }]);
    const texts = { "gen_ai.input.messages": input, "gen_ai.output.messages": output };
    const tool = { "gen_ai.tool.name": "find", "gen_ai.tool.call.id": `c${index}` };
    children.push(
      { name: "chat", attributes: { "gen_ai.operation.name": "chat", ...model, ...texts } },
      { name: "execute_tool", attributes: { "gen_ai.operation.name": "execute_tool", ...tool } },
    );
  }
  return otlp({
    spans: [{ name: "run", attributes: { "gen_ai.operation.name": "invoke_agent" }, children }],
  });
}

function overSpans(runs: number): void {
  console.log("spans in one trace    CPU ms   µs a span   times that of 1,000");
  let first = Number.NaN;
  for (const spans of [1_000, 10_000, 100_000]) {
    const body = sketch(spans);
    // As many spans in each measurement, so that all are as warm.
    const repeats = 100_000 / spans;
    const figures = Array.from({ length: runs }, () =>
      measure(() => {
        for (let repeat = 0; repeat < repeats; repeat++) touch(readTrace(readSpans(body)));
      }),
    );
    const each = median(figures, "cpuSeconds") / repeats / spans;
    if (Number.isNaN(first)) first = each;
    console.log(
      [
        spans.toLocaleString("en").padStart(18),
        (each * spans * 1e3).toFixed(1).padStart(8),
        (each * 1e6).toFixed(1).padStart(10),
        (each / first).toFixed(2).padStart(20),
      ].join("  "),
    );
  }
}

const { values } = parseArgs({
  options: { runs: { type: "string", default: "3" }, traces: { type: "string", default: "675" } },
});
const runs = Number(values.runs);
if (existsSync(DATA)) {
  const bodies = await load(Number(values.traces));
  compare(bodies, runs);
  const ours = digest(bodies.protobuf.map((body) => readTrace(readSpans(body))));
  const eager = digest(bodies.protobuf.map((body) => readTrace(librarySpans(body))));
  console.log(
    `digest of the canonical JSON: lazy ${ours}, eager ${eager}: ${ours === eager ? "equal" : "DIFFERENT"}\n`,
  );
  if (ours !== eager) process.exitCode = 1;
} else console.log(`skipped: the real traces are not at ${DATA}\n`);
overSpans(runs);
