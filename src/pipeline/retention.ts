import { setTimeout as sleep } from "node:timers/promises";

import type { Clock } from "../core/clock.ts";
import type { SamplingDecision } from "../core/sampling.ts";
import type { Store } from "../core/store.ts";

/** How long the spans of scored traces are kept, ms. Summaries, scores and the ledger stay. */
export interface Retention {
  /** Of traces in the sample. */
  readonly sampledMs: number;
  /** Of the others: for sinks to take them, and for late spans to find the ones before. */
  readonly leftOutMs: number;
}

/** Until when spans are kept, Unix ms, of a trace scored `at`. */
export function spansUntil(sampling: SamplingDecision, at: number, retention: Retention): number {
  return at + (sampling.sampled ? retention.sampledMs : retention.leftOutMs);
}

/** Options of {@link startSweeping}. Times in ms. */
export interface SweepOptions {
  readonly store: Pick<Store, "dropPayloads">;
  readonly clock: Clock;
  /** Time between two sweeps. Default 300,000. */
  readonly everyMs?: number;
  /** Traces looked at in one transaction. Default 200. */
  readonly atOnce?: number;
  /** Transactions of one sweep. Default 500. */
  readonly rounds?: number;
  /** Told of a fault of the store; the next sweep tries again. Must not throw. */
  readonly onFault?: (error: unknown) => void;
}

/** The running sweep. */
export interface Sweeping {
  stop(): Promise<void>;
}

/**
 * Lets go of spans whose time is over, now and again. A sweep is bounded, and waits between its transactions as long as they
 * took, so that a store with months to let go of still has room for new traces. Any number of processes may sweep one store.
 */
export function startSweeping(options: SweepOptions): Sweeping {
  const { everyMs = 300_000, onFault = () => {} } = options;
  const stopping = new AbortController();
  const run = async () => {
    while (!stopping.signal.aborted) {
      await sweep(options, stopping.signal).catch(onFault);
      await pause(everyMs, stopping.signal);
    }
  };
  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

async function sweep(options: SweepOptions, signal: AbortSignal): Promise<void> {
  const { store, clock, atOnce = 200, rounds = 500 } = options;
  for (let round = 0; round < rounds && !signal.aborted; round += 1) {
    const startedAt = performance.now();
    if ((await store.dropPayloads(clock.now(), atOnce)) === 0) return;
    await pause(performance.now() - startedAt, signal);
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return sleep(ms, undefined, { signal, ref: false }).catch(() => {});
}
