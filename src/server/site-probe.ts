import { messageOf } from "../core/errors.ts";
import type { Queue, QueueCounts } from "../core/queue.ts";
import type { OpenDecisions, Pause, Store } from "../core/store.ts";
import type { TraceBuffer } from "../core/trace-buffer.ts";

/** What a process stands on. */
export interface ProbedParts {
  readonly buffer: Pick<TraceBuffer, "counts">;
  readonly queue: Pick<Queue, "counts" | "oldest">;
  readonly store: Pick<Store, "waiting" | "openDecisions" | "pauses" | "batchCounts">;
}

/** What each part says of itself; null where it did not answer. */
export interface SiteLevels {
  readonly buffer: Awaited<ReturnType<TraceBuffer["counts"]>> | null;
  readonly queue: (QueueCounts & { readonly oldestAt: number | null }) | null;
  readonly store: {
    readonly waiting: Awaited<ReturnType<Store["waiting"]>>;
    readonly decisions: readonly OpenDecisions[];
    readonly pauses: readonly Pause[];
    readonly batchCounts: Awaited<ReturnType<Store["batchCounts"]>>;
  } | null;
  /** Why, of those that did not answer. */
  readonly reasons: { readonly [part in "buffer" | "queue" | "store"]?: string };
}

/** Options of {@link SiteProbe}. */
export interface SiteProbeOptions {
  /** How long a part may take, ms. Default 2,000. */
  readonly timeoutMs?: number;
  /** How long an answer is given to whoever asks next, ms: health checks and scrapers add up. Default 1,000. */
  readonly keepMs?: number;
}

/** Asks buffer, queue and store how they are. */
export class SiteProbe {
  readonly #parts: ProbedParts;
  readonly #timeoutMs: number;
  readonly #keepMs: number;
  #asked: { readonly at: number; readonly levels: Promise<SiteLevels> } | null = null;

  constructor(parts: ProbedParts, { timeoutMs = 2_000, keepMs = 1_000 }: SiteProbeOptions = {}) {
    this.#parts = parts;
    this.#timeoutMs = timeoutMs;
    this.#keepMs = keepMs;
  }

  /** Never throws. */
  levels(): Promise<SiteLevels> {
    const now = performance.now();
    if (this.#asked === null || now - this.#asked.at > this.#keepMs)
      this.#asked = { at: now, levels: this.#ask() };
    return this.#asked.levels;
  }

  async #ask(): Promise<SiteLevels> {
    const { buffer, queue, store } = this.#parts;
    const [buffered, queued, stored] = await Promise.all([
      this.#within(() => buffer.counts()),
      this.#within(async () => ({ ...(await queue.counts()), oldestAt: await queue.oldest() })),
      this.#within(async () => {
        const [waiting, decisions, pauses, batchCounts] = await Promise.all([
          store.waiting(),
          store.openDecisions(),
          store.pauses(),
          store.batchCounts(),
        ]);
        return { waiting, decisions, pauses, batchCounts };
      }),
    ]);
    const reasons = {
      ...(buffered.reason !== null && { buffer: buffered.reason }),
      ...(queued.reason !== null && { queue: queued.reason }),
      ...(stored.reason !== null && { store: stored.reason }),
    };
    return { buffer: buffered.value, queue: queued.value, store: stored.value, reasons };
  }

  async #within<T>(
    ask: () => Promise<T>,
  ): Promise<{ readonly value: T | null; readonly reason: string | null }> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => late.reject(new Error(`no answer within ${this.#timeoutMs} ms`)),
      this.#timeoutMs,
    );
    try {
      return { value: await Promise.race([ask(), late.promise]), reason: null };
    } catch (error) {
      return { value: null, reason: messageOf(error) };
    } finally {
      clearTimeout(timer);
    }
  }
}
