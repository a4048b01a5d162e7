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
