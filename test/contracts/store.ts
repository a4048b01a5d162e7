import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { OutboxRow } from "../../src/core/outbox.ts";
import type { Score } from "../../src/core/score.ts";
import type { LedgerRow, ScoredTrace, Store, StoredScore, TraceSummary } from "../../src/core/store.ts";

/** One place a store lives in, outliving the store objects on it. */
export interface StorePlace {
  /** Opens the store; the one opened before is as good as killed, or goes on beside it. */
  open(): Promise<Store>;
  /** Rows in each of the store's tables. */
  rows(): Promise<{ readonly [table: string]: number }>;
  remove(): Promise<void>;
}

export const A = "a".repeat(32);
export const B = "b".repeat(32);

export function scoreOf(name: string, value: number | null, more: Partial<Score> = {}): Score {
  return {
    name,
    version: "1",
    kind: "rule",
    value,
    label: null,
    explanation: null,
    evidence: [],
    unscored: value === null ? { code: "not-applicable" } : null,
    passAt: 0.5,
    metadata: {},
    ...more,
  };
}

export function scoredTrace(
  traceId: string,
  revision: number,
  scores: readonly Score[],
  more: Partial<TraceSummary> & { readonly sinks?: readonly string[] } = {},
): ScoredTrace {
  const { sinks = ["otlp"], ...fields } = more;
  const rootAttributes = Object.fromEntries(
    scores.map(({ name, value }) => [`tracegate.score.${name}`, value]),
  );
  const summary: TraceSummary = {
    traceId,
    revision,
    completion: "root-ended",
    rootSpanId: "1".repeat(16),
    name: "run",
    service: null,
    agent: "support",
    agentVersion: null,
    sessionId: null,
    userId: null,
    startTime: 1_000.25,
    durationMs: 12.5,
    spans: 3,
    inputTokens: null,
    outputTokens: 7,
    costUsd: 0.001,
    errors: 0,
    scoredAt: 5_000.5,
    ...fields,
  };
  return { summary, scores, rootAttributes, payload: new Uint8Array([40, revision, 255]), sinks };
}

/** The due deliveries, taken and given back. */
async function lookInto(store: Store, now: number, limit = 9): Promise<readonly OutboxRow[]> {
  const rows = await store.outbox(now, limit, { holder: "looker", leaseMs: 1 });
  await store.releaseDeliveries("looker");
  return rows;
}

const LEASE = { holder: "test", leaseMs: 60_000 };

