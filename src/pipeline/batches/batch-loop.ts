import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import type { Batch, WaitingLane } from "../../core/later-questions.ts";
import type { BatchJudge } from "./batch-lanes.ts";
import { collectBatch } from "./collect-batch.ts";
import { type BatchTools, SEND_LEASE_MS, sendBatch } from "./send-batch.ts";

/** Options of {@link startBatches}. Times in ms. */
export interface BatchLoopOptions extends BatchTools {
  /** The judges that batches are made for; see `batchLanes`. */
  readonly lanes: ReadonlyMap<string, BatchJudge>;
  /** A question waits so long for others before its batch is sent. Default 300,000. */
  readonly gatherMs?: number;
  /** Time between two rounds. Default 5,000. */
  readonly everyMs?: number;
}

/** The running loop. */
export interface BatchLoop {
  stop(): Promise<void>;
}

/** A batch belongs so long to the process that asks how far it is; when that dies another one asks. */
const LOOK_LEASE_MS = 120_000;
/** A call of the provider is given up well before the lease ends, so that nobody else begins meanwhile. */
const LOOK_CALL_MS = 90_000;
/** Batches collected in one round: each is held in memory with its answers. */
const AT_ONCE = 4;
/** Batches of judges that this process has not: others may have them. */
const UNKNOWN_LANE_MS = 600_000;

/**
 * Sends questions that wait as batches and collects their answers. What is under way is in the store alone, so any process may
 * do any step, and any number may run this on one store.
 */
export function startBatches(options: BatchLoopOptions): BatchLoop {
  const { everyMs = 5_000, onFault } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  const loop = new Batches(options, signal);
  const run = async () => {
    while (!signal.aborted) {
      await loop.round().catch((error: unknown) => {
        if (!signal.aborted) onFault(error);
      });
      await sleep(everyMs, undefined, { signal, ref: false }).catch(() => {});
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

class Batches {
  readonly #options: BatchLoopOptions;
  readonly #signal: AbortSignal;
  /** Lanes whose provider took no batch, and until when none is sent, Unix ms. */
  readonly #pauses = new Map<string, number>();

  constructor(options: BatchLoopOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
  }

  async round(): Promise<void> {
    await this.#collect();
    for (const waiting of await this.#options.store.waitingLanes()) {
      const judge = this.#options.lanes.get(waiting.lane);
      if (judge !== undefined) await this.#form(judge, waiting);
    }
  }

  async #form(judge: BatchJudge, { lane, ...waiting }: WaitingLane): Promise<void> {
    const { store, clock, gatherMs = 300_000 } = this.#options;
    const { maxQuestions, maxBytes } = judge.batches;
    const isFull = waiting.questions >= maxQuestions || waiting.bytes >= maxBytes;
    if (!isFull && waiting.oldestAt + gatherMs > clock.now()) return;
    while (!this.#signal.aborted && (this.#pauses.get(lane) ?? 0) <= clock.now()) {
      const at = clock.now();
      const size = { maxQuestions, maxBytes };
      const batch = await store.formBatch(lane, { id: randomUUID(), at, until: at + SEND_LEASE_MS, ...size });
      if (batch === null) return;
      const pauseUntil = await sendBatch(judge, batch, this.#options, this.#signal);
      if (pauseUntil !== null) this.#pauses.set(lane, pauseUntil);
    }
  }

  async #collect(): Promise<void> {
    const { store, clock } = this.#options;
    while (!this.#signal.aborted) {
      const now = clock.now();
      const batches = await store.claimBatches(now, { until: now + LOOK_LEASE_MS, limit: AT_ONCE });
      if (batches.length === 0) return;
      for (const batch of batches) await this.#advance(batch);
    }
  }

  async #advance(batch: Batch): Promise<void> {
    const { store, clock, lanes } = this.#options;
    if (batch.hasEnded) return store.closeBatch(batch.id, clock.now());
    const judge = lanes.get(batch.lane);
    if (judge === undefined) return store.lookAgain(batch.id, clock.now() + UNKNOWN_LANE_MS);
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(LOOK_CALL_MS)]);
    const pauseUntil = await collectBatch(judge, batch, this.#options, { look: signal, send: this.#signal });
    if (pauseUntil !== null) this.#pauses.set(batch.lane, pauseUntil);
  }
}
