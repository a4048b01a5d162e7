import { systemClock } from "../../../src/core/clock.ts";
import { startAssembler } from "../../../src/pipeline/assemble.ts";
import { processTrace } from "../../../src/pipeline/process-trace.ts";
import { openBullmqQueue } from "../../../src/redis/bullmq-queue.ts";
import { openDatabase } from "../../../src/store/open-database.ts";
import { SqliteQueue } from "../../../src/store/sqlite-queue.ts";
import { SqliteStore } from "../../../src/store/sqlite-store.ts";
import { SqliteTraceBuffer } from "../../../src/store/sqlite-trace-buffer.ts";
import { makeTrace } from "../../../src/testing/make-trace.ts";
import { startWorker } from "../../../src/worker/start-worker.ts";
import { scoreOf } from "../../contracts/store.ts";
import { makeFragment, traceIdOf } from "../../store/make-fragment.ts";

/** What the parent tells this process, as JSON in the first argument. */
export interface ChildSetting {
  readonly folder: string;
  /** Null: the embedded queue. */
  readonly redis: { readonly url: string; readonly prefix: string } | null;
  readonly traces: number;
  /** How many fragments were acknowledged before this start; the sender goes on after them. */
  readonly acknowledged: number;
}

/** Each trace arrives in three requests, the root last. */
const FRAGMENTS = [[{ id: 3, parent: 2 }], [{ id: 2, parent: 1 }], [{ id: 1 }]];
const POLICY = {
  afterRootMs: 5,
  idleMs: 60_000,
  maxAgeMs: 3_600_000,
  maxSpans: 100_000,
  maxBytes: 64 * 1024 * 1024,
};

const setting: ChildSetting = JSON.parse(process.argv[2] ?? "");
const say = (line: string) => process.stdout.write(`${line}\n`);

const database = openDatabase(setting.folder, { exclusive: true });
const store = new SqliteStore(database);
const stored = async (traceId: string) => (await store.trace(traceId))?.payload ?? null;
const buffer = new SqliteTraceBuffer(database, { stored });
const queue = setting.redis
  ? await openBullmqQueue({ ...setting.redis, lockMs: 600, stalledCheckMs: 200, maxAttempts: 20 })
  : new SqliteQueue(database, { maxAttempts: 20 });

const worker = await startWorker({
  queue,
  concurrency: 4,
  handle: async (job, { signal }) => {
    const options = {
      buffer,
      store,
      clock: systemClock,
      sinkNames: ["sink"],
      readTrace: (spans: readonly unknown[], { revision }: { readonly revision: number }) =>
        makeTrace({ traceId: job.traceId, revision, name: `${spans.length} spans` }),
      evaluate: async () => {
        say("evaluating");
        return { scores: [scoreOf("one", 1), scoreOf("two", 0)] };
      },
    };
    say(await processTrace(job, options, signal));
  },
});
const assembler = await startAssembler({
  buffer,
  queue,
  policy: POLICY,
  clock: systemClock,
  onEvent: ({ kind }) => say(kind),
});

for (let next = setting.acknowledged; next < 3 * setting.traces; next += 1) {
  const spans = FRAGMENTS[next % 3] ?? [];
  await assembler.accept([makeFragment(traceIdOf(1 + Math.floor(next / 3)), spans)], Date.now());
  say("acknowledged");
}

const timer = setInterval(async () => {
  const { waiting, active, delayed } = await queue.counts();
  if ((await store.counts()).traces < setting.traces || waiting + active + delayed > 0) return;
  clearInterval(timer);
  await assembler.stop();
  await worker.stop(5_000);
  await queue.close();
  database.close();
  say("finished");
}, 20);
