import type { Spent } from "./batch-questions.ts";

/** What one purse may pay a day; absent: any amount. */
export interface SpendLimits {
  readonly usd?: number;
  readonly tokens?: number;
}

/** Money and tokens of judge calls, taken from purses before they are spent. */
export interface SpendRequest {
  /** UTC, `YYYY-MM-DD`. */
  readonly day: string;
  /** All of them pay the whole of it, or none does. Limits by name of the purse. */
  readonly purses: ReadonlyMap<string, SpendLimits>;
  readonly usd: number;
  readonly tokens: number;
}

/** The first purse that has not enough left. */
export interface SpendRefusal {
  readonly purse: string;
  readonly unit: "usd" | "tokens";
  /** Taken from it so far today. */
  readonly spent: number;
  /** Of that, for calls whose cost is not known: they are under way, or were broken off. */
  readonly reserved: number;
}

/** What has been taken from a purse on a day. */
export interface PurseSpending extends Spent {
  readonly purse: string;
  /** Of that, for calls whose cost is not known: they are under way, or were broken off. */
  readonly reserved: Spent;
}

/** What judges may cost a day, over all processes. Part of the store. */
export interface Spending {
  /** Takes from purses what a call may cost, if none of them goes over its limit; atomic over all processes. Null: it is taken. */
  reserveSpend(request: SpendRequest): Promise<SpendRefusal | null>;
  /**
   * Takes the difference to what it has cost: less than nothing gives back.
   *
   * @param reserved what `reserveSpend` had taken for it and what is not reserved any more. Default: nothing
   */
  settleSpend(day: string, purses: readonly string[], more: Spent, reserved?: Spent): Promise<void>;
  /** What has been taken on a day, of all purses. */
  spending(day: string): Promise<readonly PurseSpending[]>;
}
