import type { Reserved } from "../../core/batch-questions.ts";

/** So many are remembered; what was taken for older ones stays taken. */
const MOST = 10_000;

/**
 * What was taken from purses for questions that the store could not be told of. It may have heard of them all the same, so nothing is
 * given back; but whoever asks the same again in this process takes nothing more.
 */
export class LooseReservations {
  readonly #byKey = new Map<string, Reserved>();

  keep(key: string, reserved: Reserved): void {
    const [oldest] = this.#byKey.keys();
    if (oldest !== undefined && this.#byKey.size >= MOST) this.#byKey.delete(oldest);
    this.#byKey.set(key, reserved);
  }

  /** Null: there is nothing loose. */
  take(key: string): Reserved | null {
    const reserved = this.#byKey.get(key) ?? null;
    this.#byKey.delete(key);
    return reserved;
  }
}
