import { type Backoff, backoffMs } from "../core/backoff.ts";
import type { Clock } from "../core/clock.ts";
import { messageOf, TracegateError } from "../core/errors.ts";
import type { Sink } from "../core/sink.ts";
import type { OutboxRow, Store } from "../core/store.ts";

/** Options of {@link startDelivery}. */
export interface DeliveryOptions {
  readonly store: Pick<Store, "outbox" | "trace" | "delivered" | "deliveryFailed">;
  /** Not closed by the loop: whoever opened them closes them after {@link DeliveryLoop.stop}. */
  readonly sinks: readonly Sink[];
  readonly clock: Clock;
  /** Requests under way at once, per sink, so that one slow sink does not hold up another. Default 4. */
  readonly concurrency?: number;
  readonly backoff?: Backoff;
  /** Longest time between two looks into the outbox, ms, for rows another process wrote. Default 15,000. */
  readonly sweepMs?: number;
  /** Source of the jitter, [0, 1). Default `Math.random`. */
  readonly random?: () => number;
  /** Told what became of each row. Must not throw. */
  readonly onEvent?: (event: DeliveryEvent) => void;
}

/** What became of a delivery. `fault`: the store itself failed; the loop pauses and goes on. */
export type DeliveryEvent =
  | { readonly kind: "delivered" | "superseded"; readonly row: OutboxRow }
  | { readonly kind: "retry"; readonly row: OutboxRow; readonly reason: string; readonly retryAt: number }
  | { readonly kind: "failed"; readonly row: OutboxRow; readonly reason: string }
  | { readonly kind: "fault"; readonly reason: string };

/** The running outbox loop. */
export interface DeliveryLoop {
  /** New rows may be there. Cheap; call it after every saved trace. */
  wake(): void;
  /** Resolves once nothing is under way and nothing is due; rows that wait for their next try do not count. */
  drain(): Promise<void>;
  /** Takes no new row, gives those under way `graceMs`, then aborts them; they stay in the outbox. */
  stop(graceMs: number): Promise<void>;
}

/** One second, doubling, five minutes at most. */
const DEFAULT_BACKOFF: Backoff = { baseMs: 1_000, maxMs: 300_000 };
/** Rows read from the outbox at a time. */
const WINDOW = 256;
/** Rows held in memory at the most while their sink is busy. */
const MAX_READY = 1_024;
/** Tries of a row whose sink throws something that is not a `TracegateError`, so says nothing of retrying. */
const UNKNOWN_ERROR_TRIES = 8;
/** Retry times are kept in steps of this many ms, which bounds how many there are. */
const RETRY_STEP_MS = 100;

/**
 * Starts writing scored traces to the sinks: takes what is due from the outbox, writes one trace per
 * request and acknowledges it at once, so that after a SIGKILL only what was under way is sent again.
 *
 * Failures that may pass are tried again after {@link backoffMs} or at the time the sink names, without
 * end; permanent ones are recorded with their reason. A revision that a newer one has replaced counts as
 * delivered. Two revisions of a trace are never under way to one sink together.
 */
export function startDelivery(options: DeliveryOptions): DeliveryLoop {
  const loop = new OutboxLoop(options);
  loop.wake();
  return loop;
}

