import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { afterEach, expect, it } from "vitest";

import { readTrace } from "../../src/conventions/read-trace.ts";
import type { TraceFragment } from "../../src/core/span.ts";
import { readSpans } from "../../src/otlp/read-spans.ts";
import { mergeTraces } from "../../src/otlp/write-traces.ts";
import { type Receiver, startReceiver } from "../../src/receiver/receiver.ts";
import { type ClientBody, clientBodies } from "./bodies.ts";
import { Dice, mutate } from "./mutations.ts";

const SEED = 20_261_120;
/** The figure; fewer for a quick look. */
const COUNT = Number(process.env.MUTATED_BODIES ?? 100_000);
const LANES = 16;
/** Beyond it a request counts as hanging. */
const PATIENCE_MS = 60_000;
const MAX_GROWTH = 24 * 1024 * 1024;

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

let receiver: Receiver | undefined;
afterEach(() => receiver?.close());

function heapUsed(): number {
  for (let times = 0; times < 3; times++) collectGarbage();
  return process.memoryUsage().heapUsed;
}

/** Counts what came back, and reads every trace that was let in. */
class Outcome {
  readonly statuses = new Map<number, number>();
  readonly faults: string[] = [];
  partial = 0;
  read = 0;
  slowestMs = 0;

  /** What a worker would do with the spans; nothing a sender wrote may make it throw. */
  take(fragments: readonly TraceFragment[]): void {
    for (const { bytes, traceId } of fragments) {
      try {
        const spans = readSpans(mergeTraces([bytes]));
        // Log records alone make no trace; they wait for their spans.
        if (spans.length === 0) continue;
        readTrace(spans);
        this.read += 1;
      } catch (error) {
        this.faults.push(`${traceId}: ${error instanceof Error ? error.stack : error}`);
      }
    }
  }

  async note(response: Response, ms: number): Promise<void> {
    const body = await response.text();
    this.statuses.set(response.status, (this.statuses.get(response.status) ?? 0) + 1);
    if (response.status === 200 && body.length > 2) this.partial += 1;
    this.slowestMs = Math.max(this.slowestMs, ms);
  }
}

/** Sends bodies `from` to `to`; each is a function of its number alone. */
async function sendRange(
  bodies: readonly ClientBody[],
  from: number,
  to: number,
  outcome: Outcome,
): Promise<void> {
  let next = from;
  const lane = async () => {
    for (let number = next++; number < to; number = next++) {
      const dice = new Dice(SEED + number);
      const body = bodies[dice.roll(bodies.length)];
      const others = bodies.filter(({ type }) => type === body?.type);
      if (!body) continue;
      const mutated = mutate(body.bytes, others[dice.roll(others.length)]?.bytes ?? body.bytes, dice);
      // Some are compressed, and of these some are spoilt once more.
      const zipped = dice.roll(4) === 0 ? gzipSync(mutated) : null;
      const sent = zipped ? (dice.roll(2) === 0 ? mutate(zipped, zipped, dice) : zipped) : mutated;
      const started = performance.now();
      const response = await fetch(`${receiver?.url}${body.path}`, {
        method: "POST",
        headers: { "content-type": body.type, ...(zipped ? { "content-encoding": "gzip" } : {}) },
        body: new Uint8Array(sent),
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      await outcome.note(response, performance.now() - started);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}

it(`${COUNT} mutated bodies are answered 200 or 400, and leave neither a fault nor memory behind`, async () => {
  const bodies = clientBodies();
  const outcome = new Outcome();
  receiver = await startReceiver({
    port: 0,
    accept: async (fragments) => outcome.take(fragments),
    signal: async () => {},
    onFault: (error) => outcome.faults.push(String(error)),
  });
  const warmUp = Math.floor(COUNT / 5);
  const started = performance.now();
  await sendRange(bodies, 0, warmUp, outcome);
  const before = heapUsed();
  await sendRange(bodies, warmUp, COUNT, outcome);
  const growth = heapUsed() - before;
  const seconds = (performance.now() - started) / 1000;

  const count = (status: number) => outcome.statuses.get(status) ?? 0;
  // biome-ignore lint/suspicious/noConsole: the figures are the point of the run.
  console.log(
    `${COUNT} mutated bodies of ${bodies.length} in ${seconds.toFixed(0)} s: 200 ${count(200)} (${outcome.partial} partial), ` +
      `400 ${count(400)}, traces read ${outcome.read}, slowest ${outcome.slowestMs.toFixed(0)} ms, ` +
      `heap ${(growth / 2 ** 20).toFixed(1)} MiB more after the last ${COUNT - warmUp}`,
  );
  expect(outcome.faults.slice(0, 5)).toEqual([]);
  expect([...outcome.statuses.keys()].filter((status) => status !== 200 && status !== 400)).toEqual([]);
  expect(count(200) + count(400)).toBe(COUNT);
  expect(Math.min(count(200), count(400), outcome.partial, outcome.read)).toBeGreaterThan(0);
  expect(growth).toBeLessThan(MAX_GROWTH);
}, 1_800_000);
