import { randomUUID } from "node:crypto";
import type { Batch, WaitingLane } from "../../core/batch-questions.ts";
import { TracegateError } from "../../core/errors.ts";
import { type Repeating, repeat } from "../repeat.ts";
import type { BatchJudge } from "./batch-lanes.ts";
import { type BatchTools, LOOK_MS } from "./batch-tools.ts";
import { type CollectTools, collectBatch } from "./collect-batch.ts";
import { DoublingWait } from "./doubling-wait.ts";
import { LanePace } from "./lane-pace.ts";
import { firstInTime, sentenceOf, WAKE_AGAIN_MS } from "./put-back.ts";
import { SEND_LEASE_MS, sendBatch } from "./send-batch.ts";
import { UnknownLanes } from "./unknown-lanes.ts";

/** Options of {@link startBatches}. Times in ms. */
export interface BatchLoopOptions extends BatchTools {
  /** The judges that batches are made for; see `batchLanes`. With none it still lets go of what others left behind. */
  readonly lanes: ReadonlyMap<string, BatchJudge>;
  /** A question waits so long for others before its batch is sent. Default 300,000. */
  readonly gatherMs?: number;
  /** Time between two rounds. Default 5,000. */
  readonly everyMs?: number;
}

/** A batch belongs so long to the process that asks how far it is; when that dies another one asks. */
const LOOK_LEASE_MS = 120_000;
/** A call of the provider is given up well before the lease ends, so that nobody else begins meanwhile. */
const LOOK_CALL_MS = 90_000;
/** Longest wait between two looks at a batch whose provider does not say how far it is. */
const MOST_LOOK_MS = 1_800_000;
/** Time between two searches for questions that nobody came for. */
const FORGET_EVERY_MS = 600_000;
const DAY_MS = 24 * 60 * 60_000;
/** Questions in no batch are forgotten so long after they were needed. Batches are given up after a week, and their questions asked at once. */
const FORGOTTEN_MS = { waiting: DAY_MS, live: 14 * DAY_MS };

/**
 * Sends questions that wait as batches and collects their answers. What is under way is in the store alone, so any process may
 * do any step, and any number may run this on one store.
 */
export function startBatches(options: BatchLoopOptions): Repeating {
  const { everyMs = 5_000, onFault } = options;
  let batches: Batches | undefined;
  const round = (signal: AbortSignal) => {
    batches ??= new Batches(options, signal);
    return batches.round();
  };
  return repeat(round, { everyMs, onFault });
}

class Batches {
  readonly #options: BatchLoopOptions;
  readonly #signal: AbortSignal;
  readonly #tools: CollectTools;
  readonly #unknown: UnknownLanes;
  #forgetAt = 0;

  constructor(options: BatchLoopOptions, signal: AbortSignal) {
    this.#options = options;
    this.#signal = signal;
    const lookWaits = new DoublingWait(options.lookMs ?? LOOK_MS, MOST_LOOK_MS);
    // What a stop breaks off is no fault.
    const onFault = (error: unknown) => signal.aborted || options.onFault(error);
    this.#tools = { ...options, onFault, pace: new LanePace(), lookWaits, goneSince: new Map() };
    this.#unknown = new UnknownLanes(this.#tools);
  }

  async round(): Promise<void> {
    await this.#collect();
    for (const waiting of await this.#options.store.waitingLanes()) {
      const judge = this.#options.lanes.get(waiting.lane);
      if (judge !== undefined) await this.#form(judge, waiting);
      else this.#unknown.tell(waiting.lane);
    }
    await this.#forget();
  }

  async #form(judge: BatchJudge, { lane, ...waiting }: WaitingLane): Promise<void> {
    const { store, clock, gatherMs = 300_000 } = this.#options;
    const { pace } = this.#tools;
    const { maxQuestions } = judge.batches;
    await this.#dropLate(judge, lane, waiting.firstDeadline);
    const isFull =
      waiting.questions >= maxQuestions || waiting.bytes >= pace.maxBytes(lane, judge.batches.maxBytes);
    if (!isFull && waiting.oldestAt + gatherMs > clock.now()) return;
    while (!this.#signal.aborted && pace.mayForm(lane, clock.now())) {
      const at = clock.now();
      const size = { maxQuestions, maxBytes: pace.maxBytes(lane, judge.batches.maxBytes) };
      const batch = await store.formBatch(lane, { id: randomUUID(), at, until: at + SEND_LEASE_MS, ...size });
      if (batch === null) return;
      await sendBatch(judge, batch, this.#tools, this.#signal);
    }
  }

  /** What waited too long for another batch, because the lane paused or nobody was there, is asked at once. */
  async #dropLate(judge: BatchJudge, lane: string, firstDeadline: number): Promise<void> {
    const { store, clock } = this.#options;
    const at = clock.now();
    const deadline = firstInTime(judge.batches, at);
    const dropped =
      firstDeadline < deadline ? await store.dropLate(lane, { deadline, at, due: at + WAKE_AGAIN_MS }) : 0;
    if (dropped === 0) return;
    const message = `No batch for ${judge.model} could be sent to ${judge.provider} in time. ${sentenceOf({ again: 0, live: dropped })}`;
    this.#tools.onFault(new TracegateError("unavailable", message));
  }

  /** Each batch that is due is looked at once a round: so many may be under way that there is always another one due. */
  async #collect(): Promise<void> {
    const { store, clock } = this.#options;
    const now = clock.now();
    while (!this.#signal.aborted) {
      // One at a time: the lease of a second one would run out while the first is worked on.
      const [batch] = await store.claimBatches(now, { until: clock.now() + LOOK_LEASE_MS, limit: 1 });
      if (batch === undefined) return;
      await this.#advance(batch);
    }
  }

  async #advance(batch: Batch): Promise<void> {
    const { store, clock, lanes } = this.#options;
    if (batch.hasEnded) return store.closeBatch(batch.id, clock.now());
    const judge = lanes.get(batch.lane);
    if (judge === undefined) return this.#unknown.collect(batch);
    const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(LOOK_CALL_MS)]);
    await collectBatch(judge, batch, this.#tools, signal);
  }

  async #forget(): Promise<void> {
    const { store, clock } = this.#options;
    const now = clock.now();
    if (now < this.#forgetAt) return;
    this.#forgetAt = now + FORGET_EVERY_MS;
    await store.forgetOverdue({ waiting: now - FORGOTTEN_MS.waiting, live: now - FORGOTTEN_MS.live });
  }
}
