import type { TraceFragment } from "../core/span.ts";

/** Options of {@link Urgency}. */
export interface UrgencyOptions {
  /** So many first traces of each version of a service are urgent; counted from the start of the process. Default 200. */
  readonly firstOfVersion?: number;
}

/** Traces remembered at once. */
const MOST_TRACES = 50_000;
const MOST_VERSIONS = 1_000;

/**
 * Which traces should be scored before the others when more waits than can be done: those with a span that failed, and the
 * first of a new version. Known by what came through this process, and only in memory: a trace that another one seals, or
 * that is sealed after a restart, waits its turn like the rest.
 */
export class Urgency {
  readonly #firstOfVersion: number;
  readonly #urgent = new Set<string>();
  readonly #versions = new Map<string, number>();

  constructor({ firstOfVersion = 200 }: UrgencyOptions = {}) {
    this.#firstOfVersion = firstOfVersion;
  }

  /** Looks at spans that arrive. */
  note(fragment: Pick<TraceFragment, "traceId" | "heads" | "service" | "version">): void {
    const { traceId, heads } = fragment;
    if (!heads.some(({ failed }) => failed) && !this.#isNewVersion(fragment)) return;
    this.#urgent.add(traceId);
    if (this.#urgent.size > MOST_TRACES)
      for (const oldest of this.#urgent) {
        this.#urgent.delete(oldest);
        break;
      }
  }

  has(traceId: string): boolean {
    return this.#urgent.has(traceId);
  }

  /** The trace is queued. */
  forget(traceId: string): void {
    this.#urgent.delete(traceId);
  }

  /** A trace is counted by the fragment that brings its root. */
  #isNewVersion({ heads, service, version }: Pick<TraceFragment, "heads" | "service" | "version">): boolean {
    if (version === undefined || !heads.some(({ parentSpanId }) => parentSpanId === null)) return false;
    const key = `${service}\n${version}`;
    const before = this.#versions.get(key) ?? 0;
    if (before >= this.#firstOfVersion) return false;
    // Somebody who makes up versions is not urgent.
    if (before === 0 && this.#versions.size >= MOST_VERSIONS) return false;
    this.#versions.set(key, before + 1);
    return true;
  }
}
