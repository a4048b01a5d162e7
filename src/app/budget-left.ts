import type { Config } from "../config/schema.ts";
import type { PurseSpending } from "../core/spending.ts";
import type { Store } from "../core/store.ts";
import { judgeBudget } from "./judge-budget.ts";
import type { BackfillEstimate, LeftTraces } from "./paused-scorers.ts";

/** What is left of a day's budget for a scorer's questions, and what that is enough for. */
export interface BudgetLeft {
  /** Of its purses the least, for ordinary traces; null: any amount. */
  readonly usd: number | null;
  readonly tokens: number | null;
  /** Of the waiting traces; null: nobody knows yet what one costs. */
  readonly traces: number | null;
  /** What it does not pay for is asked the next day by itself. */
  readonly carryOver: boolean;
}

/**
 * What is left today for making up for traces. Purses of tenants are left out: whose the traces are is known only when they are read.
 *
 * @param now Unix ms
 * @returns null: there is no budget
 */
export async function budgetLeft(
  { scorer, traces, estimate }: LeftTraces,
  {
    config,
    store,
    now,
  }: {
    readonly config: Pick<Config, "judging">;
    readonly store: Pick<Store, "spending">;
    readonly now: number;
  },
): Promise<BudgetLeft | null> {
  const budget = judgeBudget(config);
  if (budget === null) return null;
  const spent = await store.spending(new Date(now).toISOString().slice(0, 10));
  const own = Object.hasOwn(budget.perScorer, scorer) ? budget.perScorer[scorer] : undefined;
  const left = (unit: "usd" | "tokens") => {
    const lefts = [
      leftOf(budget.all[unit], takenFrom(spent, "all")?.[unit], budget.ordinaryShare),
      leftOf(own?.[unit], takenFrom(spent, `scorer ${scorer}`)?.[unit], budget.ordinaryShare),
    ];
    const least = Math.min(...lefts);
    return Number.isFinite(least) ? least : null;
  };
  const [usd, tokens] = [left("usd"), left("tokens")];
  return { usd, tokens, traces: paidFor({ usd, tokens }, traces, estimate), carryOver: budget.carryOver };
}

function takenFrom(spent: readonly PurseSpending[], purse: string): PurseSpending | undefined {
  return spent.find((one) => one.purse === purse);
}

function leftOf(limit: number | undefined, taken = 0, share: number): number {
  return limit === undefined ? Number.POSITIVE_INFINITY : Math.max(0, limit * share - taken);
}

function paidFor(
  left: { readonly usd: number | null; readonly tokens: number | null },
  traces: number,
  { usd, inputTokens, outputTokens }: BackfillEstimate,
): number | null {
  if (inputTokens === null || outputTokens === null) return null;
  if (left.usd !== null && usd === null && left.tokens === null) return null;
  const byUsd = left.usd === null || usd === null ? traces : shareOf(traces, left.usd, usd);
  const byTokens = left.tokens === null ? traces : shareOf(traces, left.tokens, inputTokens + outputTokens);
  return Math.min(byUsd, byTokens);
}

function shareOf(traces: number, left: number, needed: number): number {
  return needed <= left ? traces : Math.floor((traces * left) / needed);
}
