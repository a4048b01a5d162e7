import type { Clock } from "../core/clock.ts";
import type { Spending } from "../core/run.ts";
import type { Budget, Spent } from "../core/verdict.ts";
import { addSpending, NOTHING } from "./trial-spending.ts";

/** One limit of a budget that was reached. */
export interface Exhausted {
  readonly limit: keyof Budget;
  /** In the limit's unit. */
  readonly allowed: number;
  readonly used: number;
}

/** What earlier sessions of a run, or other parts of it, cost besides the results that are counted. */
export interface EarlierCost {
  readonly spending: Spending;
  /** Wall time, ms. */
  readonly ms: number;
}

/**
 * Counts what a gate run costs and says when a limit is reached. It is asked before each new trial, so that the trials under way at that
 * moment, as many as `concurrency`, come on top.
 */
export class BudgetMeter {
  readonly #budget: Budget;
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #earlierMs: number;
  #spending: Spending;

  constructor(budget: Budget, clock: Clock, earlier: EarlierCost = { spending: NOTHING, ms: 0 }) {
    this.#budget = budget;
    this.#clock = clock;
    this.#startedAt = clock.now();
    this.#earlierMs = earlier.ms;
    this.#spending = earlier.spending;
  }

  add(spending: Spending): void {
    this.#spending = addSpending([this.#spending, spending]);
  }

  get spent(): Spent {
    return { ...this.#spending, ms: this.#earlierMs + this.#clock.now() - this.#startedAt };
  }

  /** The first limit that is reached; null while trials may be made. */
  exhausted(): Exhausted | null {
    const { usd, tokens, ms } = this.spent;
    const used = { usd, tokens, minutes: ms / 60_000 };
    for (const limit of ["usd", "tokens", "minutes"] as const) {
      const allowed = this.#budget[limit];
      if (allowed !== undefined && used[limit] >= allowed) return { limit, allowed, used: used[limit] };
    }
    return null;
  }
}
