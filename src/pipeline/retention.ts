import type { Clock } from "../core/clock.ts";
import type { SamplingDecision } from "../core/sampling.ts";
import type { Store } from "../core/store.ts";
import { pause, type Repeating, repeat } from "./repeat.ts";

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

/**
 * Lets go of spans whose time is over, now and again. A sweep is bounded, and waits between its transactions as long as they
 * took, so that a store with months to let go of still has room for new traces. Any number of processes may sweep one store.
 */
export function startSweeping(options: SweepOptions): Repeating {
  const { everyMs = 300_000, onFault = () => {} } = options;
  return repeat((signal) => sweep(options, signal), { everyMs, onFault });
}

async function sweep(options: SweepOptions, signal: AbortSignal): Promise<void> {
  const { store, clock, atOnce = 200, rounds = 500 } = options;
  for (let round = 0; round < rounds && !signal.aborted; round += 1) {
    const startedAt = performance.now();
    if ((await store.dropPayloads(clock.now(), atOnce)) === 0) return;
    await pause(performance.now() - startedAt, signal);
  }
}
