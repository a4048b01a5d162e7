import type { ProviderLimits } from "./judge.ts";

/** Tokens of one call, guessed before it and known after it. */
export interface CallTokens {
  readonly input: number;
  readonly output: number;
}

/** The four ways in which providers count; each has a limit of its own, or none. */
export const METERS = ["requests", "tokens", "inputTokens", "outputTokens"] as const;

/** One of {@link METERS}. */
export type MeterName = (typeof METERS)[number];

/** A number per meter. */
export type PerMeter = { readonly [Name in MeterName]: number };

/** A place in a lane's queue. Whoever holds one gives it back with `settle`, also when no call was made. */
export interface Ticket {
  readonly need: PerMeter;
  /** How much must have been free, counted from the lane's beginning, for it to be this one's turn. */
  readonly position: PerMeter;
  /** Unix ms at which it may start, once that is settled. */
  readonly slot: number | null;
}

/**
 * Whether a call may be sent.
 *
 * - `go`: now
 * - `wait`: not before `until` (Unix ms); then ask again with the ticket
 * - `later`: it would take too long; no place is kept, `until` is when it is worth coming back
 */
export type Turn =
  | { readonly state: "go"; readonly ticket: Ticket }
  | { readonly state: "wait"; readonly until: number; readonly ticket: Ticket }
  | { readonly state: "later"; readonly until: number };

/** What one lane may take. */
export interface LaneRules {
  /** At the most, per window; what a provider says of itself counts where it is less. Default: only that. */
  readonly limits?: { readonly [Name in MeterName]?: number };
  /** Share of the limits that is used, 0..1: the rest is for others with the same key. Default 0.99. */
  readonly share?: number;
  /** What limits are per, ms. Default 60,000. */
  readonly windowMs?: number;
}

/**
 * One lane per provider, model and key: all calls of all workers go through it. Requests and tokens are reserved before a
 * call and settled after it; what providers say in their headers is followed; a pause holds for everybody.
 *
 * First come, first served, over all processes. Who waits is told until when, and needs to ask again only then.
 */
export interface Limiter {
  /** Joins the queue of a lane, unless that would take longer than `patience` (Unix ms). */
  enter(lane: string, need: CallTokens, patience: number): Promise<Turn>;
  /** Asks again with a ticket whose time has come. */
  again(lane: string, ticket: Ticket): Promise<Turn>;
  /**
   * After a call: what it took, and what the provider said of its limits. `used` null: no call was made, and what
   * was reserved is given back.
   */
  settle(lane: string, ticket: Ticket, used: CallTokens | null, limits?: ProviderLimits): Promise<void>;
  /** Nobody sends anything in this lane before `until` (Unix ms). A longer pause stays. */
  pause(lane: string, until: number): Promise<void>;
  close(): Promise<void>;
}
