/** Waits by name, each twice as long as the one before of the same name. Known to one process only. */
export class DoublingWait {
  readonly #firstMs: number;
  readonly #mostMs: number;
  readonly #next = new Map<string, number>();

  /** Times in ms. */
  constructor(firstMs: number, mostMs: number) {
    this.#firstMs = firstMs;
    this.#mostMs = mostMs;
  }

  /** The next wait, ms. */
  next(name: string): number {
    const wait = Math.min(this.#next.get(name) ?? this.#firstMs, this.#mostMs);
    this.#next.set(name, 2 * wait);
    return wait;
  }

  /** The next wait of that name is a first one again. */
  reset(name: string): void {
    this.#next.delete(name);
  }
}
