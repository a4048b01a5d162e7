import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { TraceBuffer } from "../../src/core/trace-buffer.ts";
import { makeFragment, makeRecords, spanNumbersIn, textsIn, traceIdOf } from "../store/make-fragment.ts";
import { type BufferPlace, POLICY } from "./trace-buffer.ts";

const A = traceIdOf(0xa);
const B = traceIdOf(0xb);
const TOMBSTONE = { at: 20_000, until: 620_000 };

/** What a {@link TraceBuffer} does when traces are purged. */
export function bufferPurgeContract(name: string, newPlace: () => Promise<BufferPlace>): void {
  describe(`${name}, purging traces`, () => {
    let place: BufferPlace;
    let buffer: TraceBuffer;
    beforeEach(async () => {
      place = await newPlace();
      buffer = await place.open();
    });
    afterEach(() => place.remove());

    const span = (traceId: string, id: number, text = "text") =>
      makeFragment(traceId, [id === 1 ? { id, text } : { id, parent: 1, text }]);
    const seal = (now: number) => buffer.seal(now, POLICY, 100);

    it("deletes what is open, and leaves other traces as they are", async () => {
      await buffer.append([span(A, 1), span(B, 1)], 0);
      expect(await buffer.purge([A], TOMBSTONE)).toBe(1);
      expect(await buffer.describe(A)).toBeNull();
      expect(await buffer.counts()).toMatchObject({ open: 1, sealed: 0 });
      expect((await seal(30_000)).map(({ traceId }) => traceId)).toEqual([B]);
      expect(spanNumbersIn((await buffer.read(B, 1))?.chunks ?? [])).toEqual([1]);
    });

    it("deletes all sealed revisions, and what is open of the next one", async () => {
      await buffer.append([span(A, 1)], 0);
      await seal(15_000);
      await buffer.append([span(A, 2)], 16_000);
      expect(await buffer.purge([A, B], TOMBSTONE)).toBe(1);
      expect(await buffer.read(A, 1)).toBeNull();
      expect(await buffer.sealed()).toEqual([]);
      expect(await seal(99_000)).toEqual([]);
      expect(await buffer.counts()).toEqual({ open: 0, sealed: 0, bytes: 0 });
    });

    it("acknowledges and drops what comes later: spans, log records, the signal", async () => {
      await buffer.append([span(A, 1)], 0);
      await buffer.purge([A, B], TOMBSTONE);
      for (const fragment of [span(A, 1), span(A, 2), span(B, 1), makeRecords(A, [{ of: 1, text: "x" }])])
        expect((await buffer.append([fragment], 30_000)).added).toBe(0);
      await buffer.signal(A, 31_000);
      await buffer.signal(B, 31_000);
      expect(await buffer.counts()).toEqual({ open: 0, sealed: 0, bytes: 0 });
      expect(await seal(600_000)).toEqual([]);
    });

    it("refuses it for buffers that are open beside it, too, also what they have in hand", async () => {
      await buffer.append([span(A, 1), span(B, 1)], 0);
      const other = await place.open();
      await other.purge([A], TOMBSTONE);
      expect((await buffer.append([span(A, 2)], 21_000)).added).toBe(0);
      expect((await seal(90_000)).map(({ traceId }) => traceId)).toEqual([B]);
      expect(await buffer.counts()).toMatchObject({ open: 0, sealed: 1 });
    });

    it("forgets the ids of a released trace", async () => {
      await buffer.append([span(A, 1)], 0);
      await seal(15_000);
      const sealed = await buffer.read(A, 1);
      if (sealed) await place.store(sealed, sealed.chunks);
      await buffer.release(A, 1);
      expect(await buffer.purge([A], TOMBSTONE)).toBe(0);
      expect((await buffer.append([span(A, 2)], 30_000)).added).toBe(0);
    });

    it("finds waiting traces by what their spans say, open and sealed", async () => {
      await buffer.append([span(A, 1, "mine"), span(B, 1, "other")], 0);
      await seal(15_000);
      await buffer.append([span(B, 2, "mine")], 16_000);
      const seen: string[] = [];
      const found = await buffer.search((traceId, chunks) => {
        seen.push(traceId);
        return spanNumbersIn(chunks).includes(2) || textsIn(chunks).length === 1;
      });
      expect([...seen].sort()).toEqual([A, B]);
      expect([...found].sort()).toEqual([A, B]);
      expect(await buffer.search((traceId) => traceId === B)).toEqual([B]);
    });
  });
}
