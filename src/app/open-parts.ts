import { messageOf } from "../core/errors.ts";

/** What has been opened, to be closed in the opposite order. */
export class OpenParts {
  readonly #closers: ((graceMs: number) => Promise<unknown>)[] = [];
  readonly #onFault: (message: string) => void;

  /** @param onFault told of parts that cannot be closed */
  constructor(onFault: (message: string) => void) {
    this.#onFault = onFault;
  }

  /** Remembers how to close what was opened just now. */
  opened(close: (graceMs: number) => Promise<unknown>): void {
    this.#closers.push(close);
  }

  /**
   * Closes everything, what was opened last first; `graceMs` is for all of it together. One part that cannot be closed
   * does not keep the others open.
   */
  async close(graceMs: number): Promise<void> {
    const end = performance.now() + graceMs;
    for (let close = this.#closers.pop(); close; close = this.#closers.pop()) {
      const left = Math.max(0, end - performance.now());
      await close(left).catch((error) => this.#onFault(`closing: ${messageOf(error)}`));
    }
  }
}
