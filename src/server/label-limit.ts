/**
 * Keeps the number of time series bounded: names come from traces and configurations, and whoever makes up a tool name
 * per call must not fill the memory of those who collect metrics. The first names keep their place, for the life of the
 * process; later ones share one.
 */
export class LabelLimit {
  readonly #most: number;
  readonly #known = new Set<string>();

  /** @param most names told apart */
  constructor(most: number) {
    this.#most = most;
  }

  /** The name, at most 100 characters of it; `(other)` beyond the limit. */
  of(name: string): string {
    const short = name.slice(0, 100);
    if (this.#known.has(short)) return short;
    if (this.#known.size >= this.#most) return "(other)";
    this.#known.add(short);
    return short;
  }
}
