import { backoffMs } from "../core/backoff.ts";
import type { Clock } from "../core/clock.ts";
import { TracegateError } from "../core/errors.ts";
import type { Job, Queue } from "../core/queue.ts";
import type { TraceFragment } from "../core/span.ts";
import type { CompletionPolicy, SealedTrace, TraceBuffer } from "../core/trace-buffer.ts";
import type { Pressure } from "./pressure.ts";
import type { Urgency } from "./urgency.ts";

const SEALED_AT_ONCE = 32;
const RETRY = { baseMs: 250, maxMs: 10_000 };
const MAX_TIMER_MS = 2 ** 31 - 1;

/** What the assembler tells of its work. `fault`: sealing or enqueuing failed; it is tried again. */
export type AssemblerEvent =
  | { readonly kind: "sealed"; readonly traces: readonly SealedTrace[] }
  | { readonly kind: "fault"; readonly error: unknown; readonly retryInMs: number };

/** Options of {@link startAssembler}. */
export interface AssemblerOptions {
  readonly buffer: TraceBuffer;
  readonly queue: Pick<Queue, "enqueue">;
  readonly policy: CompletionPolicy;
  readonly clock: Clock;
  /** Asked before spans are taken. Default: everything is taken. */
  readonly pressure?: Pick<Pressure, "admit">;
  /** Which traces are queued before the others. Default: none. */
  readonly urgency?: Urgency;
  /**
   * For a buffer that several processes share: how often to look for traces that another sealed and did not queue before
   * it died, and for what became due there, ms. Default: never; the buffer is this process' own.
   */
  readonly sweepEveryMs?: number;
  /** Least time from one round of sealing to the next, ms, so that a shared buffer is asked for many traces at once. Default 0. */
  readonly roundEveryMs?: number;
  /** Must not throw. */
  readonly onEvent?: (event: AssemblerEvent) => void;
}

/** Takes spans in and queues a job for each trace that is complete. */
export interface Assembler {
  /**
   * Resolves once the spans are durable.
   *
   * @throws TracegateError `overloaded` (retryable) when too much waits or the assembler has stopped.
   */
  accept(fragments: readonly TraceFragment[], receivedAt: number): Promise<void>;
  /** The sender says the trace is complete; resolves once that is durable. */
  signal(traceId: string): Promise<void>;
  /** Seals and queues what is complete now; resolves when that is done and throws when it failed. */
  flush(): Promise<void>;
  /** Seals no more; what is open or sealed stays in the buffer for the next start. */
  stop(): Promise<void>;
}

/**
 * Starts the assembler; traces a former process sealed without queuing are queued first. It sleeps until
 * the buffer's next due time: nothing is polled, unless the buffer is shared.
 */
export async function startAssembler(options: AssemblerOptions): Promise<Assembler> {
  const assembler = new TimedAssembler(options);
  await assembler.start();
  return assembler;
}

class TimedAssembler implements Assembler {
  readonly #options: AssemblerOptions;
  #timer: NodeJS.Timeout | undefined;
  /** Unix ms for which the timer is set. */
  #plannedFor = Number.POSITIVE_INFINITY;
  #current: Promise<void> = Promise.resolve();
  /** The round after the current one, when somebody asked for it. */
  #next: Promise<void> | null = null;
  /** Sealed traces may be in the buffer that are not in the queue. */
  #unqueued = true;
  #lastRound = Number.NEGATIVE_INFINITY;
  #lastSweep = Number.NEGATIVE_INFINITY;
  #failures = 0;
  #stopped = false;

  constructor(options: AssemblerOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    await this.#roundInBackground();
  }

