import type { Reserved } from "../../core/batch-questions.ts";
import type { Answer, Judge, NoAnswer, Question } from "../../core/judge.ts";
import { BATCH_PRICE } from "../../core/prices.ts";
import { BudgetedCall, type BudgetOptions, spentOn } from "../budget-judge.ts";
import { TokenGuess } from "../token-guess.ts";

/** The budget as batches use it: taken when a question begins to wait; the store settles it with the result, whoever brings that. */
export interface BatchBudget {
  /** A {@link NoAnswer}: the budget has too little left. */
  reserve(judge: Judge, question: Question, isUnsure: boolean): Promise<Reserved | NoAnswer>;
  /** What a result has cost. Null: nobody knows, and what was taken stays taken. */
  spent(
    judge: Judge,
    question: Question,
    result: Answer | NoAnswer,
  ): { readonly usd: number; readonly tokens: number } | null;
  /** Gives all of it back. A store that is away leaves too much taken, never too little. */
  giveBack(reserved: Reserved): Promise<void>;
}

/** The purses of {@link BudgetOptions}, at the price of batches. */
export function batchBudget(options: BudgetOptions): BatchBudget {
  const guess = new TokenGuess();
  return {
    async reserve(judge, question, isUnsure) {
      const call = new BudgetedCall(judge, question, options, isUnsure);
      const { input, output } = guess.of(question);
      return (await call.reserve(input, output, BATCH_PRICE)) ?? call.reserved;
    },
    spent(judge, question, result) {
      guess.after(question, result);
      return spentOn(judge.model, result, BATCH_PRICE);
    },
    async giveBack({ day, purses, usd, tokens }) {
      const back = { usd: -usd, tokens: -tokens };
      await options.store.settleSpend(day, purses, back, { usd, tokens }).catch(() => {});
    },
  };
}