/** What every {@link Store} does. */
export function storeContract(name: string, newPlace: () => Promise<StorePlace>): void {
  describe(`${name} as a store`, () => {
    let place: StorePlace;
    let store: Store;
    beforeEach(async () => {
      place = await newPlace();
      store = await place.open();
    });
    afterEach(() => place.remove());

    const passing = scoreOf("calm", 1);
    const failing = scoreOf("tool-errors", 0, { explanation: "It failed.", evidence: ["2".repeat(16)] });

    it("gives a scored trace back as it was, over a kill too", async () => {
      const { sinks: _, ...wanted } = scoredTrace(A, 1, [passing, failing]);
      await store.saveScored(scoredTrace(A, 1, [passing, failing]));
      store = await place.open();
      expect(await store.trace(A)).toEqual(wanted);
      expect(await store.revision(A)).toBe(1);
      expect([await store.trace(B), await store.revision(B)]).toEqual([null, 0]);
      expect(await store.counts()).toEqual({ traces: 1, scores: 2, outbox: 1 });
    });

    it("is the same when the same scored trace is saved twice", async () => {
      await store.saveScored(scoredTrace(A, 1, [passing, failing]));
      const all = async () => [await store.trace(A), await store.ledger(A), await store.deliveries(A)];
      const before = await all();
      await store.saveScored(scoredTrace(A, 1, [passing, failing]));
      expect(await all()).toEqual(before);
      expect(await lookInto(store, 9_999)).toHaveLength(1);
    });

    it("replaces an older revision whole, and never lets an older one come back", async () => {
      await store.saveScored(scoredTrace(A, 1, [passing, failing]));
      await store.saveScored(scoredTrace(A, 2, [scoreOf("calm", 0.2)]));
      await store.saveScored(scoredTrace(A, 1, [passing, failing]));
      const { sinks: _, ...wanted } = scoredTrace(A, 2, [scoreOf("calm", 0.2)]);
      expect(await store.trace(A)).toEqual(wanted);
      expect(await store.counts()).toEqual({ traces: 1, scores: 1, outbox: 1 });
      expect((await lookInto(store, 9_999)).map(({ revision }) => revision)).toEqual([2]);
    });

    it("adds a score that comes later to the same revision, and tells the sinks again", async () => {
      await store.saveScored(scoredTrace(A, 1, [passing, scoreOf("judged", null)]));
      await store.delivered(await store.outbox(9_999, 9, LEASE), 6_000);
      expect(await lookInto(store, 9_999)).toEqual([]);
      await store.saveScored(scoredTrace(A, 1, [scoreOf("judged", 1)], { scoredAt: 7_000 }));
      const trace = await store.trace(A);
      expect(trace?.scores.map(({ name, value }) => [name, value])).toEqual([
        ["calm", 1],
        ["judged", 1],
      ]);
      expect(trace?.rootAttributes).toEqual({ "tracegate.score.calm": 1, "tracegate.score.judged": 1 });
      expect(await lookInto(store, 9_999)).toHaveLength(1);
    });

    it("does not mark newer content as delivered by a delivery that began before it", async () => {
      await store.saveScored(scoredTrace(A, 1, [passing]));
      const begun = await store.outbox(9_999, 9, LEASE);
      await store.saveScored(scoredTrace(A, 1, [failing]));
      expect(await lookInto(store, 9_999)).toEqual([]);
      await store.delivered(begun, 6_000);
      expect(await lookInto(store, 9_999)).toHaveLength(1);
    });

    it("lists by start, all or failing, since and up to a number", async () => {
      await store.saveScored(scoredTrace(A, 1, [passing], { startTime: 3_000 }));
      await store.saveScored(scoredTrace(B, 1, [passing, failing], { startTime: 2_000 }));
      await store.saveScored(scoredTrace("c".repeat(32), 1, [scoreOf("judged", null)], { startTime: 1_000 }));
      const ids = async (filter: Parameters<Store["list"]>[0]) =>
        (await store.list(filter)).map(({ traceId }) => traceId[0]).join("");
      expect(await ids({})).toBe("cba");
      expect(await ids({ failing: true })).toBe("b");
      expect(await ids({ since: 2_000 })).toBe("ba");
      expect(await ids({ limit: 2 })).toBe("cb");
      expect((await store.list({ failing: true }))[0]).toEqual(
        scoredTrace(B, 1, [], { startTime: 2_000 }).summary,
      );
      await store.saveScored(scoredTrace(B, 2, [passing], { startTime: 2_000 }));
      expect(await ids({ failing: true })).toBe("");
    });

    it("gives the scores of all traces page by page, each once, also those of a trace that a page ends in", async () => {
      const names = ["calm", "judged", "polite"];
      for (const [traceId, startTime] of [
        [B, 1_000],
        [A, 2_000],
        ["c".repeat(32), 500],
      ] as const) {
        const scores = names.map((each) => scoreOf(each, 1, { inclusionProbability: 0.1 }));
        await store.saveScored(scoredTrace(traceId, 1, scores, { startTime }));
      }
      const pages: string[][] = [];
      let after: StoredScore | null = null;
      do {
        const page: readonly StoredScore[] = await store.scores({ since: 1_000, after, limit: 4 });
        pages.push(page.map((score) => `${score.traceId[0]} ${score.name} ${score.inclusionProbability}`));
        after = page.at(-1) ?? null;
      } while (after !== null);
      const of = (letter: string) => names.map((each) => `${letter} ${each} 0.1`);
      expect(pages).toEqual([[...of("a"), ...of("b").slice(0, 1)], of("b").slice(1), []]);
    });

    it("finds ids by their beginning and by nothing else", async () => {
      const ids = ["ab00", "ab01", "ac00"].map((start) => start.padEnd(32, "0"));
      for (const id of ids) await store.saveScored(scoredTrace(id, 1, []));
      expect(await store.find("AB", 10)).toEqual(ids.slice(0, 2));
      expect(await store.find("ab0", 1)).toEqual(ids.slice(0, 1));
      expect(await store.find(ids[2] ?? "", 10)).toEqual([ids[2]]);
      for (const nothing of ["b", "%", "ab'", `${ids[0]}0`])
        expect(await store.find(nothing, 10)).toEqual([]);
    });

    it("keeps a ledger row per score and revision: scored, filtered, waiting, superseded", async () => {
      const waiting = scoreOf("judged", null, {
        unscored: { code: "provider-down", retryAt: 9_000.5 },
        explanation: "The provider asks to wait.",
      });
      await store.saveScored(scoredTrace(A, 1, [passing, waiting, scoreOf("quiet", null)]));
      const row = { subject: A, revision: 1, version: "1", attempts: 1, at: 5_000.5 };
      expect(await store.ledger(A)).toEqual([
        { ...row, scorer: "calm", state: "scored", code: null, reason: null, retryAt: null },
        {
          ...row,
          scorer: "judged",
          state: "waiting",
          code: "provider-down",
          reason: "The provider asks to wait.",
          retryAt: 9_000.5,
        },
        { ...row, scorer: "quiet", state: "filtered", code: "not-applicable", reason: null, retryAt: null },
      ]);
      await store.saveScored(scoredTrace(A, 1, [scoreOf("judged", 1)], { scoredAt: 9_100 }));
      expect((await store.ledger(A))[1]).toMatchObject({ state: "scored", attempts: 2, retryAt: null });
      await store.saveScored(scoredTrace(A, 2, [passing]));
      expect((await store.ledger(A)).map(({ revision, state }) => `${revision} ${state}`)).toEqual([
        ...["1 superseded", "1 superseded", "1 superseded"],
        "2 scored",
      ]);
    });

    it("records decisions of their own, also for a trace that never arrived", async () => {
      const row: LedgerRow = {
        subject: B,
        revision: 1,
        scorer: "(trace)",
        version: "1",
        state: "failed",
        code: "bad-input",
        reason: "Byte 7 is not OTLP.",
        attempts: 1,
        at: 1.5,
        retryAt: null,
      };
      await store.record([row, { ...row, scorer: "other" }]);
      await store.record([{ ...row, attempts: 2 }]);
      expect(await store.ledger(B)).toEqual([
        { ...row, attempts: 2 },
        { ...row, scorer: "other" },
      ]);
    });

    it("hands out deliveries that are due, the oldest first, until they are delivered or given up", async () => {
      await store.saveScored(scoredTrace(A, 1, [passing], { scoredAt: 200, sinks: ["one", "two"] }));
      await store.saveScored(scoredTrace(B, 1, [passing], { scoredAt: 100, sinks: ["one"] }));
      expect(await lookInto(store, 99)).toEqual([]);
      expect(await lookInto(store, 200, 1)).toHaveLength(1);
      const due = await store.outbox(200, 9, LEASE);
      expect(due.map(({ sink, traceId }) => `${sink} ${traceId[0]}`)).toEqual(["one b", "one a", "two a"]);
      const [first, second, third] = due;
      if (!first || !second || !third) throw new Error("three rows");
      await store.delivered([first], 300);
      await store.deliveryFailed(second, "503", 300, 400);
      await store.deliveryFailed(third, "401", 300, null);
      expect(await lookInto(store, 399)).toEqual([]);
      expect(await lookInto(store, 400)).toMatchObject([{ id: second.id, traceId: A, attempts: 1 }]);
      expect(await store.deliveries(A)).toEqual([
        { sink: "one", revision: 1, state: "waiting", attempts: 1, reason: "503", at: 300 },
        { sink: "two", revision: 1, state: "failed", attempts: 1, reason: "401", at: 300 },
      ]);
      expect(await store.deliveries(B)).toMatchObject([{ state: "delivered", attempts: 1, reason: null }]);
      expect(await store.counts()).toMatchObject({ outbox: 1 });
      expect(await store.waiting()).toEqual({ deliveries: 1, retries: 0 });
    });
  });
}
