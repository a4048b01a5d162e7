import { setImmediate } from "node:timers/promises";

import type { Clock } from "../../src/core/clock.ts";

/** A clock that moves on only when everybody waits for it: minutes of waiting pass in no time, always in the same order. */
export class OwnedTime implements Clock {
  #now = 0;
  #waiting: { at: number; resolve: () => void }[] = [];
  #working = 0;

  now(): number {
    return this.#now;
  }

  /** Resolves when it is that late. Only inside of {@link run}. */
  until(at: number): Promise<void> {
    this.#working -= 1;
    return new Promise((resolve) => {
      this.#waiting.push({ at, resolve });
    });
  }

  /** Runs them side by side; time passes while all of them wait. */
  async run(tasks: readonly (() => Promise<void>)[]): Promise<void> {
    this.#working += tasks.length;
    let failure: unknown;
    let left = tasks.length;
    for (const task of tasks) {
      task()
        .catch((error: unknown) => {
          failure ??= error;
        })
        .finally(() => {
          this.#working -= 1;
          left -= 1;
        });
    }
    while (left > 0 && failure === undefined) {
      if (this.#working > 0) await setImmediate();
      else this.#wakeNext();
    }
    if (failure !== undefined) throw failure;
  }

  #wakeNext(): void {
    this.#waiting.sort((a, b) => a.at - b.at);
    const next = this.#waiting.shift();
    if (next === undefined) throw new Error("Nobody works and nobody waits.");
    this.#now = Math.max(this.#now, next.at);
    this.#working += 1;
    next.resolve();
  }
}
