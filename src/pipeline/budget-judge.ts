import type { Reserved } from "../core/batch-questions.ts";
import type { Clock } from "../core/clock.ts";
import { messageOf, TracegateError } from "../core/errors.ts";
import { contentHash } from "../core/ids.ts";
import {
  type Admission,
  type Answer,
  isAnswer,
  type Judge,
  type NoAnswer,
  type Question,
  wrapOthers,
} from "../core/judge.ts";
import { costOf, priceOf } from "../core/prices.ts";
import type { SpendLimits, SpendRefusal, Store } from "../core/store.ts";
import { TokenGuess } from "./token-guess.ts";

/** What judges may cost a day. */
export interface Budget {
  readonly all: SpendLimits;
  readonly perScorer: { readonly [scorer: string]: SpendLimits };
  /** Of each tenant. */
  readonly perTenant: SpendLimits;
  /** Share of each that questions which are not urgent may use, 0..1. */
  readonly ordinaryShare: number;
  /** What falls off is asked the next day. */
  readonly carryOver: boolean;
}

/** Options of {@link budgetJudge}. */
export interface BudgetOptions {
  readonly budget: Budget;
  readonly store: Pick<Store, "reserveSpend" | "settleSpend">;
  readonly clock: Clock;
  /** Source of the spread over the first minutes of the next day, [0, 1). Default `Math.random`. */
  readonly random?: () => number;
}

type Asked = Answer | NoAnswer;

const DAY_MS = 86_400_000;
/** What is carried over comes back within so many ms of midnight. */
const SPREAD_MS = 600_000;
/** When the store does not answer, ms. */
const STORE_AWAY_MS = 30_000;

/**
 * The same judge within a budget that all workers share: what a call may cost is taken from its purses before it, and the
 * difference to what it did cost is settled after it. Questions that are not urgent leave a share for those that are; the second step of a
 * cascade is urgent, for the first was not sure.
 *
 * A call that nobody knows the cost of (no usage in its reply, or broken off) keeps what was taken. A model without a price pays in
 * tokens, and is refused where a purse counts only USD.
 */
export function budgetJudge(judge: Judge, options: BudgetOptions): Judge {
  return inBudget(judge, options, false);
}

function inBudget(judge: Judge, options: BudgetOptions, isUnsure: boolean): Judge {
  const guess = new TokenGuess();
  const others = wrapOthers(judge, (other) => inBudget(other, options, isUnsure));
  const stronger = judge.stronger && {
    ...judge.stronger,
    judge: inBudget(judge.stronger.judge, options, true),
  };
  const admit = async (question: Question, signal: AbortSignal): Promise<Admission | NoAnswer> => {
    const call = new BudgetedCall(judge, question, options, isUnsure);
    const need = guess.of(question);
    const refused = await call.reserve(need.input, need.output);
    if (refused !== null) return refused;
    const inner = await (judge.admit?.(question, signal) ?? admissionOf(judge, question, signal));
    if (!("ask" in inner)) {
      await call.end(inner);
      return inner;
    }
    return {
      async ask() {
        const result = await inner.ask().catch(async (error: unknown) => {
          await call.settle(0, 0);
          throw error;
        });
        guess.after(question, result);
        await call.end(result);
        return result;
      },
      async release() {
        await inner.release();
        await call.settle(0, 0);
      },
    };
  };
  return {
    ...judge,
    ...others,
    ...(stronger && { stronger }),
    admit,
    async ask(question, signal) {
      const admission = await admit(question, signal);
      return "ask" in admission ? admission.ask() : admission;
    },
  };
}

/** Of a judge whose calls wait for nothing. */
function admissionOf(judge: Judge, question: Question, signal: AbortSignal): Admission {
  return { ask: () => judge.ask(question, signal), release: async () => {} };
}

/**
 * What a call has cost. Null: nobody knows.
 *
 * @param price share of the model's price that is paid, 0..1.
 */
export function spentOn(
  model: string,
  result: Asked,
  price = 1,
): { readonly usd: number; readonly tokens: number } | null {
  const { usage } = result;
  if (usage?.inputTokens !== undefined && usage.outputTokens !== undefined) {
    const usd = result.cost ?? price * (costOf(model, usage) ?? 0);
    return { usd, tokens: usage.inputTokens + usage.outputTokens };
  }
  return isAnswer(result) || result.unscored.code === "timed-out" ? null : { usd: 0, tokens: 0 };
}

/** One question, and what was taken for it. */
export class BudgetedCall {
  readonly #judge: Judge;
  readonly #question: Question;
  readonly #options: BudgetOptions;
  readonly #isUrgent: boolean;
  readonly #day: string;
  readonly #purses: ReadonlyMap<string, SpendLimits>;
  #usd = 0;
  #tokens = 0;

