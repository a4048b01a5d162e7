import { zstdCompressSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { Job } from "../../src/core/queue.ts";
import type { Score } from "../../src/core/score.ts";
import type { Scorer } from "../../src/core/scorer.ts";
import { heedPauses } from "../../src/pipeline/heed-pauses.ts";
import { type RescoringLoop, startRescoring } from "../../src/pipeline/rescore-loop.ts";
import { type RescoreOptions, rescoreTrace } from "../../src/pipeline/rescore-trace.ts";
import { openDatabase } from "../../src/store/open-database.ts";
import { SqliteQueue } from "../../src/store/sqlite-queue.ts";
import { SqliteStore } from "../../src/store/sqlite-store.ts";
import type { StateDatabase } from "../../src/store/state-database.ts";
import { makeTrace } from "../../src/testing/make-trace.ts";
import { scoredTrace, scoreOf } from "../contracts/store.ts";
import { makeFragment, traceIdOf } from "../store/make-fragment.ts";
import { temporaryFolder } from "../store/temporary-folder.ts";

const traceId = traceIdOf(1);
const never = new AbortController().signal;
const waiting = { code: "provider-down", retryAt: 5_000 } as const;
const judge = (name: string, version = "1"): Scorer => ({
  ...{ name, version, kind: "judge", passAt: 0.5, description: "" },
  score: () => Promise.reject(new Error("not called")),
});

describe("trying judges again", () => {
  const folder = { path: "", remove: () => {} };
  const clock = { time: 10_000, now: () => clock.time };
  let database: StateDatabase;
  let store: SqliteStore;
  let asked: string[];
  let answers: { [scorer: string]: Partial<Score> };
  let options: RescoreOptions;
  beforeEach(() => {
    Object.assign(folder, temporaryFolder());
    clock.time = 10_000;
    database = openDatabase(folder.path);
    store = new SqliteStore(database);
    asked = [];
    answers = {};
    options = {
      store,
      clock,
      random: () => 0,
      sinkNames: ["otlp"],
      scorers: [judge("a"), judge("b"), judge("c")],
      retries: { attempts: 3, baseMs: 1_000, maxMs: 60_000 },
      readTrace: (spans, { revision }) => makeTrace({ traceId, revision, name: `${spans.length} spans` }),
      evaluate: async (_subject, scorers) => {
        asked.push(...scorers.map(({ name }) => name));
        return scorers.map(({ name, version }) =>
          scoreOf(name, 1, { kind: "judge", version, ...answers[name] }),
        );
      },
    };
  });
  afterEach(() => {
    database.close();
    folder.remove();
  });

  const job = (...scorers: string[]): Job => ({ v: 1, traceId, revision: 1, from: "store", scorers });
  const save = async (scores: readonly Score[], payload: boolean = true) => {
    const bytes = zstdCompressSync(makeFragment(traceId, [{ id: 1 }, { id: 2, parent: 1 }]).bytes);
    await store.saveScored({ ...scoredTrace(traceId, 1, scores), payload: payload ? bytes : null });
  };
  const unscored = (name: string, more: Partial<Score> = {}) =>
    scoreOf(name, null, { kind: "judge", unscored: waiting, ...more });
  const rows = async () =>
    Object.fromEntries((await store.ledger(traceId)).map((row) => [`${row.scorer} ${row.version}`, row]));

  it("runs only what waits and is named, keeps the chance of being picked, and tells the sinks", async () => {
    await save([unscored("a", { inclusionProbability: 0.25 }), unscored("b"), scoreOf("c", 0)]);
    const first = await store.outbox(1e12, 9, { holder: "test", leaseMs: 1 });
    await store.delivered(first, 1);
    const result = await rescoreTrace(job("a", "c", "unknown"), options, never);
    expect(asked).toEqual(["a"]);
    expect(result).toMatchObject({ trace: { name: "2 spans" }, scores: [{ name: "a", value: 1 }] });
    const stored = await store.trace(traceId);
    expect(stored?.scores.find(({ name }) => name === "a")).toMatchObject({
      value: 1,
      inclusionProbability: 0.25,
    });
    expect(stored?.rootAttributes).toMatchObject({ "tracegate.score.a": 1 });
    expect(await rows()).toMatchObject({
      "a 1": { state: "scored", attempts: 2 },
      "b 1": { state: "waiting" },
    });
    expect(await store.outbox(1e12, 9, { holder: "test", leaseMs: 1 })).toMatchObject([{ revision: 1 }]);
    expect(await rescoreTrace(job("a"), options, never)).toBeNull();
    expect(asked).toEqual(["a"]);
  });

  it("only notes a judge that has to wait again, with one more try, and gives up in the end", async () => {
    await save([unscored("a")]);
    await store.delivered(await store.outbox(1e12, 9, { holder: "test", leaseMs: 1 }), 1);
    answers = { a: { value: null, unscored: { code: "provider-down" }, explanation: "Away." } };
    await rescoreTrace(job("a"), options, never);
    expect((await rows())["a 1"]).toMatchObject({
      state: "waiting",
      code: "provider-down",
      attempts: 2,
      retryAt: 11_000,
    });
    expect(await store.outbox(1e12, 9, { holder: "test", leaseMs: 1 })).toEqual([]);
    await rescoreTrace(job("a"), options, never);
    expect((await rows())["a 1"]).toMatchObject({ state: "failed", attempts: 3, retryAt: null });
  });

  it("says why it cannot try: no such scorer any more, no spans any more", async () => {
    await save([unscored("gone"), unscored("a")], false);
    expect(await rescoreTrace(job("gone", "a"), options, never)).toBeNull();
    expect(await rows()).toMatchObject({
      "gone 1": { state: "failed", code: "config", reason: expect.stringContaining("configured any more") },
      "a 1": { state: "failed", code: "not-found", reason: expect.stringContaining("no longer kept") },
    });
    expect(asked).toEqual([]);
  });

  it("closes the row of an older version of the scorer, which nobody would come back for", async () => {
    await save([unscored("a")]);
    await rescoreTrace(job("a"), { ...options, scorers: [judge("a", "2")] }, never);
    expect(await rows()).toMatchObject({ "a 1": { state: "superseded" }, "a 2": { state: "scored" } });
  });

  it("leaves a revision alone that a newer one has replaced", async () => {
    await save([unscored("a")]);
    await store.saveScored(scoredTrace(traceId, 2, [unscored("a")]));
    expect(await rescoreTrace(job("a"), options, never)).toBeNull();
  });

  it("asks nobody for a paused scorer, pauses one whose provider refuses every trace, and tells", async () => {
    const told: string[] = [];
    const parts = { store, clock, onPaused: ({ scorer }: { scorer: string }) => void told.push(scorer) };
    await store.pause({ scorer: "a", reason: "No money.", at: 0 });
    answers = { b: { value: null, unscored: { code: "key-refused" }, explanation: "Wrong key." } };
    const run = (free: readonly Scorer[]) => options.evaluate({ trace: makeTrace() }, free, never);
    const scores = await heedPauses(options.scorers, run, parts);
    expect(asked).toEqual(["b", "c"]);
    expect(scores.map(({ name, unscored: why }) => [name, why?.code])).toEqual([
      ["a", "paused"],
      ["b", "key-refused"],
      ["c", undefined],
    ]);
    expect(scores[0]?.explanation).toBe("Paused since 1970-01-01T00:00:00.000Z: No money.");
    expect(told).toEqual(["b"]);
    expect((await store.pauses()).map(({ scorer, reason }) => `${scorer}: ${reason}`)).toEqual([
      "a: No money.",
      "b: Wrong key.",
    ]);
  });

  describe("the loop", () => {
    let loop: RescoringLoop;
    let queue: SqliteQueue;
    const jobs: Job[] = [];
    const start = (more = {}) => {
      jobs.length = 0;
      queue = new SqliteQueue(database);
      const seen = {
        enqueue: async (some: readonly Job[]) => void jobs.push(...some),
        counts: () => queue.counts(),
      };
      loop = startRescoring({ store, queue: seen, clock, scorers: ["a", "b"], sweepMs: 20, ...more });
    };
    afterEach(() => loop.stop());

    it("queues a job for each trace that is due, with all its scorers, and not before", async () => {
      clock.time = 4_000;
      await save([unscored("a"), unscored("b"), scoreOf("c", 1)]);
      start();
      const rounds = vi.spyOn(store, "claimDue");
      await vi.waitFor(() => expect(rounds.mock.calls.length).toBeGreaterThan(3));
      expect(jobs).toEqual([]);
      clock.time = 5_000;
      await vi.waitFor(() => expect(jobs).toHaveLength(1));
      expect({ ...jobs[0], scorers: [...(jobs[0]?.scorers ?? [])].sort() }).toEqual(job("a", "b"));
    });

    it("adds nothing to a long queue, so that new traces come first", async () => {
      await save([unscored("a")]);
      const waiting: Job = { v: 1, traceId: traceIdOf(9), revision: 1, from: "buffer" };
      await new SqliteQueue(database).enqueue([waiting]);
      start({ maxQueued: 1 });
      const rounds = vi.spyOn(queue, "counts");
      await vi.waitFor(() => expect(rounds.mock.calls.length).toBeGreaterThan(3));
      expect(jobs).toEqual([]);
    });

    it("makes up for a trace that was left paused after its scorer had been resumed", async () => {
      await save([scoreOf("a", null, { kind: "judge", unscored: { code: "paused" } })]);
      start();
      await vi.waitFor(() => expect(jobs).toEqual([job("a")]));
    });

    it("leaves the traces of a paused scorer alone", async () => {
      await store.pause({ scorer: "a", reason: "No money.", at: 0 });
      await save([scoreOf("a", null, { kind: "judge", unscored: { code: "paused" } }), unscored("b")]);
      start();
      await vi.waitFor(() => expect(jobs).toEqual([job("b")]));
      expect((await rows())["a 1"]?.state).toBe("paused");
    });

    it("goes on after a fault of the store, and tells of it", async () => {
      await save([unscored("a")]);
      const faults: unknown[] = [];
      vi.spyOn(store, "claimDue").mockRejectedValueOnce(new Error("away"));
      start({ onFault: (error: unknown) => void faults.push(error) });
      await vi.waitFor(() => expect(jobs).toHaveLength(1), { timeout: 5_000 });
      expect(faults).toEqual([new Error("away")]);
    });
  });
});
