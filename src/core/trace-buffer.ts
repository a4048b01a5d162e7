import type { Tombstone } from "./purging.ts";
import type { TraceFragment } from "./span.ts";
import type { CompletionReason } from "./trace.ts";

/** When a trace is taken to be complete. Times in ms. */
export interface CompletionPolicy extends CompletionLimits {
  /**
   * Other limits for some services, by `service.name`. A trace follows the service of its root span, and until that
   * has arrived the service of its first one. What a service does not name holds as for the others.
   */
  readonly services?: { readonly [service: string]: CompletionOverride } | undefined;
}

/** What a service may have of its own; absent: as all others. */
export type CompletionOverride = {
  readonly [limit in keyof CompletionLimits]?: CompletionLimits[limit] | undefined;
};

/** Quiet times and limits of one trace. Times in ms. */
export interface CompletionLimits {
  /** Quiet time after the root ended and every parent is known. Default 10,000. */
  readonly afterRootMs: number;
  /** Quiet time without a usable root. Default 60,000. */
  readonly idleMs: number;
  /** Hard limits of one trace; beyond them it is `capped`. Defaults 1 h, 100,000 spans, 64 MiB. */
  readonly maxAgeMs: number;
  readonly maxSpans: number;
  readonly maxBytes: number;
}

/** A trace that has been sealed: its spans up to now are one revision. */
export interface SealedTrace {
  readonly traceId: string;
  readonly revision: number;
  readonly reason: CompletionReason;
  /** Unix ms of the seal. */
  readonly sealedAt: number;
}

/** What the buffer knows of a trace that is not scored yet. Without spans it has only log records so far. */
export interface BufferedTrace {
  readonly traceId: string;
  readonly state: "open" | "sealed";
  readonly spans: number;
  readonly bytes: number;
  /** Unix ms. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  readonly rootEnded: boolean;
  readonly missingParents: number;
}

/** What became of fragments. */
export interface Appended {
  /** How many spans and log records were new. */
  readonly added: number;
  /**
   * When the first of these traces is due if nothing more arrives, Unix ms, 0 for at once; null when nothing was
   * new. Absent where {@link TraceBuffer.nextDue} costs nothing.
   */
  readonly dueAt?: number | null;
}

/** The spans of a sealed revision. */
export interface SealedSpans extends SealedTrace {
  /** OTLP `TracesData`. */
  readonly chunks: readonly Uint8Array[];
  /** Zstd of the only chunk, where that is how the buffer keeps it: nobody needs to compress it once more. */
  readonly frame?: Uint8Array;
}

/**
 * Spans that wait until their trace is complete. Everything it has acknowledged survives SIGKILL.
 *
 * A span is known by (trace id, span id): one that arrives again changes nothing. A span that is new to
 * a trace already sealed opens the next revision, which contains the earlier spans too.
 *
 * Log records travel with the spans they belong to. One is known by its key; one that arrives again changes
 * nothing. A record counts as no span and completes no trace: records whose span has not arrived wait for it, up
 * to the policy's greatest age, and are then dropped. One that is new to a span of a sealed trace opens the next
 * revision, as a late span does.
 */
export interface TraceBuffer {
  /** Durable when it resolves. */
  append(fragments: readonly TraceFragment[], receivedAt: number): Promise<Appended>;
  /** The sender says the trace is complete. Unknown traces are remembered as signalled. */
  signal(traceId: string, at: number): Promise<void>;
  /** Seals what is complete by the policy at `now` and returns it, at most `limit`. */
  seal(now: number, policy: CompletionPolicy, limit: number): Promise<readonly SealedTrace[]>;
  /** Sealed traces whose job may not have been enqueued; whoever sealed them may be about to. Enqueue old ones again. */
  sealed(): Promise<readonly SealedTrace[]>;
  /** Marks a sealed trace as handed to the queue. */
  enqueued(traces: readonly SealedTrace[]): Promise<void>;
  /** All spans of a sealed revision; null when it was released or never there. */
  read(traceId: string, revision: number): Promise<SealedSpans | null>;
  /** The revision is stored elsewhere now; its bytes may go. Ids stay known, so that repeats are recognised. */
  release(traceId: string, revision: number): Promise<void>;
  /** For `tracegate why`: null when the trace was never seen or is released. */
  describe(traceId: string): Promise<BufferedTrace | null>;
  /**
   * Deletes all of some traces, open and sealed, ids of their spans included, and takes nothing of them until the tombstone
   * ends: what comes is acknowledged and dropped. Returns of how many something waited.
   */
  purge(traceIds: readonly string[], tombstone: Tombstone): Promise<number>;
  /** Ids of traces that wait, open or sealed, whose spans something is found in. Reads all of them. */
  search(finds: (traceId: string, chunks: readonly Uint8Array[]) => boolean): Promise<readonly string[]>;
  counts(): Promise<{ readonly open: number; readonly sealed: number; readonly bytes: number }>;
  /** Earliest time at which {@link seal} may find something, Unix ms; null when nothing waits. */
  nextDue(policy: CompletionPolicy): Promise<number | null>;
  close(): Promise<void>;
}
