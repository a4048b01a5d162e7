import { afterEach, beforeEach, describe, expect, it } from "vitest";

import { liveEvaluation } from "../../src/app/evaluate-live.ts";
import { type Scoring, startScoring } from "../../src/app/start-scoring.ts";
import { configSchema } from "../../src/config/schema.ts";
import { systemClock } from "../../src/core/clock.ts";
import type { Job } from "../../src/core/queue.ts";
import type { Sink } from "../../src/core/sink.ts";
import { defineJudge } from "../../src/judges/define-judge.ts";
import { openai } from "../../src/judges/openai.ts";
import { type ModelServer, startModelServer } from "../../src/llmwire/model-server.ts";
import { readSpans } from "../../src/otlp/read-spans.ts";
import { splitByTrace } from "../../src/otlp/split-by-trace.ts";
import { MemoryLimiter } from "../../src/store/memory-limiter.ts";
import { openDatabase } from "../../src/store/open-database.ts";
import { SqliteQueue } from "../../src/store/sqlite-queue.ts";
import { SqliteStore } from "../../src/store/sqlite-store.ts";
import { SqliteTraceBuffer } from "../../src/store/sqlite-trace-buffer.ts";
import { makeTrace } from "../../src/testing/index.ts";
import { idOf, run } from "../cli/agent-traces.ts";
import { POLICY } from "../contracts/trace-buffer.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";

const NUMBERS = Array.from({ length: 12 }, (_, index) => index + 1);

/** Counts the calls that asked for a turn, by lane. */
class CountingLimiter extends MemoryLimiter {
  readonly entered = new Map<string, number>();

  override enter(...[lane, ...more]: Parameters<MemoryLimiter["enter"]>) {
    this.entered.set(lane, (this.entered.get(lane) ?? 0) + 1);
    return super.enter(lane, ...more);
  }
}

describe("scorers with judges of their own, no judge being configured", () => {
  const folder = { path: "", remove: () => {} };
  const closing: (() => Promise<unknown>)[] = [];
  const audited: Uint8Array[] = [];
  let server: ModelServer;
  let workers: Scoring[];
  let limiter: CountingLimiter;

  beforeEach(async () => {
    Object.assign(folder, temporaryFolder());
    workers = [];
    audited.length = 0;
    limiter = new CountingLimiter({}, systemClock);
    server = await startModelServer({
      reply: () => ({
        text: JSON.stringify({ rationale: "Yes.", evidence: [], label: "yes" }),
        usage: { inputTokens: 100, outputTokens: 10 },
      }),
    });
  });
  afterEach(async () => {
    for (const worker of workers) await worker.stop(5_000);
    for (const close of closing.splice(0).toReversed()) await close();
    await server.close();
    folder.remove();
  });

  /** Two processes on one state, each with judge objects of its own. */
  async function startTwo(): Promise<ReturnType<typeof openParts>> {
    const [first] = [await startOne(), await startOne()];
    return first;
  }

  function openParts() {
    const database = openDatabase(folder.path);
    const queue = new SqliteQueue(database);
    closing.push(async () => {
      await queue.close();
      database.close();
    });
    return { store: new SqliteStore(database), queue, buffer: new SqliteTraceBuffer(database) };
  }

  function configOf(sinks: readonly Sink[]) {
    const judge = (model: string) =>
      openai({ model, baseURL: server.openaiBaseUrl, env: { OPENAI_API_KEY: "k" } });
    const ask = { question: "Done?", labels: { yes: 1, no: 0 } };
    const scorers = [
      defineJudge("resolved", { ...ask, judge: judge("gpt-4o-mini") }),
      defineJudge("polite", { ...ask, judge: judge("gpt-4o") }),
    ];
    return configSchema.parse({ scorers, sinks, sampling: false, worker: { stuckMs: 0 } });
  }

  async function startOne(): Promise<ReturnType<typeof openParts>> {
    const parts = openParts();
    const sink: Sink = {
      name: "audit",
      write: async () => {},
      judgeCalls: async (spans) => void audited.push(spans),
      close: async () => {},
    };
    const config = configOf([sink]);
    const assembler = { accept: async () => {}, signal: async () => {} };
    const rest = { environment: {}, assembler, limiter, onFault: () => {}, wakeDelivery: () => {} };
    workers.push(await startScoring({ config, ...rest, ...parts }));
    return parts;
  }

  it("pays once where two workers judge one trace at the same time, again and again", async () => {
    const evaluations = [openParts(), openParts()].map(({ store }) => {
      const rest = { environment: {}, limiter, onPaused: () => {}, beat: () => {} };
      return liveEvaluation({ config: configOf([]), store, ...rest });
    });
    const trace = makeTrace();
    const { signal } = new AbortController();
    const scored = [...evaluations, ...evaluations].map(({ scorers, score }) =>
      score({ trace }, scorers, signal),
    );
    const values = (await Promise.all(scored)).flat().map(({ value }) => value);

    expect(values).toEqual(Array(8).fill(1));
    expect(server.requests()).toHaveLength(2);
  });

  it("pays once for each question over redeliveries and two workers, in turn, and tells of every call", async () => {
    const { store, queue, buffer } = await startTwo();
    for (const number of NUMBERS) {
      const body = run({ traceId: idOf(number), question: `Where is order ${number}?` });
      await buffer.append(splitByTrace(body).fragments, 0);
      await buffer.signal(idOf(number), 0);
    }
    const sealed = await buffer.seal(1_000, POLICY, 1_000);
    const jobs = sealed.map(({ traceId, revision }): Job => ({ v: 1, traceId, revision, from: "buffer" }));
    const scorers = ["resolved", "polite"];
    const again = jobs.map((job): Job => ({ ...job, from: "store", scorers }));
    await queue.enqueue([...jobs, ...jobs]);
    await buffer.enqueued(sealed);
    const states = async () => {
      const rows = await Promise.all(NUMBERS.map((number) => store.ledger(idOf(number))));
      return rows.flat().filter(({ state }) => state === "scored").length;
    };
    const limits = { timeout: 20_000, interval: 50 };
    await expect.poll(states, limits).toBe(2 * NUMBERS.length);
    await queue.enqueue([...jobs, ...again]);
    const left = async () => {
      const { waiting, active, delayed } = await queue.counts();
      return waiting + active + delayed;
    };
    await expect.poll(left, limits).toBe(0);

    const byModel = Map.groupBy(server.requests(), ({ model }) => model);
    expect([...byModel].map(([model, calls]) => [model, calls.length]).toSorted()).toEqual([
      ["gpt-4o", NUMBERS.length],
      ["gpt-4o-mini", NUMBERS.length],
    ]);
    expect([...limiter.entered.values()]).toEqual([NUMBERS.length, NUMBERS.length]);
    expect(await store.meanCost("polite")).toMatchObject({ answers: NUMBERS.length });
    for (const worker of workers.splice(0)) await worker.stop(5_000);
    const calls = audited.flatMap((spans) => readSpans(spans));
    expect(calls).toHaveLength(2 * NUMBERS.length);
  }, 60_000);
});
