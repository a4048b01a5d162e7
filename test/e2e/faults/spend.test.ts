import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

import { findPostgres, type OwnPostgres, startPostgres } from "../../../scripts/bench/postgres.ts";
import { resumeScorer } from "../../../src/app/paused-scorers.ts";
import { type Scoring, startScoring } from "../../../src/app/start-scoring.ts";
import { type Config, configSchema } from "../../../src/config/schema.ts";
import { systemClock } from "../../../src/core/clock.ts";
import type { Job, Queue } from "../../../src/core/queue.ts";
import type { Store } from "../../../src/core/store.ts";
import type { TraceBuffer } from "../../../src/core/trace-buffer.ts";
import { defineJudge } from "../../../src/judges/define-judge.ts";
import { openai } from "../../../src/judges/openai.ts";
import type { Fault } from "../../../src/llmwire/fault.ts";
import type { ModelRequest } from "../../../src/llmwire/model-request.ts";
import { type ModelServer, startModelServer } from "../../../src/llmwire/model-server.ts";
import { splitByTrace } from "../../../src/otlp/split-by-trace.ts";
import { openBullmqQueue } from "../../../src/redis/bullmq-queue.ts";
import { openRedisTraceBuffer } from "../../../src/redis/open-redis-trace-buffer.ts";
import { MemoryLimiter } from "../../../src/store/memory-limiter.ts";
import { openDatabase } from "../../../src/store/open-database.ts";
import { openPostgresStore } from "../../../src/store/open-postgres-store.ts";
import { SqliteQueue } from "../../../src/store/sqlite-queue.ts";
import { SqliteStore } from "../../../src/store/sqlite-store.ts";
import { SqliteTraceBuffer } from "../../../src/store/sqlite-trace-buffer.ts";
import { idOf, run } from "../../cli/agent-traces.ts";
import { POLICY } from "../../contracts/trace-buffer.ts";
import { type RedisServer, startRedis } from "../../redis/redis-server.ts";
import { temporaryFolder } from "../../store/temporary-folder.ts";

const TRACES = 24;
const EMPTY = "insufficient_quota";

/** One process's view of the shared state. */
interface Process {
  readonly store: Store;
  readonly buffer: TraceBuffer;
  readonly queue: Queue;
  close(): Promise<void>;
}