  async accept(fragments: readonly TraceFragment[], receivedAt: number): Promise<void> {
    const { pressure, urgency } = this.#options;
    if (this.#stopped) throw stopping();
    await pressure?.admit(fragments.reduce((sum, { bytes }) => sum + bytes.length, 0));
    for (const fragment of fragments) urgency?.note(fragment);
    const { added, dueAt } = await this.#options.buffer.append(fragments, receivedAt);
    if (dueAt === undefined) await this.#plan();
    else if (added > 0 && dueAt !== null && this.#failures === 0) this.#planFor(dueAt);
  }

  async signal(traceId: string): Promise<void> {
    await this.#options.buffer.signal(traceId, this.#options.clock.now());
    if (this.#failures === 0) this.#planFor(this.#options.clock.now());
  }

  flush(): Promise<void> {
    if (this.#stopped) return this.#current;
    this.#next ??= this.#current
      .catch(() => {})
      .then(() => {
        this.#next = null;
        this.#current = this.#round();
        return this.#current;
      });
    return this.#next;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await (this.#next ?? this.#current).catch(() => {});
  }

  /** One round: queue what is sealed, seal what is due, plan the next round. */
  async #round(): Promise<void> {
    const { clock, sweepEveryMs } = this.#options;
    this.#lastRound = clock.now();
    await this.#sweep();
    try {
      await this.#sealWhatIsDue();
    } catch (error) {
      // Some of them may be sealed.
      this.#unqueued = true;
      throw error;
    }
    this.#failures = 0;
    await this.#plan();
    if (sweepEveryMs !== undefined) this.#planFor(clock.now() + sweepEveryMs);
  }

  async #sealWhatIsDue(): Promise<void> {
    const { buffer, policy, clock } = this.#options;
    for (;;) {
      const dueAt = this.#stopped ? null : await buffer.nextDue(policy);
      const now = clock.now();
      if (dueAt === null || dueAt > now) break;
      const sealed = await buffer.seal(now, policy, SEALED_AT_ONCE);
      if (sealed.length === 0) break;
      await this.#enqueue(sealed);
    }
  }

  /** Queues what is sealed and may not be queued: after a fault of ours all of it, else what others left behind. */
  async #sweep(): Promise<void> {
    const { buffer, clock, sweepEveryMs = Number.POSITIVE_INFINITY } = this.#options;
    const now = clock.now();
    if (this.#unqueued) await this.#enqueue(await buffer.sealed());
    else if (now - this.#lastSweep >= sweepEveryMs) {
      // Whoever sealed a trace just now is about to queue it.
      const left = (await buffer.sealed()).filter(({ sealedAt }) => sealedAt <= now - sweepEveryMs);
      await this.#enqueue(left);
    } else return;
    this.#lastSweep = now;
  }

  async #enqueue(sealed: readonly SealedTrace[]): Promise<void> {
    this.#unqueued = true;
    if (sealed.length > 0) {
      const { queue, buffer, urgency } = this.#options;
      const urgent = sealed.filter(({ traceId }) => urgency?.has(traceId));
      if (urgent.length > 0) await queue.enqueue(urgent.map(jobOf), { urgent: true });
      const others = sealed.filter((trace) => !urgent.includes(trace));
      if (others.length > 0) await queue.enqueue(others.map(jobOf));
      await buffer.enqueued(sealed);
      for (const { traceId } of urgent) urgency?.forget(traceId);
      this.#options.onEvent?.({ kind: "sealed", traces: sealed });
    }
    this.#unqueued = false;
  }

  async #roundInBackground(): Promise<void> {
    try {
      await this.flush();
    } catch (error) {
      this.#failures += 1;
      const retryInMs = backoffMs(this.#failures, RETRY);
      this.#options.onEvent?.({ kind: "fault", error, retryInMs });
      this.#planFor(this.#options.clock.now() + retryInMs);
    }
  }

  async #plan(): Promise<void> {
    // While the queue is away, the timer of the retry decides.
    if (this.#failures > 0) return;
    const dueAt = await this.#options.buffer.nextDue(this.#options.policy);
    if (dueAt !== null) this.#planFor(dueAt);
  }

  /** Sets the timer unless it is set for an earlier time already. */
  #planFor(wantedAt: number): void {
    const dueAt = Math.max(wantedAt, this.#lastRound + (this.#options.roundEveryMs ?? 0));
    if (this.#stopped || dueAt >= this.#plannedFor) return;
    clearTimeout(this.#timer);
    this.#plannedFor = dueAt;
    const wait = Math.min(Math.max(dueAt - this.#options.clock.now(), 1), MAX_TIMER_MS);
    this.#timer = setTimeout(() => {
      this.#plannedFor = Number.POSITIVE_INFINITY;
      void this.#roundInBackground();
    }, wait);
  }
}

function jobOf({ traceId, revision }: SealedTrace): Job {
  return { v: 1, traceId, revision, from: "buffer" };
}

function stopping(): TracegateError {
  const message = "This process is stopping. Send the spans again later.";
  return new TracegateError("overloaded", message, { retryable: true });
}
