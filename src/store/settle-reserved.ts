import type { Reserved, Spent } from "../core/batch-questions.ts";
import type { Operation } from "./operation.ts";
import { settleSpend } from "./spending.ts";

/** What was taken for a question (a `Reserved` as text; null: nothing), and what it has cost. */
export interface SpentOfReserved {
  readonly reserved: string | null;
  readonly spent: Spent;
  /** True: it stays taken, and `spent` comes on top of it. */
  readonly isKept?: boolean;
}

/** Settles the difference with the purses, each of them once and in one order, so that two who do it cannot block one another. */
export function* settleReserved(rows: readonly SpentOfReserved[]): Operation<void> {
  const more = new Map<
    string,
    { day: string; purse: string; usd: number; tokens: number; reserved: Spent }
  >();
  for (const { reserved, spent, isKept = false } of rows) {
    if (reserved === null) continue;
    const { day, purses, usd, tokens }: Reserved = JSON.parse(reserved);
    for (const purse of purses) {
      const name = `${day} ${purse}`;
      const sum = more.get(name) ?? { day, purse, usd: 0, tokens: 0, reserved: { usd: 0, tokens: 0 } };
      sum.usd += spent.usd - (isKept ? 0 : usd);
      sum.tokens += spent.tokens - (isKept ? 0 : tokens);
      if (!isKept) {
        sum.reserved = { usd: sum.reserved.usd + usd, tokens: sum.reserved.tokens + tokens };
      }
      more.set(name, sum);
    }
  }
  for (const [, { day, purse, reserved, ...sum }] of [...more].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    yield* settleSpend(day, [purse], sum, reserved);
  }
}
