import { zstdDecompressSync } from "node:zlib";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { TraceFragment } from "../../src/core/span.ts";
import type { CompletionPolicy, SealedTrace, TraceBuffer } from "../../src/core/trace-buffer.ts";
import {
  makeFragment,
  makeRecords,
  type ShortRecord,
  type ShortSpan,
  spanNumbersIn,
  textsIn,
  traceIdOf,
} from "../store/make-fragment.ts";

/** One place a buffer lives in, outliving the buffer objects on it. */
export interface BufferPlace {
  /** Opens the buffer; the one opened before is as good as killed. */
  open(): Promise<TraceBuffer>;
  /** What `release` may rely on: the scored trace is in the store. `chunks` as read from the buffer. */
  store(sealed: SealedTrace, chunks: readonly Uint8Array[]): Promise<void>;
  remove(): Promise<void>;
}

export const POLICY: CompletionPolicy = {
  afterRootMs: 10_000,
  idleMs: 60_000,
  maxAgeMs: 3_600_000,
  maxSpans: 1_000,
  maxBytes: 1_000_000,
};

const ROOT: ShortSpan = { id: 1 };
const CHILD: ShortSpan = { id: 2, parent: 1 };
const GRANDCHILD: ShortSpan = { id: 3, parent: 2 };
const A = traceIdOf(0xa);
const B = traceIdOf(0xb);

