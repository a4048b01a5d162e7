import { zstdDecompressSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import { TracegateError } from "../../src/core/errors.ts";
import type { Job } from "../../src/core/queue.ts";
import type { SamplingDecision } from "../../src/core/sampling.ts";
import { type ProcessTraceOptions, processTrace, TRACE_ITSELF } from "../../src/pipeline/process-trace.ts";
import { openDatabase } from "../../src/store/open-database.ts";
import { SqliteStore } from "../../src/store/sqlite-store.ts";
import { SqliteTraceBuffer } from "../../src/store/sqlite-trace-buffer.ts";
import type { StateDatabase } from "../../src/store/state-database.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";
import { scoreOf } from "../contracts/store.ts";
import { POLICY } from "../contracts/trace-buffer.ts";
import { makeFragment, spanNumbersIn, traceIdOf } from "../store/make-fragment.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";

describe("processTrace", () => {
  const folder = { path: "", remove: () => {} };
  const traceId = traceIdOf(1);
  const job: Job = { v: 1, traceId, revision: 1, from: "buffer" };
  const never = new AbortController().signal;
  let database: StateDatabase;
  let store: SqliteStore;
  let buffer: SqliteTraceBuffer;
  let evaluated: number;
  let options: ProcessTraceOptions;
  beforeEach(() => {
    Object.assign(folder, temporaryFolder());
    database = openDatabase(folder.path);
    store = new SqliteStore(database);
    const stored = async (id: string) => (await store.trace(id))?.payload ?? null;
    buffer = new SqliteTraceBuffer(database, { stored });
    evaluated = 0;
    options = {
      buffer,
      store,
      readTrace: (spans, { revision, completion }) =>
        makeTrace({ traceId, revision, name: `${spans.length} spans`, ...(completion && { completion }) }),
      evaluate: async () => {
        evaluated += 1;
        return { scores: [scoreOf("calm", 1)] };
      },
      sinkNames: ["otlp"],
      clock: { now: () => 50_000 },
    };
  });
  afterEach(() => {
    database.close();
    folder.remove();
  });

  const seal = async (id: number, at: number) => {
    await buffer.append([makeFragment(traceId, [{ id, ...(id > 1 && { parent: 1 }) }])], at);
    await buffer.seal(at + 10_000, POLICY, 10);
  };

  it("keeps what people had said in the trace itself as labels, and what models said not", async () => {
    const root = { spanId: "0000000000000001" };
    const annotations = [
      { ...root, name: "helpful", label: "thumbs down", explanation: "wrong date", annotatorKind: "HUMAN" },
      { ...root, name: "resolved", value: 1, annotatorKind: "human" },
      { ...root, name: "tone", label: "so so", annotatorKind: "HUMAN" },
      { ...root, name: "groundedness", value: 1, annotatorKind: "LLM" },
    ];
    await seal(1, 0);
    await processTrace(job, { ...options, readTrace: () => makeTrace({ traceId, annotations }) }, never);
    const labels = await store.labels({ after: null, limit: 9 });
    expect(labels.map(({ scorer, passed, source, note }) => [scorer, passed, source, note])).toEqual([
      ["helpful", false, "annotation", "wrong date"],
      ["resolved", true, "annotation", undefined],
    ]);
  });

  it("stores scores, spans, root attributes and deliveries, and lets the buffer go", async () => {
    await seal(1, 0);
    expect(await processTrace(job, options, never)).toBe("scored");
    const trace = await store.trace(traceId);
    expect(trace?.summary).toMatchObject({
      revision: 1,
      completion: "root-ended",
      name: "1 spans",
      scoredAt: 50_000,
    });
    expect(trace?.scores).toEqual([scoreOf("calm", 1)]);
    expect(trace?.rootAttributes).toMatchObject({ "tracegate.score.calm": 1, "tracegate.revision": 1 });
    expect(spanNumbersIn([zstdDecompressSync(trace?.payload ?? new Uint8Array())])).toEqual([1]);
    expect(await store.outbox(50_000, 9, { holder: "test", leaseMs: 1_000 })).toMatchObject([
      { sink: "otlp", revision: 1 },
    ]);
    expect(await buffer.counts()).toMatchObject({ open: 0, sealed: 0 });
  });

  it("stores the frame the buffer has, and compresses itself what was redacted or joined", async () => {
    const text = "write to ann@example.com again ".repeat(400);
    const sealLarge = async (id: number, at: number) => {
      await buffer.append([makeFragment(traceId, [{ id, ...(id > 1 && { parent: 1 }), text }])], at);
      await buffer.seal(at + 10_000, POLICY, 10);
    };
    const stored = async () => Buffer.from((await store.trace(traceId))?.payload ?? new Uint8Array());
    await sealLarge(1, 0);
    const { frame } = (await buffer.read(traceId, 1)) ?? {};
    await processTrace(job, options, never);
    expect((await stored()).equals(frame ?? new Uint8Array())).toBe(true);
    await sealLarge(2, 20_000);
    await processTrace({ ...job, revision: 2 }, { ...options, redact: true }, never);
    const redacted = zstdDecompressSync(await stored());
    expect([spanNumbersIn([redacted]), redacted.includes("ann@example.com")]).toEqual([[1, 2], false]);
  });

  it("recognises finished work in the store and spends nothing on it again", async () => {
    await seal(1, 0);
    await processTrace(job, options, never);
    expect(await processTrace(job, options, never)).toBe("known");
    expect(evaluated).toBe(1);
  });

  it("leaves a purged trace alone, and one that is purged in the middle of it without a rest", async () => {
    await seal(1, 0);
    const purge = () => store.purge({ traceId }, { at: 10_000, until: 60_000 });
    const evaluate = async () => {
      await purge();
      await store.beginAnswer("k", { holder: "t", leaseMs: 1, now: 1, scorer: "judged", subject: traceId });
      return { scores: [scoreOf("calm", 1)] };
    };
    expect(await processTrace(job, { ...options, evaluate }, never)).toBe("purged");
    expect(await store.trace(traceId)).toBeNull();
    expect(await store.toPurge({ traceId })).toEqual({ traces: [], answers: 0 });
    expect(await processTrace(job, options, never)).toBe("purged");
    expect(evaluated).toBe(0);
  });

  it("lays no job down whose spans a purge took away", async () => {
    await seal(1, 0);
    const evaluate = async () => {
      await store.purge({ traceId }, { at: 10_000, until: 60_000 });
      throw new Error("no spans");
    };
    expect(await processTrace(job, { ...options, evaluate }, never)).toBe("purged");
    expect(await store.ledger(traceId)).toEqual([]);
  });

  it("releases the buffer also when it died between storing and releasing", async () => {
    await seal(1, 0);
    vi.spyOn(buffer, "release").mockResolvedValueOnce();
    await processTrace(job, options, never);
    expect(await buffer.counts()).toMatchObject({ sealed: 1 });
    expect(await processTrace(job, options, never)).toBe("known");
    expect(await buffer.counts()).toMatchObject({ sealed: 0 });
  });

  it("scores the next revision with all spans, and skips an older one that comes after it", async () => {
    await seal(1, 0);
    await seal(2, 20_000);
    expect(await processTrace({ ...job, revision: 2 }, options, never)).toBe("scored");
    expect(await processTrace(job, options, never)).toBe("known");
    await seal(3, 40_000);
    expect(await processTrace({ ...job, revision: 3 }, options, never)).toBe("scored");
    expect((await store.trace(traceId))?.summary).toMatchObject({ revision: 3, name: "3 spans" });
  });

  it("gives up a trace that cannot be read, with the reason in the ledger", async () => {
    await buffer.append(
      [{ ...makeFragment(traceId, [{ id: 1 }]), bytes: Buffer.from("not OTLP at all") }],
      0,
    );
    await buffer.seal(10_000, POLICY, 10);
    const broken = processTrace(job, options, never);
    await expect(broken).rejects.toMatchObject({ code: "bad-input", retryable: false });
    expect(await store.ledger(traceId)).toMatchObject([
      { scorer: TRACE_ITSELF, state: "failed", code: "bad-input", retryAt: null },
    ]);
  });

  it("says so when the spans are gone and were never scored", async () => {
    await expect(processTrace(job, options, never)).rejects.toMatchObject({ code: "not-found" });
    expect(await store.ledger(traceId)).toMatchObject([{ code: "not-found", state: "failed" }]);
  });

  it("keeps the spans, and writes nothing, when something is away for now", async () => {
    await seal(1, 0);
    const evaluate = async () => {
      throw new TracegateError("unavailable", "The store is away.", { retryable: true });
    };
    await expect(processTrace(job, { ...options, evaluate }, never)).rejects.toMatchObject({
      retryable: true,
    });
    expect([await store.ledger(traceId), await store.revision(traceId)]).toEqual([[], 0]);
    expect(await buffer.counts()).toMatchObject({ sealed: 1 });
  });

  it("says until when the spans stay, which depends on whether the trace is in the sample", async () => {
    const retention = { sampledMs: 7_000, leftOutMs: 30 };
    const evaluated = async (sampling: SamplingDecision) => {
      await seal(sampling.sampled ? 1 : 2, sampling.sampled ? 0 : 20_000);
      const evaluate = async () => ({ scores: [], sampling });
      const revision = sampling.sampled ? 1 : 2;
      await processTrace({ ...job, revision }, { ...options, evaluate, retention }, never);
      return (await store.trace(traceId))?.summary;
    };
    const taken: SamplingDecision = { sampled: true, probability: 1, reason: "error" };
    expect(await evaluated(taken)).toMatchObject({ sampling: taken, spansUntil: 57_000 });
    const leftOut: SamplingDecision = { sampled: false, probability: 0.1, reason: "left-out" };
    expect(await evaluated(leftOut)).toMatchObject({ sampling: leftOut, spansUntil: 50_030 });
  });

  it("tells of the decision on the revision before", async () => {
    const told: unknown[] = [];
    const sampling: SamplingDecision = { sampled: true, probability: 0.1, reason: "rate" };
    const evaluate: ProcessTraceOptions["evaluate"] = async (_subject, _signal, earlier) => {
      told.push(earlier);
      return { scores: [], sampling };
    };
    await seal(1, 0);
    await processTrace(job, { ...options, evaluate }, never);
    await seal(2, 20_000);
    await processTrace({ ...job, revision: 2 }, { ...options, evaluate }, never);
    expect(told).toEqual([undefined, sampling]);
  });

  it("lets what was said of a whole trace stand when spans come after its spans were let go", async () => {
    await seal(1, 0);
    const evaluate = async () => ({
      scores: [scoreOf("calm", 1)],
      sampling: { sampled: false, probability: 0.1, reason: "left-out" } as const,
    });
    const retention = { sampledMs: 7_000, leftOutMs: 30 };
    await processTrace(job, { ...options, evaluate, retention, sinkNames: [] }, never);
    expect(await store.dropPayloads(60_000, 9)).toBe(1);
    await seal(2, 20_000);
    expect(await processTrace({ ...job, revision: 2 }, options, never)).toBe("too-late");
    expect(evaluated).toBe(0);
    expect((await store.trace(traceId))?.summary).toMatchObject({ revision: 1, name: "1 spans" });
    expect((await store.ledger(traceId)).at(-1)).toMatchObject({
      scorer: TRACE_ITSELF,
      revision: 2,
      state: "filtered",
      code: "too-late",
      reason:
        "Spans came after the earlier ones had been let go at 1970-01-01T00:00:50.030Z; the scores of revision 1 stand.",
    });
    expect(await buffer.counts()).toMatchObject({ sealed: 0 });
  });

  it("plans the next try of an unscored judge in the ledger", async () => {
    await seal(1, 0);
    const unscored = { code: "rate-limited", retryAt: 60_000 } as const;
    const evaluate = async () => ({
      scores: [scoreOf("judged", null, { unscored, explanation: "Too many requests." })],
    });
    await processTrace(job, { ...options, evaluate }, never);
    expect(await store.ledger(traceId)).toMatchObject([
      { scorer: "judged", state: "waiting", code: "rate-limited", retryAt: 60_000 },
    ]);
  });
});
