import { type Backoff, backoffMs } from "../core/backoff.ts";
import type { Clock } from "../core/clock.ts";
import { messageOf, TracegateError } from "../core/errors.ts";
import type { OutboxRow } from "../core/outbox.ts";
import type { Sink } from "../core/sink.ts";
import type { Store, StoredTrace } from "../core/store.ts";

/** How deliveries are made. */
export interface LaneOptions {
  readonly store: Pick<Store, "outbox" | "contentOf" | "delivered" | "deliveryFailed" | "releaseDeliveries">;
  readonly clock: Clock;
  /** Requests under way at once, per sink, so that one slow sink does not hold up another. Default 4. */
  readonly concurrency?: number;
  readonly backoff?: Backoff;
  /** Longest time between two looks into the outbox, ms, for rows another process wrote. Default 15,000. */
  readonly sweepMs?: number;
  /**
   * How long rows that were taken stay out of reach of other processes when this one dies, and how long one
   * write may take before it is given up, ms. Default 60,000.
   */
  readonly leaseMs?: number;
  /** Source of the jitter, [0, 1). Default `Math.random`. */
  readonly random?: () => number;
  /** Told what became of each row. Must not throw. */
  readonly onEvent?: (event: DeliveryEvent) => void;
}

/** What became of a delivery. `fault`: the store itself failed; the loop pauses and goes on. */
export type DeliveryEvent = End | { readonly kind: "fault"; readonly reason: string };

/** How a try ended, as the store is told. */
type End =
  | { readonly kind: "delivered" | "superseded"; readonly row: OutboxRow }
  | { readonly kind: "retry"; readonly row: OutboxRow; readonly reason: string; readonly retryAt: number }
  | { readonly kind: "failed"; readonly row: OutboxRow; readonly reason: string };

/** What a lane needs besides its sink. */
export interface LaneSetting extends LaneOptions {
  /** Under this name rows are leased. */
  readonly holder: string;
  /** Fires when writes under way must end. */
  readonly stopSignal: AbortSignal;
}

/** One second, doubling, five minutes at most. */
const DEFAULT_BACKOFF: Backoff = { baseMs: 1_000, maxMs: 300_000 };
/** Rows leased ahead. */
const WINDOW = 64;
/** Tries of a row whose sink throws something that is not a `TracegateError`, so says nothing of retrying. */
const UNKNOWN_ERROR_TRIES = 8;
/** Retry times are kept in steps of this many ms, which bounds how many there are. */
const RETRY_STEP_MS = 100;

/** The deliveries to one sink. */
export class SinkLane {
  readonly #sink: Sink;
  readonly #setting: LaneSetting;
  readonly #leaseMs: number;
  /** Leased and not started yet, oldest first. */
  readonly #ready: OutboxRow[] = [];
  readonly #underWay = new Map<number, Promise<void>>();
  /** Ends the store could not be told yet: told first when it is there again, so that nothing is sent twice. */
  readonly #untold: End[] = [];
  readonly #retryTimes = new Set<number>();
  #pumping: Promise<void> | null = null;
  #pumpAgain = false;
  /** There may be rows that the last look did not find. */
  #lookAgain = false;
  /** Counts the looks, to see whether one happened during a delivery. */
  #looks = 0;
  #faults = 0;
  #paused = false;
  #stopped = false;
  #timer: NodeJS.Timeout | undefined;
  #idleWaiters: (() => void)[] = [];

  constructor(sink: Sink, setting: LaneSetting) {
    this.#sink = sink;
    this.#setting = setting;
    this.#leaseMs = setting.leaseMs ?? 60_000;
  }

  wake(): void {
    this.#lookAgain = true;
    this.#pump();
  }