/** Two workers on one state are asked for the same things again and again; the model server counts what was paid. */
function spendSuite(name: string, openProcess: () => Promise<Process>): void {
  describe(name, () => {
    let server: ModelServer;
    let processes: Process[];
    let workers: Scoring[];
    /** By trace: answers given, which cost money, and faults, which do not. */
    let paid: Map<string, number>;
    let faults: Map<string, number>;
    let isEmpty: boolean;

    const traceOf = (request: ModelRequest) =>
      /order of (\w+)\?/.exec(JSON.stringify(request.messages))?.[1] ?? "unknown";

    beforeEach(async () => {
      [processes, workers, paid, faults, isEmpty] = [[], [], new Map(), new Map(), false];
      server = await startModelServer({
        reply: (request) => {
          const trace = traceOf(request);
          const earlier = faults.get(trace) ?? 0;
          const fault = isEmpty ? spentQuota() : faultOf(Number.parseInt(trace.slice(0, 6), 16), earlier);
          if (fault) {
            faults.set(trace, earlier + 1);
            return fault;
          }
          paid.set(trace, (paid.get(trace) ?? 0) + 1);
          return {
            text: JSON.stringify({ rationale: "Yes.", evidence: [], label: "yes" }),
            usage: { inputTokens: 100, outputTokens: 10 },
          };
        },
      });
    });
    afterEach(async () => {
      for (const worker of workers) await worker.stop(5_000);
      for (const process of processes.toReversed()) await process.close();
      await server.close();
    });

    /** Every third trace meets nothing, the others one or two faults of all passing kinds. */
    function faultOf(number: number, earlier: number): Fault | undefined {
      if (earlier >= number % 3) return undefined;
      const headers = { "retry-after-ms": "20" };
      const kinds: readonly Fault[] = [
        { fault: "status", status: 429, headers },
        { fault: "status", status: 503, headers },
        { fault: "status", status: 408, headers },
        { fault: "status", status: 529, headers },
      ];
      return kinds[number % kinds.length];
    }

    function configOf(): Config {
      const judge = openai({
        model: "gpt-4o-mini",
        baseURL: server.openaiBaseUrl,
        env: { OPENAI_API_KEY: "k" },
      });
      const scorers = [defineJudge("resolved", { question: "Done?", labels: { yes: 1, no: 0 } })];
      const worker = { judgeRetries: { attempts: 5, baseMs: 20, maxMs: 100 }, stuckMs: 0 };
      return configSchema.parse({ judge, scorers, worker });
    }

    async function startWorkers(): Promise<Process> {
      for (let count = 0; count < 2; count += 1) {
        const process = await openProcess();
        processes.push(process);
        const assembler = { accept: async () => {}, signal: async () => {} };
        const onFault = () => {};
        const limiter = new MemoryLimiter({}, systemClock);
        const given = { config: configOf(), environment: {}, assembler, limiter };
        const options = { ...given, onFault, wakeDelivery: () => {} };
        workers.push(await startScoring({ ...options, ...process }));
      }
      const [first] = processes;
      if (first === undefined) throw new Error("no process");
      return first;
    }

    async function send(to: Process, numbers: readonly number[]): Promise<readonly Job[]> {
      for (const number of numbers) {
        const body = run({ traceId: idOf(number), question: `Where is the order of ${idOf(number)}?` });
        await to.buffer.append(splitByTrace(body).fragments, 0);
        await to.buffer.signal(idOf(number), 0);
      }
      const sealed = await to.buffer.seal(1_000, POLICY, 1_000);
      const jobs = sealed.map(({ traceId, revision }): Job => ({ v: 1, traceId, revision, from: "buffer" }));
      await to.queue.enqueue(jobs);
      await to.buffer.enqueued(sealed);
      return jobs;
    }

    const states = async (store: Store, numbers: readonly number[]) => {
      const rows = await Promise.all(numbers.map((number) => store.ledger(idOf(number))));
      return rows.map((ledger) => ledger.map(({ state }) => state).join());
    };
    const until = (what: () => Promise<unknown>, value: unknown) =>
      expect.poll(what, { timeout: 30_000, interval: 50 }).toEqual(value);
    const idle = async (queue: Queue) => {
      const { waiting, active, delayed } = await queue.counts();
      return waiting + active + delayed;
    };

    it("pays once for each question over redeliveries, retries and two workers (langwatch#3912, langwatch#6398, langfuse#13823)", async () => {
      const first = await startWorkers();
      const numbers = Array.from({ length: TRACES }, (_, index) => index + 1);
      const jobs = await send(first, numbers);
      expect(jobs).toHaveLength(TRACES);
      // Redeliveries of both kinds of job, while they are under way and after.
      const again = jobs.map((job): Job => ({ ...job, from: "store", scorers: ["resolved"] }));
      await first.queue.enqueue([...jobs, ...again]);
      await until(() => states(first.store, numbers), Array(TRACES).fill("scored"));
      await first.queue.enqueue([...jobs, ...again]);
      await until(() => idle(first.queue), 0);

      expect(paid.size).toBe(TRACES);
      expect([...paid.values()].filter((count) => count !== 1)).toEqual([]);
      const planted = numbers.reduce((sum, number) => sum + (number % 3), 0);
      expect(server.requests()).toHaveLength(TRACES + planted);
      expect(await first.queue.dead(9)).toEqual([]);
    }, 60_000);

    it("pays once for each question over a pause and the backfill after it", async () => {
      const first = await startWorkers();
      const numbers = [3, 6, 9, 12, 15, 18];
      isEmpty = true;
      await send(first, numbers);
      await until(() => states(first.store, numbers), Array(numbers.length).fill("paused"));
      // At most the calls that were under way when the first answer came.
      expect(server.requests().length).toBeLessThanOrEqual(numbers.length);
      const before = server.requests().length;
      const more = [21, 24];
      await send(first, more);
      await until(() => states(first.store, more), ["paused", "paused"]);
      expect(server.requests()).toHaveLength(before);

      isEmpty = false;
      expect(await resumeScorer(first.store, "resolved", Date.now())).toBe(numbers.length + more.length);
      const all = [...numbers, ...more];
      await until(() => states(first.store, all), Array(all.length).fill("scored"));
      expect(await resumeScorer(first.store, "resolved", Date.now())).toBe(0);
      await until(() => idle(first.queue), 0);
      expect([...paid.values()]).toEqual(Array(all.length).fill(1));
      expect(server.requests()).toHaveLength(before + all.length);
    }, 60_000);
  });
}

function spentQuota(): Fault {
  return {
    fault: "status",
    status: 429,
    body: JSON.stringify({ error: { message: "Empty.", code: EMPTY } }),
  };
}

describe("what judges cost", () => {
  const folder = { path: "", remove: () => {} };
  beforeEach(() => void Object.assign(folder, temporaryFolder()));
  afterEach(() => folder.remove());

  spendSuite("with the embedded parts", async () => {
    const database = openDatabase(folder.path);
    const store = new SqliteStore(database);
    const queue = new SqliteQueue(database);
    const buffer = new SqliteTraceBuffer(database);
    return {
      store,
      buffer,
      queue,
      close: async () => {
        await queue.close();
        database.close();
      },
    };
  });
});

describe.skipIf(findPostgres() === null)("what judges cost (PostgreSQL: npm run setup installs it)", () => {
  let redis: RedisServer;
  let postgres: OwnPostgres;
  let places = 0;
  beforeAll(async () => {
    [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
  }, 60_000);
  afterAll(async () => {
    await redis.stop();
    await postgres.close();
  });
  beforeEach(() => {
    places += 1;
  });

  spendSuite("with Redis and PostgreSQL", async () => {
    const prefix = `spend-${places}`;
    const store = await openPostgresStore({ url: postgres.url, schema: `spend_${places}`, connections: 4 });
    const queue = await openBullmqQueue({ url: redis.url, prefix });
    const buffer = await openRedisTraceBuffer({ url: redis.url, prefix, policy: POLICY });
    return {
      store,
      buffer,
      queue,
      close: async () => {
        await queue.close();
        await buffer.close();
        await store.close();
      },
    };
  });
});