  constructor(judge: Judge, question: Question, options: BudgetOptions, isUnsure: boolean) {
    this.#judge = judge;
    this.#question = question;
    this.#options = options;
    this.#isUrgent = isUnsure || question.billing?.isUrgent === true;
    this.#day = new Date(options.clock.now()).toISOString().slice(0, 10);
    this.#purses = this.#pursesOf();
  }

  /** What {@link reserve} took. */
  get reserved(): Reserved {
    return { day: this.#day, purses: [...this.#purses.keys()], usd: this.#usd, tokens: this.#tokens };
  }

  /**
   * Null: it may be asked.
   *
   * @param price share of the model's price that is paid, 0..1.
   */
  async reserve(input: number, output: number, price = 1): Promise<NoAnswer | null> {
    const unpriced = this.#unpricedPurse();
    if (unpriced !== null) return this.#fallenOff(unpriced);
    const usd = price * (costOf(this.#judge.model, { inputTokens: input, outputTokens: output }) ?? 0);
    const tokens = input + output;
    try {
      const purses = this.#purses;
      const refusal = await this.#options.store.reserveSpend({ day: this.#day, purses, usd, tokens });
      if (refusal !== null) return this.#fallenOff(this.#sentenceOf(refusal));
      [this.#usd, this.#tokens] = [usd, tokens];
      return null;
    } catch (error) {
      if (!(error instanceof TracegateError && error.retryable)) throw error;
      const retryAt = this.#options.clock.now() + STORE_AWAY_MS;
      const reason = `Not asked: the budget could not be looked up. ${messageOf(error)}`;
      return { unscored: { code: "rate-limited", retryAt }, reason, calls: 0 };
    }
  }

  async end(result: Asked): Promise<void> {
    const spent = spentOn(this.#judge.model, result);
    if (spent !== null) await this.settle(spent.usd, spent.tokens);
  }

  /** A store that is away leaves too much taken, never too little. */
  async settle(usd: number, tokens: number): Promise<void> {
    const more = { usd: usd - this.#usd, tokens: tokens - this.#tokens };
    const reserved = { usd: this.#usd, tokens: this.#tokens };
    await this.#options.store
      .settleSpend(this.#day, [...this.#purses.keys()], more, reserved)
      .catch(() => {});
  }

  #pursesOf(): ReadonlyMap<string, SpendLimits> {
    const { budget } = this.#options;
    const { scorer, billing } = this.#question;
    const own = Object.hasOwn(budget.perScorer, scorer) ? (budget.perScorer[scorer] ?? {}) : {};
    const purses = new Map<string, SpendLimits>([["all", this.#shareOf(budget.all)]]);
    if (isLimited(own)) purses.set(`scorer ${scorer}`, this.#shareOf(own));
    if (isLimited(budget.perTenant) && billing?.tenant !== undefined) {
      // A hash: who the tenants are is nobody's business here, and `purge` need not look.
      purses.set(`tenant ${contentHash(billing.tenant, 32)}`, this.#shareOf(budget.perTenant));
    }
    return purses;
  }

  #shareOf({ usd, tokens }: SpendLimits): SpendLimits {
    const share = this.#isUrgent ? 1 : this.#options.budget.ordinaryShare;
    return {
      ...(usd !== undefined && { usd: usd * share }),
      ...(tokens !== undefined && { tokens: tokens * share }),
    };
  }

  #unpricedPurse(): string | null {
    const { model } = this.#judge;
    if (priceOf(model) !== undefined) return null;
    const [purse] =
      [...this.#purses].find(([, { usd, tokens }]) => usd !== undefined && tokens === undefined) ?? [];
    return purse === undefined
      ? null
      : `${model} has no price, so the USD of ${wordsOf(purse)} cannot be counted; set tokensPerDay there.`;
  }

  #sentenceOf({ purse, unit, spent, reserved }: SpendRefusal): string {
    const limit = this.#purses.get(purse)?.[unit] ?? 0;
    const amount = (value: number) =>
      unit === "usd" ? `${value.toFixed(2)} USD` : `${Math.round(value)} tokens`;
    const share = this.#isUrgent ? "" : " that ordinary traces may use";
    const held =
      reserved === 0
        ? ""
        : ` and ${amount(reserved)} reserved for calls of unknown cost, under way or broken off,`;
    return `Today's budget of ${wordsOf(purse)} has too little left: ${amount(spent - reserved)} spent${held} of the ${amount(limit)}${share}.`;
  }

  #fallenOff(reason: string): NoAnswer {
    const { budget, random = Math.random } = this.#options;
    const retryAt = Date.parse(this.#day) + DAY_MS + Math.ceil(random() * SPREAD_MS);
    return { unscored: { code: "over-budget", ...(budget.carryOver && { retryAt }) }, reason, calls: 0 };
  }
}

function isLimited({ usd, tokens }: SpendLimits): boolean {
  return usd !== undefined || tokens !== undefined;
}

function wordsOf(purse: string): string {
  if (purse === "all") return "all judges";
  return purse.startsWith("scorer ") ? `"${purse.slice("scorer ".length)}"` : "this tenant";
}
