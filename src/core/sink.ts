import type { StoredTrace } from "./scored-traces.ts";

/**
 * Where scores are written. `write` may be called again with the same trace; the second call must leave
 * the backend as the first did, which is what the score ids are for.
 */
export interface Sink {
  /** Unique in a configuration, e.g. `otlp`. Names the outbox rows, so renaming one re-delivers nothing. */
  readonly name: string;
  /** Throws a `TracegateError`; `retryable` says whether the outbox tries again. */
  write(traces: readonly StoredTrace[], signal: AbortSignal): Promise<void>;
  /**
   * Takes what our own judges were asked and answered, as OTLP `TracesData` under our own service. Absent: this backend is not told. Throws
   * like `write`; it is tried once.
   */
  judgeCalls?(spans: Uint8Array, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
