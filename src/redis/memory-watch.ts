import { TracegateError } from "../core/errors.ts";
import { nodesOf, type RedisClient } from "./connect.ts";

const LOOK_EVERY_MS = 1_000;

/**
 * Refuses new spans before Redis is full. BullMQ needs memory to hand a job out, so in a Redis that spans have filled
 * nothing could be scored any more, and it would stay full.
 */
export class MemoryWatch {
  readonly #redis: RedisClient;
  readonly #share: number;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | null = null;
  #full: string | null = null;

  /** @param share of `maxmemory` above which spans are refused, 0..1 */
  constructor(redis: RedisClient, share: number) {
    this.#redis = redis;
    this.#share = share;
  }

  /** @throws TracegateError `overloaded` (retryable) */
  async check(): Promise<void> {
    if (performance.now() - this.#lookedAt > LOOK_EVERY_MS) {
      this.#looking ??= this.#look().finally(() => {
        this.#looking = null;
      });
      await this.#looking;
    }
    if (this.#full !== null) throw new TracegateError("overloaded", this.#full, { retryable: true });
  }

  async #look(): Promise<void> {
    const texts = await Promise.all(nodesOf(this.#redis).map((node) => node.info("memory")));
    const uses = texts.map((text) => {
      const number = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, "m").exec(text)?.[1] ?? 0);
      return { used: number("used_memory") - number("mem_not_counted_for_evict"), most: number("maxmemory") };
    });
    const full = uses.find(({ used, most }) => most > 0 && used > most * this.#share);
    this.#full = full
      ? `Redis holds ${full.used} of its ${full.most} bytes (maxmemory); the rest is kept for scoring what waits. Send the spans again later; add workers, or raise maxmemory.`
      : null;
    this.#lookedAt = performance.now();
  }
}
