import { setTimeout as sleep } from "node:timers/promises";

import type { Clock } from "../core/clock.ts";
import { TracegateError } from "../core/errors.ts";
import {
  type Answer,
  isAnswer,
  type Judge,
  type NoAnswer,
  type Question,
  wrapOthers,
} from "../core/judge.ts";
import type { CallTokens, Limiter, Ticket } from "../core/limiter.ts";
import { isRefusedForNow, TokenGuess } from "./token-guess.ts";

/** Options of {@link paceJudge}. Times in ms. */
export interface PaceOptions {
  readonly limiter: Limiter;
  readonly clock: Clock;
  /**
   * A call waits for its turn so long, holding its slot; with a longer wait it is `rate-limited`, with the time at which coming
   * back is worth it. Default 20,000.
   */
  readonly holdMs?: number;
}

type Asked = Answer | NoAnswer;

/** When the limiter itself does not answer, ms. */
const LIMITER_AWAY_MS = 5_000;

/**
 * The same judge, each of its calls in its turn: tokens are reserved before and settled after it, and what the provider says
 * of its limits is passed on. A provider that refuses for now pauses the lane for all workers, and a call that was refused
 * cost nothing, so it is made again here if that takes no longer than the slot may be held.
 *
 * Nothing that happens while a call waits makes it one that was made: it is `rate-limited` with `calls: 0`, which is no
 * try of the judge.
 */
export function paceJudge(judge: Judge, options: PaceOptions): Judge {
  const guess = new TokenGuess();
  const { lane = `${judge.provider} ${judge.model}` } = judge;
  return {
    ...judge,
    ...wrapOthers(judge, (other) => paceJudge(other, options)),
    ask: (question, signal) => new PacedCall(judge, lane, guess, options).ask(question, signal),
  };
}

/** One question on its way, from its first wait to its last reply. */
class PacedCall {
  readonly #judge: Judge;
  readonly #lane: string;
  readonly #guess: TokenGuess;
  readonly #limiter: Limiter;
  readonly #clock: Clock;
  readonly #patience: number;

  constructor(judge: Judge, lane: string, guess: TokenGuess, options: PaceOptions) {
    this.#judge = judge;
    this.#lane = lane;
    this.#guess = guess;
    this.#limiter = options.limiter;
    this.#clock = options.clock;
    this.#patience = options.clock.now() + (options.holdMs ?? 20_000);
  }

  async ask(question: Question, signal: AbortSignal): Promise<Asked> {
    for (;;) {
      const ticket = await this.#turn(this.#guess.of(question), signal).catch(this.#limiterAway);
      if ("unscored" in ticket) return ticket;
      const result = await this.#call(ticket, question, signal);
      const until = pauseAskedFor(result);
      if (until === null) return result;
      await this.#limiter.pause(this.#lane, until).catch(() => {});
      if (until > this.#patience || signal.aborted || !isRefusedForNow(result)) return result;
    }
  }

  async #call(ticket: Ticket, question: Question, signal: AbortSignal): Promise<Asked> {
    const settle = (used: CallTokens | null, result?: Asked) =>
      // A limiter that is away has forgotten nothing but this call's change.
      this.#limiter.settle(this.#lane, ticket, used, result?.limits).catch(() => {});
    try {
      const result = await this.#judge.ask(question, signal);
      await settle(this.#guess.after(question, result), result);
      return result;
    } catch (error) {
      await settle(null);
      throw error;
    }
  }

  async #turn(need: CallTokens, signal: AbortSignal): Promise<Ticket | NoAnswer> {
    let turn = await this.#limiter.enter(this.#lane, need, this.#patience);
    while (turn.state === "wait") {
      const { ticket, until } = turn;
      if (until > this.#patience || !(await slept(until - this.#clock.now(), signal))) {
        await this.#limiter.settle(this.#lane, ticket, null);
        return this.#notSent(Math.max(until, this.#clock.now()));
      }
      turn = await this.#limiter.again(this.#lane, ticket);
    }
    return turn.state === "go" ? turn.ticket : this.#notSent(turn.until);
  }

  #notSent(retryAt: number): NoAnswer {
    const seconds = Math.ceil(Math.max(0, retryAt - this.#clock.now()) / 1_000);
    return {
      unscored: { code: "rate-limited", retryAt: Math.ceil(retryAt) },
      reason: `Not sent yet: the limits of ${this.#judge.model} are used up for another ${seconds} s.`,
      calls: 0,
    };
  }

  readonly #limiterAway = (error: unknown): NoAnswer => {
    if (!(error instanceof TracegateError && error.retryable)) throw error;
    const retryAt = this.#clock.now() + LIMITER_AWAY_MS;
    const reason = `Not sent: the limiter did not answer. ${error.message}`;
    return { unscored: { code: "rate-limited", retryAt }, reason, calls: 0 };
  };
}

/** Until when a reply asks for nothing more to be sent; null when it does not. `retry-after` may come with a 503 or 529, too. */
function pauseAskedFor(result: Asked): number | null {
  if (isAnswer(result)) return null;
  const { code, retryAt = null } = result.unscored;
  return code === "rate-limited" ? retryAt : (result.limits?.retryAt ?? null);
}

/** False when the signal ended it. */
async function slept(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(Math.max(0, ms), undefined, { signal });
    return true;
  } catch {
    return false;
  }
}
