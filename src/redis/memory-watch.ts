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
  /** Bytes that may still be taken, as of the last look, less those taken since by this process. */
  #room = Number.POSITIVE_INFINITY;
  #roomLeft = Number.POSITIVE_INFINITY;
  #full: string | null = null;

  /** @param share of `maxmemory` above which spans are refused, 0..1 */
  constructor(redis: RedisClient, share: number) {
    this.#redis = redis;
    this.#share = share;
  }

  /**
   * Looks every second, and sooner where half of what was free then has been taken: a burst is quicker than a second.
   *
   * @param bytes about to be taken
   * @throws TracegateError `overloaded` (retryable)
   */
  async check(bytes: number): Promise<void> {
    this.#roomLeft -= bytes;
    const isOld = performance.now() - this.#lookedAt > LOOK_EVERY_MS;
    if (isOld || (this.#full === null && this.#roomLeft < this.#room / 2)) {
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
    const rooms = uses.map(({ used, most }) =>
      most > 0 ? most * this.#share - used : Number.POSITIVE_INFINITY,
    );
    this.#room = Math.max(0, Math.min(...rooms));
    this.#roomLeft = this.#room;
    this.#lookedAt = performance.now();
  }
}
