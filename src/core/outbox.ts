import type { StoredTrace } from "./scored-traces.ts";

/** Who takes work, for how long (ms). A lease that is not renewed ends by itself; others may then take the work. */
export interface Lease {
  /** Unique per process and start; `newHolder()` of `store/` makes one. */
  readonly holder: string;
  readonly leaseMs: number;
}

/** Which deliveries to take. */
export interface OutboxLease extends Lease {
  /** Only those of this sink. */
  readonly sink?: string;
  /** Not those of these sinks. */
  readonly otherThan?: readonly string[];
}

/** One delivery still to be made, leased to whoever asked. */
export interface OutboxRow {
  readonly id: number;
  readonly sink: string;
  readonly traceId: string;
  readonly revision: number;
  /** Tries before this one. */
  readonly attempts: number;
  /** Number of this lease; with `id` the proof of holding it. */
  readonly lease: number;
  /** Which content of the revision is to be told; scores that come later make a new edition. */
  readonly edition: number;
  /** Unix ms; after it another loop may take the row. */
  readonly leaseUntil: number;
}

/** Where a delivery stands, for `tracegate why`. */
export interface Delivery {
  readonly sink: string;
  readonly revision: number;
  readonly state: "waiting" | "delivered" | "failed";
  readonly attempts: number;
  readonly reason: string | null;
  /** Unix ms. */
  readonly at: number;
}

/** Deliveries of scored traces to sinks. Part of the store. */
export interface Outbox {
  deliveries(traceId: string): Promise<readonly Delivery[]>;
  /**
   * Leases deliveries that are due at `now`, oldest first. Of one trace and sink never two are leased at the
   * same time.
   */
  outbox(now: number, limit: number, lease: OutboxLease): Promise<readonly OutboxRow[]>;
  /**
   * What is to be told of a leased row now, and the row as of this content: it may have become more since the row was leased, and
   * acknowledged under the edition of then it would be told once more.
   */
  contentOf(row: OutboxRow): Promise<{ readonly row: OutboxRow; readonly trace: StoredTrace | null }>;
  /** Acknowledges. A row whose content has changed since it was read stays due; one whose lease is lost stays as it is. */
  delivered(rows: readonly OutboxRow[], at: number): Promise<void>;
  /** `retryAt` null: given up. Nothing happens when the lease is lost. */
  deliveryFailed(row: OutboxRow, reason: string, at: number, retryAt: number | null): Promise<void>;
  /** Gives back, untried, all deliveries a holder has leased. */
  releaseDeliveries(holder: string): Promise<void>;
}
