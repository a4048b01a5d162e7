/**
 * Lets work run side by side, and work that is suspect alone: it waits until nothing else runs, and nothing else begins
 * meanwhile. What kills the process then takes nobody with it.
 */
export class AloneGate {
  #running = 0;
  /** Suspects that wait or run. */
  #suspects = 0;
  #isAlone = false;
  #waiters: (() => void)[] = [];

  async run<Result>(suspect: boolean, work: () => Promise<Result>): Promise<Result> {
    if (suspect) this.#suspects += 1;
    while (suspect ? this.#running > 0 : this.#isAlone || this.#suspects > 0) await this.#change();
    this.#running += 1;
    this.#isAlone = suspect;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#isAlone = false;
      if (suspect) this.#suspects -= 1;
      const waiters = this.#waiters;
      this.#waiters = [];
      for (const wake of waiters) wake();
    }
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiters.push(resolve));
  }
}
