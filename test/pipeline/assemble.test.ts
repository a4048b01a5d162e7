import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { TracegateError } from "../../src/core/errors.ts";
import type { Job, Queue } from "../../src/core/queue.ts";
import type { TraceBuffer } from "../../src/core/trace-buffer.ts";
import { type Assembler, type AssemblerEvent, startAssembler } from "../../src/pipeline/assemble.ts";
import { OVERLOAD, Pressure } from "../../src/pipeline/pressure.ts";
import { openDatabase } from "../../src/store/open-database.ts";
import { SqliteQueue } from "../../src/store/sqlite-queue.ts";
import { SqliteTraceBuffer } from "../../src/store/sqlite-trace-buffer.ts";
import type { StateDatabase } from "../../src/store/state-database.ts";
import { POLICY } from "../contracts/trace-buffer.ts";
import { makeFragment, traceIdOf } from "../store/make-fragment.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";

/** A queue in front of a real one that can be away. */
class InterruptedQueue implements Queue {
  away = false;
  readonly enqueued: Job[] = [];
  readonly #queue: Queue;

  constructor(queue: Queue) {
    this.#queue = queue;
  }

  async enqueue(jobs: readonly Job[]): Promise<void> {
    if (this.away) throw new TracegateError("unavailable", "Redis is away.", { retryable: true });
    await this.#queue.enqueue(jobs);
    this.enqueued.push(...jobs);
  }

  consume: Queue["consume"] = (handler, options) => this.#queue.consume(handler, options);
  counts = () => this.#queue.counts();
  oldest = () => this.#queue.oldest();
  dead = (limit: number) => this.#queue.dead(limit);
  redrive = (ids: readonly string[]) => this.#queue.redrive(ids);
  forget = (ids: readonly string[]) => this.#queue.forget(ids);
  purge: Queue["purge"] = (matches) => this.#queue.purge(matches);
  close = () => this.#queue.close();
}

describe("startAssembler", () => {
  const folder = { path: "", remove: () => {} };
  const clock = { time: 0, now: () => clock.time };
  let database: StateDatabase;
  let buffer: TraceBuffer;
  let queue: InterruptedQueue;
  let assembler: Assembler;
  let events: AssemblerEvent[];
  const start = async (more = {}) => {
    assembler = await startAssembler({
      buffer,
      queue,
      policy: POLICY,
      clock,
      onEvent: (event) => void events.push(event),
      ...more,
    });
  };
  beforeEach(async () => {
    Object.assign(folder, temporaryFolder());
    database = openDatabase(folder.path);
    buffer = new SqliteTraceBuffer(database);
    queue = new InterruptedQueue(new SqliteQueue(database));
    events = [];
    clock.time = 0;
    await start();
  });
  afterEach(async () => {
    await assembler.stop();
    database.close();
    folder.remove();
  });

  const root = (number: number, more = {}) => makeFragment(traceIdOf(number), [{ id: 1, ...more }]);
  const job = (number: number, revision = 1): Job => ({
    v: 1,
    traceId: traceIdOf(number),
    revision,
    from: "buffer",
  });
  const machine = { now: () => Date.now() };
  const quick = { ...POLICY, afterRootMs: 30, idleMs: 60 };

  it("queues a job for each trace that is complete, and none for the others", async () => {
    await assembler.accept([root(1), makeFragment(traceIdOf(2), [{ id: 2, parent: 1 }])], 0);
    clock.time = 10_000;
    await assembler.flush();
    expect(queue.enqueued).toEqual([job(1)]);
    expect(await buffer.sealed()).toEqual([]);
    expect(events).toMatchObject([
      { kind: "sealed", traces: [{ traceId: traceIdOf(1), reason: "root-ended" }] },
    ]);
    await assembler.accept([makeFragment(traceIdOf(1), [{ id: 2, parent: 1 }])], 11_000);
    clock.time = 21_000;
    await assembler.flush();
    expect(queue.enqueued).toEqual([job(1), job(1, 2)]);
  });

  it("seals by itself when the time has come, by a timer and not by polling", async () => {
    await assembler.stop();
    const nextDue = vi.spyOn(buffer, "nextDue");
    await start({ clock: machine, policy: quick });
    await assembler.accept([root(1)], Date.now());
    await vi.waitFor(() => expect(queue.enqueued).toEqual([job(1)]));
    expect(nextDue.mock.calls.length).toBeLessThan(8);
  });

  it("seals at once on the sender's signal, in a span or by id", async () => {
    await assembler.stop();
    await start({ clock: machine });
    await assembler.accept([root(1, { completes: true })], Date.now());
    await assembler.accept([root(2)], Date.now());
    await assembler.signal(traceIdOf(2));
    await vi.waitFor(() => expect(queue.enqueued).toEqual(expect.arrayContaining([job(1), job(2)])));
  });

  it("seals many traces that are due at once", async () => {
    await assembler.accept(
      Array.from({ length: 100 }, (_, index) => root(index + 1)),
      0,
    );
    clock.time = 10_000;
    await assembler.flush();
    expect(queue.enqueued).toHaveLength(100);
  });

  it("queues at its start what a killed process sealed but did not queue", async () => {
    await assembler.stop();
    await buffer.append([root(1)], 0);
    await buffer.seal(10_000, POLICY, 10);
    await start();
    expect(queue.enqueued).toEqual([job(1)]);
    expect(await buffer.sealed()).toEqual([]);
  });

  it("keeps taking spans while the queue is away, and queues everything when it is back", async () => {
    await assembler.stop();
    await start({ clock: machine, policy: quick });
    queue.away = true;
    await assembler.accept([root(1)], Date.now());
    await vi.waitFor(() => expect(events).toMatchObject([{ kind: "fault" }]));
    await assembler.accept([root(2)], Date.now());
    await expect(assembler.flush()).rejects.toThrow("Redis is away.");
    queue.away = false;
    await vi.waitFor(() => expect(queue.enqueued).toHaveLength(2), { timeout: 5_000 });
    expect(await buffer.sealed()).toEqual([]);
  });

  it("refuses spans while the buffer is over its limit, and again takes them when it is not", async () => {
    await assembler.stop();
    await start({ pressure: new Pressure({ buffer, queue, clock, limits: { ...OVERLOAD, bytes: 5_000 } }) });
    await assembler.accept([root(1, { text: "x".repeat(10_000) })], 0);
    await expect(assembler.accept([root(2)], 0)).rejects.toMatchObject({
      code: "overloaded",
      retryable: true,
    });
    clock.time = 10_000;
    await assembler.flush();
    await assembler.accept([root(2)], 10_000);
    expect(await buffer.counts()).toMatchObject({ open: 1, sealed: 1 });
  });

  it("takes nothing and seals nothing after it was stopped", async () => {
    await assembler.accept([root(1)], 0);
    await assembler.stop();
    clock.time = 10_000;
    await expect(assembler.accept([root(2)], 0)).rejects.toMatchObject({ code: "overloaded" });
    await assembler.flush();
    expect(queue.enqueued).toEqual([]);
  });
});