  /** Resolves once nothing is under way and nothing is due. */
  async drain(): Promise<void> {
    if (this.#stopped) return;
    const idle = new Promise<void>((resolve) => this.#idleWaiters.push(resolve));
    this.wake();
    await idle;
  }

  /** Starts nothing more; resolves once nothing is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    this.#releaseWaiters();
    await this.#pumping;
    await Promise.all(this.#underWay.values());
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
    for (let end = this.#untold.pop(); end; end = this.#untold.pop()) await this.#tell(end);
    for (;;) {
      this.#startReady();
      const wanted = this.#lookAgain && this.#ready.length <= WINDOW / 4 && this.#hasFreeSlot();
      if (this.#stopped || !wanted) return;
      this.#lookAgain = false;
      this.#looks += 1;
      const { store, clock, holder } = this.#setting;
      const limit = WINDOW - this.#ready.length;
      const lease = { holder, leaseMs: this.#leaseMs, sink: this.#sink.name };
      const rows = await store.outbox(clock.now(), limit, lease);
      if (rows.length === limit) this.#lookAgain = true;
      this.#ready.push(...rows);
    }
  }

  #hasFreeSlot(): boolean {
    return this.#underWay.size < (this.#setting.concurrency ?? 4);
  }

  #startReady(): void {
    while (!this.#stopped && this.#ready.length > 0 && this.#hasFreeSlot()) {
      const row = this.#ready.shift();
      if (row === undefined) return;
      // It waited too long for its turn: its lease is left to end, and somebody takes it again.
      if (row.leaseUntil - this.#setting.clock.now() < this.#leaseMs / 4) this.#lookAt(row.leaseUntil);
      else this.#start(row);
    }
  }

  #start(row: OutboxRow): void {
    const looksBefore = this.#looks;
    const done = this.#deliver(row)
      .catch((error: unknown) => this.#pause(error))
      .then(() => {
        this.#underWay.delete(row.id);
        // Looks meanwhile have passed over later content and revisions of this trace.
        if (this.#looks !== looksBefore) this.#lookAgain = true;
        this.#pump();
      });
    this.#underWay.set(row.id, done);
  }

  /** Rejects only when the store fails. */
  async #deliver(row: OutboxRow): Promise<void> {
    const content = await this.#setting.store.contentOf(row).catch((error: unknown) => {
      this.#ready.unshift(row);
      throw error;
    });
    const end = await this.#try(content.row, content.trace);
    if (end !== null) await this.#tell(end);
  }

  /** Null when it was stopped. */
  async #try(row: OutboxRow, trace: StoredTrace | null): Promise<End | null> {
    if (trace === null) {
      return { kind: "failed", row, reason: `Trace ${row.traceId} is no longer in the store.` };
    }
    if (trace.summary.revision > row.revision) return { kind: "superseded", row };
    try {
      await this.#write(trace, row.leaseUntil - this.#setting.clock.now());
      return { kind: "delivered", row };
    } catch (error) {
      return this.#setting.stopSignal.aborted ? null : this.#failed(row, error);
    }
  }

  async #tell(end: End): Promise<void> {
    const { store, clock, onEvent } = this.#setting;
    try {
      if (end.kind === "retry") await store.deliveryFailed(end.row, end.reason, clock.now(), end.retryAt);
      else if (end.kind === "failed") await store.deliveryFailed(end.row, end.reason, clock.now(), null);
      else await store.delivered([end.row], clock.now());
    } catch (error) {
      this.#untold.push(end);
      throw error;
    }
    if (end.kind === "retry") this.#lookAt(end.retryAt);
    else this.#faults = 0;
    onEvent?.(end);
  }

  async #write(trace: StoredTrace, limitMs: number): Promise<void> {
    const late = new AbortController();
    const message = `${this.#sink.name} took longer than ${limitMs} ms.`;
    const timer = setTimeout(
      () => late.abort(new TracegateError("unavailable", message, { retryable: true })),
      limitMs,
    );
    try {
      await this.#sink.write([trace], AbortSignal.any([this.#setting.stopSignal, late.signal]));
    } finally {
      clearTimeout(timer);
    }
  }

  #failed(row: OutboxRow, error: unknown): End {
    const known = error instanceof TracegateError;
    const mayPass = known ? error.retryable : row.attempts + 1 < UNKNOWN_ERROR_TRIES;
    const reason = messageOf(error);
    if (!mayPass) return { kind: "failed", row, reason };
    const { backoff = DEFAULT_BACKOFF, random = Math.random, clock } = this.#setting;
    const earliest = clock.now() + backoffMs(row.attempts + 1, backoff, random);
    return { kind: "retry", row, reason, retryAt: Math.max(earliest, known ? (error.retryAt ?? 0) : 0) };
  }

  #lookAt(time: number): void {
    this.#retryTimes.add(Math.ceil(time / RETRY_STEP_MS) * RETRY_STEP_MS);
  }

  /** The store failed: wait before touching it again. */
  #pause(error: unknown): void {
    this.#setting.onEvent?.({ kind: "fault", reason: messageOf(error) });
    if (this.#stopped || this.#paused) return;
    this.#paused = true;
    clearTimeout(this.#timer);
    const wait = backoffMs(++this.#faults, this.#setting.backoff ?? DEFAULT_BACKOFF);
    this.#timer = setTimeout(() => {
      this.#paused = false;
      this.wake();
    }, wait);
  }

  /** Nothing more can be started now: sleep until the next retry time, or tell those who wait for the end. */
  #rest(): void {
    if (this.#stopped || this.#paused) return;
    const idle = this.#underWay.size + this.#ready.length + this.#untold.length === 0;
    if (idle) this.#releaseWaiters();
    const now = this.#setting.clock.now();
    let wait = this.#setting.sweepMs ?? 15_000;
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
