/** A share of a {@link ByteBudget}, held by one request. */
export interface ByteClaim {
  /** Adds to the share; false, and nothing added, when the budget has not that much left. */
  grow(bytes: number): boolean;
  /** Gives the whole share back. */
  release(): void;
}

/** Bytes that all requests under way may hold together. Refuses rather than waits. */
export class ByteBudget {
  readonly #total: number;
  #used = 0;

  /** @param total in bytes */
  constructor(total: number) {
    this.#total = total;
  }

  /** Bytes held now. */
  get used(): number {
    return this.#used;
  }

  /** Opens an empty share. */
  claim(): ByteClaim {
    let held = 0;
    return {
      grow: (bytes) => {
        if (this.#used + bytes > this.#total) return false;
        this.#used += bytes;
        held += bytes;
        return true;
      },
      release: () => {
        this.#used -= held;
        held = 0;
      },
    };
  }
}
