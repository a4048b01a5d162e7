import fc from "fast-check";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import type { CompletionReason } from "../../src/core/trace.ts";
import type { TraceBuffer } from "../../src/core/trace-buffer.ts";
import { type Assembler, startAssembler } from "../../src/pipeline/assemble.ts";
import { connectRedis, type RedisClient } from "../../src/redis/connect.ts";
import { openRedisTraceBuffer } from "../../src/redis/open-redis-trace-buffer.ts";
import { POLICY } from "../contracts/trace-buffer.ts";
import { type RedisServer, startRedis } from "../redis/redis-server.ts";
import { makeFragment, type ShortSpan, spanNumbersIn, traceIdOf } from "../store/make-fragment.ts";
import { CollectingQueue } from "./collecting-queue.ts";

const SWEEP_MS = 5_000;
const services = { batch: { afterRootMs: 40_000 } };
const policy = { ...POLICY, services };

/** A receiver as far as completion goes: its own connection and its own assembler. */
interface Receiver {
  readonly buffer: TraceBuffer;
  readonly assembler: Assembler;
}

describe("several receivers on one Redis", () => {
  const clock = { time: 0, now: () => clock.time };
  let server: RedisServer;
  let redis: RedisClient;
  let prefixes = 0;
  let queue: CollectingQueue;
  let sealed: { readonly traceId: string; readonly revision: number; readonly reason: CompletionReason }[];
  let first: Receiver;
  let second: Receiver;
  beforeAll(async () => {
    server = await startRedis();
    redis = await connectRedis(server.url, { commands: "bounded" });
  });
  afterAll(async () => {
    redis.disconnect();
    await server.stop();
  });

  const receiver = async (): Promise<Receiver> => {
    const buffer = await openRedisTraceBuffer({ url: server.url, prefix: `many-${prefixes}`, policy });
    const assembler = await startAssembler({
      buffer,
      queue,
      policy,
      clock,
      sweepEveryMs: SWEEP_MS,
      onEvent: (event) => void (event.kind === "sealed" && sealed.push(...event.traces)),
    });
    return { buffer, assembler };
  };
  const close = async ({ buffer, assembler }: Receiver) => {
    await assembler.stop();
    await buffer.close();
  };
  beforeEach(async () => {
    prefixes += 1;
    clock.time = 0;
    queue = new CollectingQueue();
    sealed = [];
    [first, second] = [await receiver(), await receiver()];
  });
  afterEach(async () => {
    await close(first);
    await close(second);
  });

  const send = (to: Receiver, trace: number, spans: readonly ShortSpan[], service = "agent") =>
    to.assembler.accept([{ ...makeFragment(traceIdOf(trace), spans), service }], clock.time);
  const flushBoth = () => Promise.all([first.assembler.flush(), second.assembler.flush()]);
  const numbers = async (from: Receiver, trace: number, revision: number) =>
    spanNumbersIn((await from.buffer.read(traceIdOf(trace), revision))?.chunks ?? []);

  it("make one revision of a trace whose spans are split over them in any order, and queue it once", async () => {
    const spans: ShortSpan[] = [{ id: 1 }, { id: 2, parent: 1 }, { id: 3, parent: 2 }, { id: 4, parent: 1 }];
    const deliveries = fc
      .shuffledSubarray([...spans, ...spans], { minLength: 8, maxLength: 8 })
      .chain((order) =>
        fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }).map((sides) => ({ order, sides })),
      );
    let trace = 1_000;
    await fc.assert(
      fc.asyncProperty(deliveries, async ({ order, sides }) => {
        trace += 1;
        clock.time += 100_000;
        await Promise.all(order.map((span, index) => send(sides[index] ? first : second, trace, [span])));
        await flushBoth();
        expect(queue.names).not.toContain(`${traceIdOf(trace)}-1`);
        clock.time += 10_000;
        await flushBoth();
        expect(queue.names.filter((name) => name.startsWith(traceIdOf(trace)))).toEqual([
          `${traceIdOf(trace)}-1`,
        ]);
        expect(sealed.at(-1)).toMatchObject({ traceId: traceIdOf(trace), reason: "root-ended" });
        expect(await numbers(first, trace, 1)).toEqual([1, 2, 3, 4]);
      }),
      { seed: 5, numRuns: 40 },
    );
    expect(await first.buffer.counts()).toMatchObject({ open: 0, sealed: 40 });
  });

  it("seal each of many traces once when both do so at the same moment", async () => {
    for (let trace = 1; trace <= 200; trace += 1) await send(trace % 2 ? first : second, trace, [{ id: 1 }]);
    clock.time = 10_000;
    await flushBoth();
    const each = Array.from({ length: 200 }, (_, index) => `${traceIdOf(index + 1)}-1`);
    expect(queue.names).toEqual(each.sort());
    expect(await second.buffer.sealed()).toEqual([]);
  });

  it("count the quiet from the last span at either, and a late one at the other opens the next revision", async () => {
    await send(first, 1, [{ id: 1 }]);
    clock.time = 9_000;
    await send(second, 1, [{ id: 2, parent: 1 }]);
    clock.time = 10_000;
    await flushBoth();
    expect(queue.names).toEqual([]);
    clock.time = 19_000;
    await flushBoth();
    clock.time = 20_000;
    await send(first, 1, [{ id: 3, parent: 1 }]);
    clock.time = 30_000;
    await flushBoth();
    expect(queue.names).toEqual([`${traceIdOf(1)}-1`, `${traceIdOf(1)}-2`]);
    expect(await numbers(second, 1, 2)).toEqual([1, 2, 3]);
  });

  it("follow the service of the root, whichever of them it came to", async () => {
    await send(first, 1, [{ id: 2, parent: 1 }]);
    await send(second, 1, [{ id: 1 }], "batch");
    await send(first, 1, [{ id: 3, parent: 1 }]);
    clock.time = 39_999;
    await flushBoth();
    expect(queue.names).toEqual([]);
    clock.time = 40_000;
    await flushBoth();
    expect(sealed).toMatchObject([{ traceId: traceIdOf(1), reason: "root-ended" }]);
  });

  it("take a signal at the one for spans at the other", async () => {
    await send(first, 1, [{ id: 2, parent: 1 }]);
    await second.assembler.signal(traceIdOf(1));
    await second.assembler.signal(traceIdOf(2));
    await send(first, 2, [{ id: 2, parent: 1 }]);
    await flushBoth();
    expect(sealed.map(({ reason }) => reason)).toEqual(["signalled", "signalled"]);
  });

  it("queue what another sealed before it died, after a while and not before", async () => {
    await send(first, 1, [{ id: 1 }]);
    clock.time = 10_000;
    // The first one dies here, between the seal and the queue.
    await first.buffer.seal(clock.time, policy, 10);
    await second.assembler.flush();
    clock.time += SWEEP_MS - 1;
    await second.assembler.flush();
    expect(queue.names).toEqual([]);
    clock.time += SWEEP_MS;
    await second.assembler.flush();
    expect(queue.names).toEqual([`${traceIdOf(1)}-1`]);
    expect(await second.buffer.sealed()).toEqual([]);
  });

  it("seal what came to one that died", async () => {
    await send(first, 1, [{ id: 1 }]);
    await close(first);
    clock.time = 10_000;
    await second.assembler.flush();
    expect(queue.names).toEqual([`${traceIdOf(1)}-1`]);
    first = await receiver();
  });

  it("go on with what comes after Redis lost everything", async () => {
    await send(first, 1, [{ id: 1 }]);
    clock.time = 10_000;
    await flushBoth();
    await send(first, 2, [{ id: 1 }]);
    await redis.flushall();
    await redis.script("FLUSH");
    clock.time = 20_000;
    await flushBoth();
    await send(second, 3, [{ id: 1 }]);
    clock.time = 30_000;
    await flushBoth();
    expect(queue.names).toEqual([`${traceIdOf(1)}-1`, `${traceIdOf(3)}-1`]);
    expect(await first.buffer.counts()).toMatchObject({ open: 0, sealed: 1 });
  });
});
