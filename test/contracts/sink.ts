import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Sink } from "../../src/core/sink.ts";
import { storedTrace } from "./stored-trace.ts";

/** A backend to hold a sink against, and the sink that writes to it. */
export interface SinkBench {
  readonly sink: Sink;
  /** What the backend holds now. Ids of scores as the backend knows them. */
  held(): { readonly traces: number; readonly scoreIds: readonly string[] };
  /** Makes the backend fail its next requests: for good, for now, or by never answering. */
  failNext(count: number, how: "permanent" | "retryable" | "hang"): void;
  /** Resolves once the backend has received a request. */
  asked(): Promise<void>;
  close(): Promise<void>;
}

/** What every sink must do, whatever it writes to. */
export function sinkContract(name: string, open: () => Promise<SinkBench>): void {
  describe(`the contract of sinks: ${name}`, () => {
    let bench: SinkBench;
    const signal = new AbortController().signal;

    beforeEach(async () => {
      bench = await open();
    });

    afterEach(async () => {
      await bench.sink.close();
      await bench.close();
    });

    it("leaves the same traces and scores when the same trace is written twice", async () => {
      await bench.sink.write([storedTrace(1)], signal);
      const once = bench.held();
      expect(once.traces).toBe(1);
      expect(once.scoreIds.length).toBe(2);
      await bench.sink.write([storedTrace(1)], signal);
      expect(bench.held()).toEqual(once);
    });

    it("keeps the id of a score over revisions, so that a newer one replaces it", async () => {
      await bench.sink.write([storedTrace(1)], signal);
      const before = bench.held().scoreIds;
      await bench.sink.write([storedTrace(1, { revision: 2 })], signal);
      expect(bench.held().scoreIds).toEqual(before);
    });

    it("writes every trace of a call, and nothing for none", async () => {
      await bench.sink.write([], signal);
      expect(bench.held().traces).toBe(0);
      await bench.sink.write([storedTrace(1), storedTrace(2), storedTrace(3)], signal);
      expect(bench.held().traces).toBe(3);
      expect(bench.held().scoreIds.length).toBe(6);
    });

    it("says of a failure that may pass that it may be tried again, and then succeeds", async () => {
      bench.failNext(1, "retryable");
      await expect(bench.sink.write([storedTrace(1)], signal)).rejects.toMatchObject({
        name: "TracegateError",
        code: "unavailable",
        retryable: true,
      });
      await bench.sink.write([storedTrace(1)], signal);
      expect(bench.held().traces).toBe(1);
    });

    it("says of a permanent failure that trying again is useless", async () => {
      bench.failNext(1, "permanent");
      await expect(bench.sink.write([storedTrace(1)], signal)).rejects.toMatchObject({
        name: "TracegateError",
        retryable: false,
      });
    });

    it("gives up at once when it is aborted, before and during a request", async () => {
      await expect(bench.sink.write([storedTrace(1)], AbortSignal.abort())).rejects.toBeDefined();
      expect(bench.held().traces).toBe(0);
      bench.failNext(1, "hang");
      const abort = new AbortController();
      const written = bench.sink.write([storedTrace(1)], abort.signal);
      const failed = expect(written).rejects.toBeDefined();
      await bench.asked();
      abort.abort();
      await failed;
    });

    it("has written what was under way when close resolves", async () => {
      const written = bench.sink.write([storedTrace(1)], signal);
      await bench.sink.close();
      expect(bench.held().traces).toBe(1);
      await written;
    });
  });
}