/** What every {@link TraceBuffer} does. */
export function traceBufferContract(name: string, newPlace: () => Promise<BufferPlace>): void {
  describe(`${name} as a trace buffer`, () => {
    let place: BufferPlace;
    let buffer: TraceBuffer;
    beforeEach(async () => {
      place = await newPlace();
      buffer = await place.open();
    });
    afterEach(() => place.remove());

    const append = async (fragments: readonly TraceFragment[], at: number) => {
      const { added } = await buffer.append(fragments, at);
      return { added };
    };
    const add = (traceId: string, spans: readonly ShortSpan[], at: number) =>
      append([makeFragment(traceId, spans)], at);
    const seal = (now: number, policy = POLICY) => buffer.seal(now, policy, 100);
    const numbers = async (traceId: string, revision: number) => {
      const sealed = await buffer.read(traceId, revision);
      return sealed === null ? null : spanNumbersIn(sealed.chunks);
    };
    const finish = async (traceId: string, revision: number) => {
      const sealed = await buffer.read(traceId, revision);
      if (sealed === null) throw new Error("nothing to finish");
      await place.store(sealed, sealed.chunks);
      await buffer.release(traceId, revision);
    };

    const say = (traceId: string, records: readonly ShortRecord[], at: number) =>
      append([makeRecords(traceId, records)], at);
    const texts = async (traceId: string, revision: number) => {
      const sealed = await buffer.read(traceId, revision);
      return sealed === null ? null : textsIn(sealed.chunks);
    };

    it("seals a trace once its root has ended, its parents are known and it was quiet", async () => {
      await add(A, [GRANDCHILD], 0);
      await add(A, [CHILD], 1_000);
      await add(A, [ROOT], 2_000);
      expect(await seal(11_999)).toEqual([]);
      expect(await seal(12_000)).toEqual([
        { traceId: A, revision: 1, reason: "root-ended", sealedAt: 12_000 },
      ]);
      expect(await numbers(A, 1)).toEqual([1, 2, 3]);
      expect(await seal(99_999)).toEqual([]);
    });

    it("waits the longer time when the root never comes, or a parent is missing", async () => {
      await add(A, [CHILD, GRANDCHILD], 0);
      await add(B, [ROOT, GRANDCHILD], 0);
      expect(await seal(59_999)).toEqual([]);
      expect((await seal(60_000)).map(({ reason }) => reason)).toEqual(["rootless", "rootless"]);
    });

    it("keeps several traces of one request apart", async () => {
      await buffer.append([makeFragment(A, [ROOT]), makeFragment(B, [ROOT, CHILD])], 0);
      expect(await buffer.counts()).toMatchObject({ open: 2, sealed: 0 });
      await seal(10_000);
      expect(await buffer.counts()).toMatchObject({ open: 0, sealed: 2 });
      expect([await numbers(A, 1), await numbers(B, 1)]).toEqual([[1], [1, 2]]);
    });

    it("takes the same span twice as one", async () => {
      expect(await add(A, [ROOT, CHILD], 0)).toEqual({ added: 2 });
      expect(await add(A, [CHILD, ROOT], 5)).toEqual({ added: 0 });
      expect(await add(A, [CHILD, GRANDCHILD], 6)).toEqual({ added: 1 });
      await seal(20_000);
      expect(await numbers(A, 1)).toEqual([1, 2, 3]);
    });

    it("recognises a repeated span in requests that arrive together", async () => {
      const added = await Promise.all([add(A, [ROOT, CHILD], 0), add(A, [ROOT, CHILD], 0)]);
      expect(added).toEqual([{ added: 2 }, { added: 0 }]);
    });

    it("takes a span that arrives ended after it arrived un-ended as new", async () => {
      expect(await add(A, [{ ...ROOT, ended: false }], 0)).toEqual({ added: 1 });
      expect(await buffer.describe(A)).toMatchObject({ rootEnded: false });
      expect(await add(A, [ROOT], 1)).toEqual({ added: 1 });
      expect(await buffer.describe(A)).toMatchObject({ rootEnded: true });
      expect(await add(A, [{ ...ROOT, ended: false }], 2)).toEqual({ added: 0 });
    });

    it("seals at once when a span says the trace is complete", async () => {
      await add(A, [CHILD], 0);
      await add(A, [{ ...ROOT, completes: true }], 5);
      expect(await buffer.nextDue(POLICY)).toBeLessThanOrEqual(5);
      expect(await seal(5)).toMatchObject([{ traceId: A, reason: "signalled" }]);
    });

    it("seals at once when the sender posts the trace's id, before or after its spans", async () => {
      await add(A, [CHILD], 0);
      await buffer.signal(A, 1);
      await buffer.signal(B, 1);
      await add(B, [CHILD], 2);
      const sealed = await seal(2);
      expect(sealed.map(({ traceId }) => traceId).sort()).toEqual([A, B]);
      expect(sealed.map(({ reason }) => reason)).toEqual(["signalled", "signalled"]);
    });

    it("takes a signal for a sealed trace as said already", async () => {
      await add(A, [ROOT], 0);
      await seal(10_000);
      await buffer.signal(A, 10_001);
      await add(A, [CHILD], 10_002);
      expect(await seal(10_002)).toEqual([]);
    });

    it("caps a trace by age, spans or bytes, and gives later spans to the next revision", async () => {
      const policy = { ...POLICY, maxSpans: 3, maxAgeMs: 30_000 };
      await add(A, [CHILD, GRANDCHILD, { id: 4, parent: 1 }], 0);
      expect(await seal(0, policy)).toMatchObject([{ traceId: A, reason: "capped" }]);
      for (let at = 0; at < 30_000; at += 5_000) await add(B, [{ id: 100 + at, parent: 1 }], at);
      expect(await seal(29_999, { ...POLICY, maxAgeMs: 30_000 })).toEqual([]);
      expect(await seal(30_000, { ...POLICY, maxAgeMs: 30_000 })).toMatchObject([{ reason: "capped" }]);
      await add(A, [{ id: 5, parent: 1, text: "x".repeat(2_000) }], 40_000);
      expect(await seal(40_000, { ...POLICY, maxBytes: 2_000 })).toMatchObject([
        { traceId: A, revision: 2, reason: "capped" },
      ]);
    });

    it("follows the limits of the service of the root, and until that is there of the first span", async () => {
      const services = { slow: { afterRootMs: 30_000, idleMs: 90_000 }, tiny: { maxSpans: 2 } };
      const policy = { ...POLICY, services };
      const from = (service: string, traceId: string, spans: readonly ShortSpan[]) => ({
        ...makeFragment(traceId, spans),
        service,
      });
      await append([from("slow", A, [CHILD])], 0);
      expect(await buffer.nextDue(policy)).toBe(90_000);
      await append([from("agent", A, [ROOT])], 1_000);
      expect(await buffer.nextDue(policy)).toBe(11_000);
      await append([from("agent", B, [CHILD])], 1_000);
      await append([from("slow", B, [ROOT])], 1_000);
      await append([from("agent", B, [GRANDCHILD])], 1_000);
      await append([from("agent", B, [{ id: 50 }])], 1_000);
      expect(await seal(30_999, policy)).toMatchObject([{ traceId: A, reason: "root-ended" }]);
      buffer = await place.open();
      expect(await seal(30_999, policy)).toEqual([]);
      expect(await seal(31_000, policy)).toMatchObject([{ traceId: B, reason: "root-ended" }]);
      await append([from("tiny", traceIdOf(0xd), [CHILD, GRANDCHILD])], 40_000);
      expect(await seal(40_000, policy)).toMatchObject([{ traceId: traceIdOf(0xd), reason: "capped" }]);
    });

    it("does not read an endless trace whole again and again", async () => {
      const policy = { ...POLICY, maxSpans: 2 };
      for (let round = 0; round < 3; round += 1) {
        await add(A, [{ id: 10 * round + 1 }, { id: 10 * round + 2 }], round);
        await seal(round, policy);
      }
      expect(await numbers(A, 3)).toEqual([21, 22]);
    });

    it("gives its own zstd frame along with one large chunk, and none with small or several ones", async () => {
      const text = "the same words again ".repeat(400);
      await add(A, [{ ...ROOT, text }], 0);
      await add(B, [ROOT], 0);
      await seal(10_000);
      const { frame, chunks = [] } = (await buffer.read(A, 1)) ?? {};
      expect(zstdDecompressSync(frame ?? new Uint8Array()).equals(chunks[0] ?? new Uint8Array())).toBe(true);
      expect([chunks.length, (frame?.length ?? Infinity) < 1_000]).toEqual([1, true]);
      expect((await buffer.read(B, 1))?.frame).toBeUndefined();
      await add(A, [{ ...CHILD, text }], 20_000);
      await seal(30_000);
      const later = await buffer.read(A, 2);
      expect([later?.chunks.length, later?.frame]).toEqual([2, undefined]);
    });

    it("opens the next revision for a late span, with the earlier spans in it", async () => {
      await add(A, [ROOT], 0);
      await seal(10_000);
      expect(await add(A, [CHILD], 11_000)).toEqual({ added: 1 });
      expect(await seal(21_000)).toMatchObject([{ traceId: A, revision: 2, reason: "root-ended" }]);
      expect(await numbers(A, 1)).toEqual([1]);
      expect(await numbers(A, 2)).toEqual([1, 2]);
    });

    it("has the earlier spans in the next revision also when they were released", async () => {
      await add(A, [ROOT, CHILD], 0);
      await seal(10_000);
      await finish(A, 1);
      expect(await buffer.read(A, 1)).toBeNull();
      expect(await add(A, [ROOT, CHILD], 11_000)).toEqual({ added: 0 });
      expect(await buffer.counts()).toEqual({ open: 0, sealed: 0, bytes: 0 });
      expect(await add(A, [GRANDCHILD], 12_000)).toEqual({ added: 1 });
      await seal(22_000);
      expect(await numbers(A, 2)).toEqual([1, 2, 3]);
      await finish(A, 2);
      await add(A, [{ id: 4, parent: 1 }], 23_000);
      await seal(33_000);
      expect(await numbers(A, 3)).toEqual([1, 2, 3, 4]);
    });

    it("remembers what a released trace was: repeats, roots and parents, signals and revisions", async () => {
      await add(A, [GRANDCHILD, { id: 9, parent: 8 }], 0);
      await add(A, [ROOT], 1_000);
      await seal(61_000);
      await finish(A, 1);
      await finish(A, 1).catch(() => {});
      await buffer.signal(A, 61_001);
      expect(await add(A, [ROOT, GRANDCHILD], 61_002)).toEqual({ added: 0 });
      expect(await add(A, [CHILD], 62_000)).toEqual({ added: 1 });
      expect(await buffer.describe(A)).toMatchObject({ spans: 1, rootEnded: true, missingParents: 1 });
      expect(await add(A, [{ id: 8, parent: 1 }, ROOT, CHILD], 63_000)).toEqual({ added: 1 });
      expect(await seal(72_999)).toEqual([]);
      expect(await seal(73_000)).toMatchObject([{ traceId: A, revision: 2, reason: "root-ended" }]);
      expect(await numbers(A, 2)).toEqual([1, 2, 3, 8, 9]);
    });

    it("keeps a later revision when an earlier one is released", async () => {
      await add(A, [ROOT], 0);
      await seal(10_000);
      await add(A, [CHILD], 11_000);
      await seal(21_000);
      await finish(A, 1);
      expect(await numbers(A, 2)).toEqual([1, 2]);
    });

    it("knows everything again after a kill: open traces, signals, repeats, revisions", async () => {
      await add(A, [CHILD], 0);
      await add(A, [ROOT], 1_000);
      await add(B, [ROOT], 0);
      await buffer.signal(traceIdOf(0xc), 0);
      await seal(10_000);
      await finish(B, 1);
      const before = await buffer.counts();
      buffer = await place.open();
      expect(await buffer.counts()).toEqual(before);
      expect(await add(A, [CHILD], 1_500)).toEqual({ added: 0 });
      expect(await add(B, [ROOT], 1_500)).toEqual({ added: 0 });
      await add(traceIdOf(0xc), [CHILD], 1_500);
      expect(await buffer.nextDue(POLICY)).toBeLessThanOrEqual(1_500);
      const sealed = await seal(11_000);
      expect(sealed.map(({ traceId }) => traceId).sort()).toEqual([A, traceIdOf(0xc)]);
      await add(B, [CHILD], 12_000);
      expect(await seal(22_000)).toMatchObject([{ traceId: B, revision: 2 }]);
    });

    it("hands out sealed traces until they are marked as enqueued, over a kill too", async () => {
      await add(A, [ROOT], 0);
      await add(B, [ROOT], 0);
      const sealed = await seal(10_000);
      expect(await buffer.sealed()).toEqual(sealed);
      buffer = await place.open();
      expect(await buffer.sealed()).toEqual(sealed);
      await buffer.enqueued(sealed.slice(0, 1));
      expect(await buffer.sealed()).toEqual(sealed.slice(1));
      expect(await numbers(A, 1)).toEqual([1]);
    });

    it("seals at most as many as asked, the earliest due first", async () => {
      for (let number = 1; number <= 20; number += 1) await add(traceIdOf(number), [ROOT], 100 - number);
      expect(await buffer.nextDue(POLICY)).toBeLessThanOrEqual(10_080);
      const sealed = await buffer.seal(20_000, POLICY, 3);
      expect(sealed.map(({ traceId }) => traceId)).toEqual([traceIdOf(20), traceIdOf(19), traceIdOf(18)]);
      expect(await seal(20_000)).toHaveLength(17);
      expect(await buffer.nextDue(POLICY)).toBeNull();
    });

    it("follows a policy that changes", async () => {
      await add(A, [ROOT], 0);
      expect(await buffer.nextDue(POLICY)).toBe(10_000);
      expect(await buffer.nextDue({ ...POLICY, afterRootMs: 3_000 })).toBe(3_000);
      expect(await seal(3_000)).toEqual([]);
    });

    it("describes what is open or sealed, and nothing else", async () => {
      expect(await buffer.describe(A)).toBeNull();
      await add(A, [ROOT, GRANDCHILD], 5);
      await add(A, [{ id: 9, parent: 8 }], 7);
      const wanted = { traceId: A, spans: 3, firstSeen: 5, lastSeen: 7, rootEnded: true, missingParents: 2 };
      expect(await buffer.describe(A)).toMatchObject({ ...wanted, state: "open" });
      await seal(60_007);
      expect(await buffer.describe(A)).toMatchObject({ ...wanted, state: "sealed" });
      await finish(A, 1);
      expect(await buffer.describe(A)).toBeNull();
    });

    it("is not broken by a cycle of parents, a span that is its own parent, or a chain of 2,000", async () => {
      await add(A, [{ id: 1, parent: 2 }, CHILD, { id: 7, parent: 7 }], 0);
      const chain = Array.from({ length: 2_000 }, (_, index) =>
        index === 0 ? ROOT : { id: index + 1, parent: index },
      );
      await add(B, chain.reverse(), 0);
      const policy = { ...POLICY, maxSpans: 10_000 };
      expect(await seal(10_000, policy)).toMatchObject([{ traceId: B, reason: "root-ended" }]);
      expect(await seal(60_000, policy)).toMatchObject([{ traceId: A, reason: "rootless" }]);
      expect(await numbers(B, 1)).toHaveLength(2_000);
    });

    it("gives log records to their spans, whether they came before or after", async () => {
      expect(await say(A, [{ of: 2, text: "before" }], 0)).toEqual({ added: 1 });
      await add(A, [ROOT, CHILD], 1_000);
      expect(await say(A, [{ of: 2, text: "after" }], 2_000)).toEqual({ added: 1 });
      expect(await seal(11_999)).toEqual([]);
      expect(await seal(12_000)).toMatchObject([{ traceId: A, revision: 1, reason: "root-ended" }]);
      expect(await numbers(A, 1)).toEqual([1, 2]);
      expect(await texts(A, 1)).toEqual(["1: ", "2: before, after"]);
    });

    it("takes the same log record twice as one", async () => {
      await add(A, [ROOT], 0);
      const record = { of: 1, text: "once" };
      const added = await Promise.all([say(A, [record], 1), say(A, [record], 1)]);
      expect(added).toEqual([{ added: 1 }, { added: 0 }]);
      expect(await say(A, [record, { of: 1, text: "more" }], 2)).toEqual({ added: 1 });
      await seal(20_000);
      expect(await texts(A, 1)).toEqual(["1: once, more"]);
      expect(await say(A, [record], 20_001)).toEqual({ added: 0 });
      expect(await seal(99_999)).toEqual([]);
    });

    it("completes nothing by log records alone, and drops them at the greatest age", async () => {
      await say(A, [{ of: 1, text: "of a span that never comes" }], 0);
      await buffer.signal(A, 1);
      expect(await buffer.describe(A)).toMatchObject({ state: "open", spans: 0, rootEnded: false });
      expect(await seal(3_599_999)).toEqual([]);
      expect(await buffer.counts()).toMatchObject({ open: 1 });
      expect(await buffer.nextDue(POLICY)).toBe(3_600_000);
      expect(await seal(3_600_000)).toEqual([]);
      expect(await buffer.counts()).toEqual({ open: 0, sealed: 0, bytes: 0 });
      expect(await buffer.nextDue(POLICY)).toBeNull();
      buffer = await place.open();
      expect(await buffer.counts()).toEqual({ open: 0, sealed: 0, bytes: 0 });
    });

    it("does not count the time that log records waited for their span as the age of the trace", async () => {
      await say(A, [{ of: 1, text: "long before" }], 0);
      await add(A, [ROOT], 3_599_000);
      expect(await seal(3_608_999)).toEqual([]);
      expect(await seal(3_609_000)).toMatchObject([{ traceId: A, reason: "root-ended" }]);
      expect(await texts(A, 1)).toEqual(["1: long before"]);
    });

    it("opens the next revision for a late log record of a known span, over release and kill", async () => {
      await add(A, [ROOT, CHILD], 0);
      await say(A, [{ of: 2, text: "in time" }], 1);
      await seal(10_001);
      await finish(A, 1);
      expect(await say(A, [{ of: 2, text: "in time" }], 11_000)).toEqual({ added: 0 });
      expect(await say(A, [{ of: 2, text: "late" }], 12_000)).toEqual({ added: 1 });
      buffer = await place.open();
      expect(await seal(21_999)).toEqual([]);
      expect(await seal(22_000)).toMatchObject([{ traceId: A, revision: 2, reason: "root-ended" }]);
      expect(await numbers(A, 2)).toEqual([1, 2]);
      expect(await texts(A, 2)).toEqual(["1: ", "2: in time, late"]);
      await finish(A, 2);
      await add(A, [GRANDCHILD], 30_000);
      await seal(40_000);
      expect(await texts(A, 3)).toEqual(["1: ", "2: in time, late", "3: "]);
    });

    it("keeps a late log record of an unknown span until that span comes", async () => {
      await add(A, [ROOT], 0);
      await seal(10_000);
      await say(A, [{ of: 2, text: "early" }], 11_000);
      expect(await seal(90_000)).toEqual([]);
      buffer = await place.open();
      await add(A, [CHILD], 100_000);
      expect(await seal(110_000)).toMatchObject([{ traceId: A, revision: 2 }]);
      expect(await texts(A, 2)).toEqual(["1: ", "2: early"]);
    });

    it("opens no revision for a log record of a span that an endless trace has left behind", async () => {
      const policy = { ...POLICY, maxSpans: 2 };
      await add(A, [ROOT, CHILD], 0);
      expect(await seal(0, policy)).toMatchObject([{ revision: 1, reason: "capped" }]);
      await say(A, [{ of: 2, text: "late" }], 1_000);
      expect(await seal(100_000, policy)).toEqual([]);
      await add(A, [GRANDCHILD], 200_000);
      await seal(300_000, policy);
      expect(await texts(A, 2)).toEqual(["3: "]);
    });

    it("keeps a log record that was sealed without its span for the revision that has it", async () => {
      await add(A, [ROOT], 0);
      await say(A, [{ of: 2, text: "alone" }], 1);
      await seal(10_001);
      expect(await texts(A, 1)).toEqual(["1: "]);
      await finish(A, 1);
      await add(A, [CHILD], 11_000);
      await seal(21_000);
      expect(await texts(A, 2)).toEqual(["1: ", "2: alone"]);
    });

    it("comes to the same texts for any order, batching and repetition of spans and log records", async () => {
      const spans = [ROOT, CHILD, GRANDCHILD];
      const records = [1, 2, 2, 3].map((of, index) => ({ of, text: `text ${index}`, time: 1_500 + index }));
      const parts = [
        ...spans.map((span) => (traceId: string) => makeFragment(traceId, [span])),
        ...records.map((record) => (traceId: string) => makeRecords(traceId, [record])),
      ];
      const order = fc.shuffledSubarray([...parts, ...parts], { minLength: 14, maxLength: 14 });
      let number = 2_000;
      await fc.assert(
        fc.asyncProperty(order, fc.nat(13), async (all, cut) => {
          number += 1;
          const traceId = traceIdOf(number);
          const appendAll = (some: typeof all) =>
            append(
              some.map((part) => part(traceId)),
              0,
            );
          const [one, other] = [await appendAll(all.slice(0, cut)), await appendAll(all.slice(cut))];
          expect(one.added + other.added).toBe(7);
          expect(await seal(10_000)).toMatchObject([{ traceId, revision: 1, reason: "root-ended" }]);
          expect(await texts(traceId, 1)).toEqual(["1: text 0", "2: text 1, text 2", "3: text 3"]);
        }),
        { seed: 11, numRuns: 30 },
      );
    });

    it("comes to the same revision for any order, batching and repetition of a trace's spans", async () => {
      const spans = [ROOT, CHILD, GRANDCHILD, { id: 4, parent: 1 }, { id: 5, parent: 4 }];
      let number = 1_000;
      const batches = fc
        .shuffledSubarray([...spans, ...spans], { minLength: 10, maxLength: 10 })
        .chain((order) =>
          fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 4 }).map((cuts) => ({ order, cuts })),
        );
      await fc.assert(
        fc.asyncProperty(batches, async ({ order, cuts }) => {
          number += 1;
          const traceId = traceIdOf(number);
          let added = 0;
          let start = 0;
          for (const end of [...cuts.sort((a, b) => a - b), order.length]) {
            if (end === start) continue;
            added += (await add(traceId, order.slice(start, end), 0)).added;
            start = end;
          }
          expect(added).toBe(5);
          expect(await seal(10_000)).toMatchObject([{ traceId, revision: 1, reason: "root-ended" }]);
          expect(await numbers(traceId, 1)).toEqual([1, 2, 3, 4, 5]);
        }),
        { seed: 7, numRuns: 30 },
      );
    });
  });
}
