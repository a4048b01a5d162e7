import type { Clock } from "../core/clock.ts";
import { TracegateError } from "../core/errors.ts";
import type { Queue } from "../core/queue.ts";
import type { TraceBuffer } from "../core/trace-buffer.ts";

/** From where on new spans are refused. */
export interface OverloadLimits {
  /** Bytes of spans that wait. Default 4 GiB. */
  readonly bytes: number;
  /** How long a job may wait, ms; null: any time. Default null. */
  readonly queueAgeMs: number | null;
  /**
   * Below this share of a limit, 0..1, spans are taken again. Between it and the limit nothing changes, so that senders do
   * not find the door open and closed by turns. Default 0.8.
   */
  readonly resumeShare: number;
}

/** The limits where nothing else is said. */
export const OVERLOAD: OverloadLimits = { bytes: 4 * 1024 ** 3, queueAgeMs: null, resumeShare: 0.8 };

/** Options of {@link Pressure}. */
export interface PressureOptions {
  readonly buffer: Pick<TraceBuffer, "counts">;
  readonly queue: Pick<Queue, "oldest">;
  readonly limits: OverloadLimits;
  readonly clock: Clock;
  /** Told when refusing begins (why) and ends (null). Must not throw. */
  readonly onChange?: (why: string | null) => void;
}

/** How long a look counts, ms. */
const LOOK_EVERY_MS = 1_000;
/** When senders are to come back, ms; spread, so that they do not come back together. */
const RETRY_MS = { least: 5_000, spread: 10_000 };

/** Knows whether too much waits to take more. */
export class Pressure {
  readonly #options: PressureOptions;
  /** What was found, when, and the bytes that came since. */
  #looked = { bytes: 0, at: Number.NEGATIVE_INFINITY, since: 0 };
  #looking: Promise<void> | null = null;
  #why: string | null = null;

  constructor(options: PressureOptions) {
    this.#options = options;
  }

  /** Spans are being refused. */
  get isHigh(): boolean {
    return this.#why !== null;
  }

  /**
   * Lets this many bytes in, or not. Buffer and queue are looked at when what came since could have filled the buffer, and
   * now and then, because others fill it and empty it too.
   *
   * @throws TracegateError `overloaded` (retryable)
   */
  async admit(bytes: number): Promise<void> {
    const { clock, limits } = this.#options;
    const { at, since } = this.#looked;
    const isOld = clock.now() - at >= LOOK_EVERY_MS || since >= (limits.bytes - this.#looked.bytes) / 8;
    if (isOld) {
      this.#looking ??= this.#look().finally(() => {
        this.#looking = null;
      });
      await this.#looking;
    }
    if (this.#why !== null) throw this.#refusal(this.#why);
    this.#looked.since += bytes;
  }

  async #look(): Promise<void> {
    const { buffer, queue, limits, clock, onChange = () => {} } = this.#options;
    const { bytes } = await buffer.counts();
    const oldestAt = limits.queueAgeMs === null ? null : await queue.oldest();
    const now = clock.now();
    this.#looked = { bytes, at: now, since: 0 };
    const share = this.#why === null ? 1 : limits.resumeShare;
    const before = this.#why;
    this.#why = overBytes(bytes, limits.bytes, share) ?? overAge(oldestAt, now, limits.queueAgeMs, share);
    if ((this.#why === null) !== (before === null)) onChange(this.#why);
  }

  #refusal(why: string): TracegateError {
    const retryAt = this.#options.clock.now() + RETRY_MS.least + Math.random() * RETRY_MS.spread;
    return new TracegateError("overloaded", `${why}. Send the spans again later.`, {
      retryable: true,
      retryAt,
    });
  }
}

function overBytes(bytes: number, limit: number, share: number): string | null {
  if (bytes < limit * share) return null;
  return `${bytes} bytes of spans wait to be scored; the limit is ${limit}`;
}

function overAge(oldestAt: number | null, now: number, limit: number | null, share: number): string | null {
  if (oldestAt === null || limit === null) return null;
  const age = Math.round(now - oldestAt);
  return age < limit * share ? null : `A trace has waited for ${age} ms to be scored; the limit is ${limit}`;
}
