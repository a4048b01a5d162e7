import { existsSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Queue as BullQueue } from "bullmq";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { systemClock } from "../../src/core/clock.ts";
import { messageOf, TracegateError } from "../../src/core/errors.ts";
import type { Job, Queue } from "../../src/core/queue.ts";
import type { TraceBuffer } from "../../src/core/trace-buffer.ts";
import { type Assembler, startAssembler } from "../../src/pipeline/assemble.ts";
import { takeInline } from "../../src/pipeline/take-inline.ts";
import { openBullmqQueue } from "../../src/redis/bullmq-queue.ts";
import { openRedisTraceBuffer } from "../../src/redis/open-redis-trace-buffer.ts";
import { POLICY } from "../contracts/trace-buffer.ts";
import { blocksOf, REPOSITORY } from "../e2e/readme/blocks.ts";
import { runProgram } from "../interop/run-program.ts";
import { makeFragment, type ShortSpan, spanNumbersIn, traceIdOf } from "../store/make-fragment.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";
import { type RedisServer, startRedis } from "./redis-server.ts";

const PYTHON = join(REPOSITORY, ".tracegate/python/bin/python");
const policy = { ...POLICY, afterRootMs: 20, idleMs: 40 };
const A = traceIdOf(0xa);

/** What a worker does with jobs of other programs, and with those that come of them. */
class Worker {
  readonly scored = new Map<string, readonly number[]>();
  readonly dead: { readonly job: Job; readonly message: string }[] = [];
  refuse = 0;
  #buffer: TraceBuffer | undefined;
  #queue: Queue | undefined;
  #assembler: Assembler | undefined;

  async start(url: string): Promise<void> {
    const buffer = await openRedisTraceBuffer({ url, policy });
    const queue = await openBullmqQueue({ url, maxInlineBytes: 20_000, backoffMs: 10, maxAttempts: 3 });
    const assembler = await startAssembler({ buffer, queue, policy, clock: systemClock });
    [this.#buffer, this.#queue, this.#assembler] = [buffer, queue, assembler];
    await queue.consume(
      async (job) => {
        if (job.from === "inline") {
          await takeInline(job, {
            assembler: {
              signal: (traceId) => assembler.signal(traceId),
              accept: async (fragments, at) => {
                this.refuse -= 1;
                if (this.refuse >= 0) throw new TracegateError("overloaded", "Full.", { retryable: true });
                await assembler.accept(fragments, at);
              },
            },
          });
          return;
        }
        const sealed = await buffer.read(job.traceId, job.revision);
        this.scored.set(`${job.traceId}-${job.revision}`, spanNumbersIn(sealed?.chunks ?? []));
      },
      { concurrency: 4, onDead: (job, error) => void this.dead.push({ job, message: messageOf(error) }) },
    );
  }

  listDead() {
    return this.#queue?.dead(10) ?? [];
  }

  async stop(): Promise<void> {
    await this.#assembler?.stop();
    await this.#queue?.close();
    await this.#buffer?.close();
  }
}

describe("jobs of other programs", () => {
  let server: RedisServer;
  let worker: Worker;
  let producer: BullQueue;
  beforeEach(async () => {
    server = await startRedis();
    worker = new Worker();
    await worker.start(server.url);
    producer = new BullQueue("traces", { connection: { url: server.url }, prefix: "tracegate" });
  });
  afterEach(async () => {
    await producer.close();
    await worker.stop();
    await server.stop();
  });

  const base64 = (bytes: Uint8Array | string) => Buffer.from(bytes).toString("base64");
  const inline = (spans: readonly ShortSpan[], more = {}) => ({
    v: 1,
    traceId: A,
    from: "inline",
    otlp: base64(makeFragment(A, spans).bytes),
    ...more,
  });
  const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 10_000, interval: 10 });

  it("bring spans that are scored as all others are, and leave nothing in the queue", async () => {
    await producer.add("anything", inline([{ id: 1 }, { id: 2, parent: 1 }]));
    await until(() => expect(worker.scored).toEqual(new Map([[`${A}-1`, [1, 2]]])));
    await until(async () => expect(await producer.getJobCounts()).toMatchObject({ completed: 0, active: 0 }));
  });

  it("are scored once when they come twice, and make a new revision with what is new", async () => {
    await producer.add("score", inline([{ id: 1 }]));
    await until(() => expect(worker.scored.size).toBe(1));
    await producer.add("score", inline([{ id: 1 }]));
    await producer.add("score", inline([{ id: 2, parent: 1 }], { revision: 1 }));
    await until(() => expect(worker.scored.get(`${A}-2`)).toEqual([1, 2]));
    await producer.add("score", inline([{ id: 2, parent: 1 }], { revision: 9 }));
    await until(async () => expect(await producer.getJobCounts()).toMatchObject({ waiting: 0, active: 0 }));
    expect([...worker.scored.keys()]).toEqual([`${A}-1`, `${A}-2`]);
  });

