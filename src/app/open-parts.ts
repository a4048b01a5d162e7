import { within } from "../pipeline/within.ts";
import { type TellFault, tellThrown } from "./site-events.ts";

/** What a part may take beyond its grace before it is left open, ms. */
const PATIENCE_MS = 6_000;

/** What has been opened, to be closed in the opposite order. */
export class OpenParts {
  readonly #closers: ((graceMs: number) => Promise<unknown>)[] = [];
  readonly #onFault: TellFault;

  /** @param onFault told of parts that cannot be closed */
  constructor(onFault: TellFault) {
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
      const closing = close(left).catch((error) => tellThrown(this.#onFault, "shutdown", "closing", error));
      if (await within(closing, left + PATIENCE_MS)) continue;
      const message = "A part did not end in time and is left as it is.";
      this.#onFault(message, { part: "shutdown", code: "unavailable" });
    }
  }
}
