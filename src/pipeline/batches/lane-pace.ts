import { DoublingWait } from "./doubling-wait.ts";

const FIRST_PAUSE_MS = 60_000;
const MOST_PAUSE_MS = 1_800_000;
/** A batch is not made smaller than this, bytes. */
const LEAST_BYTES = 64_000;

/**
 * How fast the lanes of this process may go: until when none of a lane's questions is sent, and how large its batches are. Other processes
 * find out for themselves.
 */
export class LanePace {
  readonly #waits = new DoublingWait(FIRST_PAUSE_MS, MOST_PAUSE_MS);
  /** Unix ms. */
  readonly #pauses = new Map<string, number>();
  readonly #mostBytes = new Map<string, number>();

  mayForm(lane: string, now: number): boolean {
    return (this.#pauses.get(lane) ?? 0) <= now;
  }

  /** Most bytes of the next batch, where its provider takes `most`. */
  maxBytes(lane: string, most: number): number {
    return Math.min(this.#mostBytes.get(lane) ?? most, most);
  }

  /**
   * Something went wrong that may pass: nothing is sent for a minute, and twice as long each time, up to half an hour, until a batch
   * brings answers. What goes wrong during a pause does not count again.
   *
   * @param until at least so long, Unix ms.
   */
  pause(lane: string, now: number, until = 0): void {
    const since = this.mayForm(lane, now) ? now + this.#waits.next(lane) : (this.#pauses.get(lane) ?? 0);
    this.#pauses.set(lane, Math.max(since, until));
  }

  /** A batch of so many bytes was too much for now: the next one is at most half as large. */
  shrink(lane: string, bytes: number): void {
    const half = Math.max(LEAST_BYTES, Math.floor(bytes / 2));
    this.#mostBytes.set(lane, Math.min(half, this.#mostBytes.get(lane) ?? half));
  }

  /** A batch brought answers: the next ones may be twice as large. */
  brought(lane: string): void {
    this.#waits.reset(lane);
    const bytes = this.#mostBytes.get(lane);
    if (bytes !== undefined) this.#mostBytes.set(lane, 2 * bytes);
  }
}