  it("wait while the buffer is full, also when they say nothing of tries", async () => {
    worker.refuse = 2;
    await producer.add("score", inline([{ id: 1 }]));
    await until(() => expect(worker.scored.size).toBe(1));
    expect(worker.dead).toEqual([]);
  });

  it.each([
    ["traceId: must be 32 hex digits", { traceId: "12" }],
    ["traceId: is missing", { traceId: undefined }],
    ["otlp: must be base64", { otlp: "nothing of the kind!" }],
    ["otlp: must be base64 of an OTLP body", { otlp: undefined }],
    ["v: must be 1", { v: 2 }],
    ["revision: must be 1 or more", { revision: 0 }],
    ['from: must be "inline"', { from: "elsewhere" }],
    ["oltp: not a field of a job", { oltp: "a slip" }],
    ["otlp: has 40000 characters of base64", { otlp: "A".repeat(40_000) }],
    [`otlp has spans of trace ${A}; send a job for each trace`, { traceId: traceIdOf(0xb) }],
    ["Not OTLP protobuf", { otlp: base64("not OTLP at all") }],
    ["Not JSON", { otlp: base64('{"resourceSpans": [') }],
    ["otlp has no spans", { otlp: base64("{}") }],
  ])("are dead with a reason when they cannot be taken: %s", async (reason, wrong) => {
    await producer.add("score", inline([{ id: 1 }], wrong), { jobId: "theirs" });
    const other = makeFragment(traceIdOf(0xc), [{ id: 1 }]);
    const good = { traceId: other.traceId, otlp: base64(other.bytes) };
    await producer.add("score", inline([{ id: 1 }], good));
    await until(() => expect(worker.dead).toHaveLength(1));
    const [dead] = await worker.listDead();
    expect(dead?.reason).toContain(reason);
    expect(worker.dead[0]?.message).toBe(dead?.reason);
    expect(JSON.stringify(dead?.job).length).toBeLessThan(1_500);
    await until(() => expect(worker.scored.size).toBe(1));
  });

  it.each([null, "text", 5, [], {}])("are dead and harm nothing when their data is %j", async (data) => {
    await producer.add("score", data, { jobId: "theirs" });
    await until(() => expect(worker.dead).toMatchObject([{ job: { traceId: "theirs" } }]));
    expect((await worker.listDead())[0]?.reason).toMatch("docs/queue.md says what a job looks like");
  });

  it("must not have the name of one of tracegate's own", async () => {
    await producer.add("score", inline([{ id: 1 }]), { jobId: `${A}-1` });
    await until(() => expect(worker.dead[0]?.message).toMatch("Leave jobId out"));
  });
});

describe("docs/queue.md", () => {
  const blocks = blocksOf(readFileSync(join(REPOSITORY, "docs/queue.md"), "utf8"));
  const textOf = (name: string) => blocks.find((block) => block.name === name)?.text ?? "";
  const run = async (command: string, file: string, text: string) => {
    const server = await startRedis();
    const folder = temporaryFolder();
    const worker = new Worker();
    try {
      await worker.start(server.url);
      symlinkSync(join(REPOSITORY, "node_modules"), join(folder.path, "node_modules"));
      writeFileSync(join(folder.path, file), text);
      const env = { ...process.env, REDIS_URL: server.url };
      const end = await runProgram(command, [file], { cwd: folder.path, env, timeoutMs: 30_000 });
      expect(end).toMatchObject({ exitCode: 0 });
      await vi.waitFor(() => expect(worker.scored.size).toBe(1), { timeout: 10_000 });
      return [...worker.scored.keys()][0];
    } finally {
      await worker.stop();
      await server.stop();
      folder.remove();
    }
  };

  it("has an example in JavaScript that has its trace scored", async () => {
    const name = await run(process.execPath, "enqueue.mjs", textOf("From Node / js / 1"));
    expect(name).toBe("5b8efff798038103d269b633813fc60c-1");
  });

  it.skipIf(!existsSync(PYTHON))(
    "has an example in Python that has its trace scored (needs bullmq for Python, see npm run setup)",
    async () => {
      const name = await run(PYTHON, "enqueue.py", textOf("From Python / python / 1"));
      expect(name).toBe("4bf92f3577b34da6a3ce929d0e0e4736-1");
    },
  );
});