class OutboxLoop implements DeliveryLoop {
  readonly #options: DeliveryOptions;
  readonly #sinks: ReadonlyMap<string, Sink>;
  readonly #concurrency: number;
  readonly #abort = new AbortController();
  /** Fetched and not started yet, oldest first. */
  #ready: OutboxRow[] = [];
  readonly #underWay = new Map<number, { readonly row: OutboxRow; readonly done: Promise<void> }>();
  readonly #retryTimes = new Set<number>();
  #pumping: Promise<void> | null = null;
  #pumpAgain = false;
  /** Somebody said that there are new rows. */
  #lookAgain = false;
  /** The last look did not see the end of what is due. */
  #moreBehind = false;
  #pausedFaults = 0;
  #paused = false;
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;
  #idleWaiters: (() => void)[] = [];

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.#concurrency = options.concurrency ?? 4;
    this.#sinks = new Map(options.sinks.map((sink) => [sink.name, sink]));
  }

  wake(): void {
    this.#lookAgain = true;
    this.#pump();
  }

  async drain(): Promise<void> {
    if (this.#stopped) return;
    const idle = new Promise<void>((resolve) => this.#idleWaiters.push(resolve));
    this.wake();
    await idle;
  }

  async stop(graceMs: number): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#releaseWaiters();
    await this.#pumping;
    const settled = Promise.all([...this.#underWay.values()].map((entry) => entry.done));
    if (await within(settled, graceMs)) return;
    this.#abort.abort(new TracegateError("unavailable", "Delivery was stopped.", { retryable: true }));
    // A sink that ignores the abort must not hold up the end of the process.
    await within(settled, 1_000);
  }

  /** Starts what can be started; runs at most once at a time. */
  #pump(): void {
    if (this.#stopped || this.#paused) return;
    if (this.#pumping !== null) {
      this.#pumpAgain = true;
      return;
    }
    this.#pumping = this.#fill()
      .catch((error: unknown) => this.#pause(error))
      .then(() => {
        this.#pumping = null;
        if (this.#pumpAgain) {
          this.#pumpAgain = false;
          this.#pump();
        } else this.#rest();
      });
  }

  async #fill(): Promise<void> {
    for (;;) {
      this.#startReady();
      const wanted = this.#lookAgain || (this.#moreBehind && this.#hasIdleSink());
      const enough = this.#ready.length >= (wanted ? MAX_READY - WINDOW : WINDOW / 4);
      if (this.#stopped || enough || !this.#hasFreeSlot()) return;
      this.#lookAgain = false;
      const { store, clock } = this.#options;
      // What is under way or at hand is still in the outbox, so it must be asked for too.
      const limit = this.#underWay.size + this.#ready.length + WINDOW;
      const rows = await store.outbox(clock.now(), limit);
      this.#moreBehind = rows.length === limit;
      const known = new Set(this.#ready.map((row) => row.id));
      const fresh = rows.filter((row) => !known.has(row.id) && !this.#underWay.has(row.id));
      if (fresh.length === 0) return;
      this.#ready.push(...fresh);
    }
  }

  #hasFreeSlot(): boolean {
    return this.#underWay.size < this.#concurrency * Math.max(1, this.#sinks.size);
  }

  /** A sink with nothing to do: its rows may lie behind those of a slow one. */
  #hasIdleSink(): boolean {
    const busy = new Set([...this.#underWay.values()].map(({ row }) => row.sink));
    return [...this.#sinks.keys()].some((name) => !busy.has(name));
  }

  #startReady(): void {
    if (this.#stopped) return;
    const perSink = new Map<string, number>();
    const traces = new Set<string>();
    for (const { row } of this.#underWay.values()) {
      perSink.set(row.sink, (perSink.get(row.sink) ?? 0) + 1);
      traces.add(`${row.sink}\n${row.traceId}`);
    }
    this.#ready = this.#ready.filter((row) => {
      const count = perSink.get(row.sink) ?? 0;
      const trace = `${row.sink}\n${row.traceId}`;
      if (count >= this.#concurrency || traces.has(trace)) return true;
      perSink.set(row.sink, count + 1);
      traces.add(trace);
      this.#start(row);
      return false;
    });
  }

  #start(row: OutboxRow): void {
    const done = this.#deliver(row).then(
      () => this.#underWay.delete(row.id),
      (error: unknown) => {
        this.#underWay.delete(row.id);
        this.#pause(error);
      },
    );
    this.#underWay.set(row.id, { row, done: done.then(() => this.#pump()) });
  }

  /** Rejects only when the store fails. */
  async #deliver(row: OutboxRow): Promise<void> {
    const { store, clock } = this.#options;
    const sink = this.#sinks.get(row.sink);
    if (sink === undefined) {
      const reason = `No sink named "${row.sink}" is configured. Add it again, or leave the delivery waiting.`;
      await this.#tryLater(row, reason, clock.now() + DEFAULT_BACKOFF.maxMs);
      return;
    }
    const trace = await store.trace(row.traceId);
    if (trace === null) {
      await this.#giveUp(row, `Trace ${row.traceId} is no longer in the store.`);
      return;
    }
    if (trace.summary.revision > row.revision) {
      await store.delivered([row], clock.now());
      this.#options.onEvent?.({ kind: "superseded", row });
      return;
    }
    try {
      await sink.write([trace], this.#abort.signal);
    } catch (error) {
      if (!this.#abort.signal.aborted) await this.#failed(row, error);
      return;
    }
    await store.delivered([row], clock.now());
    this.#pausedFaults = 0;
    this.#options.onEvent?.({ kind: "delivered", row });
  }

  async #failed(row: OutboxRow, error: unknown): Promise<void> {
    const known = error instanceof TracegateError;
    const mayPass = known ? error.retryable : row.attempts + 1 < UNKNOWN_ERROR_TRIES;
    if (!mayPass) {
      await this.#giveUp(row, messageOf(error));
      return;
    }
    const { backoff = DEFAULT_BACKOFF, random = Math.random, clock } = this.#options;
    const retryAt = clock.now() + backoffMs(row.attempts + 1, backoff, random);
    await this.#tryLater(row, messageOf(error), Math.max(retryAt, known ? (error.retryAt ?? 0) : 0));
  }

  async #tryLater(row: OutboxRow, reason: string, retryAt: number): Promise<void> {
    await this.#options.store.deliveryFailed(row, reason, this.#options.clock.now(), retryAt);
    this.#retryTimes.add(Math.ceil(retryAt / RETRY_STEP_MS) * RETRY_STEP_MS);
    this.#options.onEvent?.({ kind: "retry", row, reason, retryAt });
  }

  async #giveUp(row: OutboxRow, reason: string): Promise<void> {
    await this.#options.store.deliveryFailed(row, reason, this.#options.clock.now(), null);
    this.#options.onEvent?.({ kind: "failed", row, reason });
  }

  /** The store failed: wait before touching it again. */
  #pause(error: unknown): void {
    this.#options.onEvent?.({ kind: "fault", reason: messageOf(error) });
    if (this.#stopped || this.#paused) return;
    this.#paused = true;
    clearTimeout(this.#timer);
    const wait = backoffMs(++this.#pausedFaults, this.#options.backoff ?? DEFAULT_BACKOFF);
    this.#timer = setTimeout(() => {
      this.#paused = false;
      this.wake();
    }, wait);
  }

  /** Nothing more can be started now: sleep until the next retry time, or tell those who wait for the end. */
  #rest(): void {
    if (this.#stopped || this.#paused) return;
    if (this.#underWay.size === 0 && this.#ready.length === 0) this.#releaseWaiters();
    const now = this.#options.clock.now();
    let wait = this.#options.sweepMs ?? 15_000;
    for (const time of this.#retryTimes) {
      wait = Math.min(wait, Math.max(0, time - now));
      if (time <= now) this.#retryTimes.delete(time);
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.wake(), wait);
  }

  #releaseWaiters(): void {
    const waiters = this.#idleWaiters;
    this.#idleWaiters = [];
    for (const resolve of waiters) resolve();
  }
}

/** True when the promise settled within the time. */
async function within(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([promise.then(() => true), timeUp]);
  } finally {
    clearTimeout(timer);
  }
}
