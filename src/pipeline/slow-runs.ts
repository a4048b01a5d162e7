/** Durations of a service that are looked at, and how many it takes to know what is slow for it. */
const WINDOW = 1_000;
const ENOUGH = 200;
/** The share of runs that is not slow. */
const USUAL = 0.99;
/** New durations after which the threshold is worked out again. */
const RENEW_AFTER = 50;
/** Services come from traces, which may name as many as they like. */
const MAX_SERVICES = 1_000;

interface Durations {
  /** The last ones, ms, as a ring. */
  readonly ring: number[];
  added: number;
  thresholdMs: number | null;
}

/**
 * What is slow for each service, from the runs this process has seen: longer than 99 of 100 of the last 1,000. A chat answers
 * in seconds and a coding agent in an hour, so no one number would do for both.
 */
export class SlowRuns {
  readonly #services = new Map<string, Durations>();

  /** A run that takes longer is slow, ms; null until 200 runs have been seen. */
  thresholdMs(service: string | null): number | null {
    return this.#services.get(service ?? "")?.thresholdMs ?? null;
  }

  /** Remembers a run. Ask for the threshold before, so that no run is measured by itself. */
  add(service: string | null, durationMs: number): void {
    const durations = this.#of(service ?? "");
    durations.ring[durations.added % WINDOW] = durationMs;
    durations.added += 1;
    if (durations.added >= ENOUGH && durations.added % RENEW_AFTER === 0)
      durations.thresholdMs = usualMost(durations.ring);
  }

  #of(service: string): Durations {
    const known = this.#services.get(service);
    if (known !== undefined) return known;
    const [oldest] = this.#services.keys();
    if (this.#services.size >= MAX_SERVICES && oldest !== undefined) this.#services.delete(oldest);
    const durations: Durations = { ring: [], added: 0, thresholdMs: null };
    this.#services.set(service, durations);
    return durations;
  }
}

function usualMost(ring: readonly number[]): number | null {
  const sorted = Float64Array.from(ring).sort();
  return sorted[Math.ceil(USUAL * sorted.length) - 1] ?? null;
}
