/** Whose traces to delete. */
export type PurgeWhom =
  | { readonly traceId: string }
  | { readonly traceIds: readonly string[] }
  | { readonly userId: string };

/** For how long nothing of a purged trace is taken again. Kept under a hash of the trace id, so that the id itself is gone. */
export interface Tombstone {
  /** Unix ms of the purge. */
  readonly at: number;
  /** Unix ms. */
  readonly until: number;
}

/** What was deleted, and where it has gone before. */
export interface Purged {
  readonly traces: readonly {
    readonly traceId: string;
    /** Names of sinks it was delivered to. */
    readonly deliveredTo: readonly string[];
  }[];
  /** How many judge answers went with them. */
  readonly answers: number;
}

/** Deletes all that is kept of a trace or a user, and keeps it from coming back. Part of the store. */
export interface Purging {
  /** What {@link purge} would delete. */
  toPurge(whom: PurgeWhom): Promise<Purged>;
  /**
   * Deletes everything of some traces: scores, ledger, spans, deliveries, labels, judge answers. With a tombstone, they are not
   * saved again until it ends, nor are decisions and labels about them; who has judges asked looks at {@link tombstone} before and after.
   */
  purge(whom: PurgeWhom, tombstone?: Tombstone): Promise<Purged>;
  /** Of a trace that was purged; null when it was not, or when that ended before `now` (Unix ms). */
  tombstone(traceId: string, now: number): Promise<Tombstone | null>;
}
