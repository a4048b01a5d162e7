import type { Answer, Judge, NoAnswer, Question } from "../../core/judge.ts";
import type { LaterQuestion, Reserved } from "../../core/later-questions.ts";
import { BATCH_PRICE } from "../../core/prices.ts";
import { BudgetedCall, type BudgetOptions } from "../budget-judge.ts";
import { TokenGuess } from "../token-guess.ts";

/** A question and what came of it; null: nothing was asked, so nothing was spent. */
export interface SpentLater {
  readonly asked: LaterQuestion;
  readonly result: Answer | NoAnswer | null;
}

/** The budget as batches use it: taken when a question begins to wait, settled when its answer is in, perhaps by another process. */
export interface LaterBudget {
  /** A {@link NoAnswer}: the budget is spent. */
  reserve(judge: Judge, question: Question, isUnsure: boolean): Promise<Reserved | NoAnswer>;
  /** Gives back what was not spent. A store that is away leaves too much taken, never too little. */
  settle(spent: readonly SpentLater[]): Promise<void>;
  /** Gives all of it back. */
  giveBack(reserved: Reserved): Promise<void>;
}

/** The purses of {@link BudgetOptions}, at the price of batches. */
export function laterBudget(options: BudgetOptions): LaterBudget {
  const guess = new TokenGuess();
  const take = async ({ day, purses, usd, tokens }: Reserved): Promise<void> => {
    await options.store.settleSpend(day, purses, { usd, tokens }).catch(() => {});
  };
  return {
    async reserve(judge, question, isUnsure) {
      const call = new BudgetedCall(judge, question, options, isUnsure);
      const { input, output } = guess.of(question);
      return (await call.reserve(input, output, BATCH_PRICE)) ?? call.reserved;
    },
    async settle(spent) {
      const bySource = new Map<string, Reserved>();
      for (const { asked, result } of spent) {
        if (asked.reserved === null) continue;
        const { day, purses, ...taken } = asked.reserved;
        const { input, output } = result === null ? NOTHING : guess.after(asked.question, result);
        const source = JSON.stringify([day, purses]);
        const more = bySource.get(source) ?? { day, purses, usd: 0, tokens: 0 };
        const usd = more.usd + (result === null ? 0 : (result.cost ?? 0)) - taken.usd;
        bySource.set(source, { day, purses, usd, tokens: more.tokens + input + output - taken.tokens });
      }
      for (const more of bySource.values()) await take(more);
    },
    giveBack: (reserved) => take({ ...reserved, usd: -reserved.usd, tokens: -reserved.tokens }),
  };
}

const NOTHING = { input: 0, output: 0 };
