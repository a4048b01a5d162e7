import { setTimeout as sleep } from "node:timers/promises";

import { backoffMs } from "../core/backoff.ts";
import type { Clock } from "../core/clock.ts";
import { TracegateError } from "../core/errors.ts";
import {
  type Admission,
  type Answer,
  isAnswer,
  type Judge,
  type NoAnswer,
  type ProviderLimits,
  type Question,
  wrapOthers,
} from "../core/judge.ts";
import { type CallTokens, type Limiter, METERS, type Ticket } from "../core/limiter.ts";
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
  /**
   * While a provider pauses that has refused everything for so long, time after time, nobody waits for it, so that who can only wait finds
   * that out once. Default: no end.
   */
  readonly refusedMs?: number;
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
  const refusals = new Refusals();
  const { lane = `${judge.provider} ${judge.model}` } = judge;
  const callOf = (question: Question, signal: AbortSignal) =>
    new PacedCall({ judge, lane, guess, refusals, question, signal }, options);
  return {
    ...judge,
    ...wrapOthers(judge, (other) => paceJudge(other, options)),
    admit: (question, signal) => callOf(question, signal).admit(),
    async ask(question, signal) {
      const admission = await callOf(question, signal).admit();
      return "ask" in admission ? admission.ask() : admission;
    },
  };
}

/** One question, of whom, and in which lane. */
interface Asking {
  readonly judge: Judge;
  readonly lane: string;
  readonly guess: TokenGuess;
  readonly refusals: Refusals;
  readonly question: Question;
  readonly signal: AbortSignal;
}

/** One question on its way, from its first wait to its last reply. */
class PacedCall {
  readonly #asking: Asking;
  readonly #limiter: Limiter;
  readonly #clock: Clock;
  readonly #holdUntil: number;
  readonly #refusedMs: number;

  constructor(asking: Asking, options: PaceOptions) {
    const { limiter, clock, holdMs = 20_000, refusedMs = Number.POSITIVE_INFINITY } = options;
    this.#asking = asking;
    this.#limiter = limiter;
    this.#clock = clock;
    this.#holdUntil = clock.now() + holdMs;
    this.#refusedMs = refusedMs;
  }

  /** Unix ms until which it may wait. */
  get #patience(): number {
    const now = this.#clock.now();
    return this.#asking.refusals.areLasting(now, this.#refusedMs) ? now : this.#holdUntil;
  }

  async admit(): Promise<Admission | NoAnswer> {
    const ticket = await this.#turn().catch(this.#limiterAway);
    if ("unscored" in ticket) return ticket;
    return { ask: () => this.#ask(ticket), release: () => this.#settle(ticket, null) };
  }

  async #ask(first: Ticket): Promise<Asked> {
    for (let ticket = first; ; ) {
      const result = await this.#call(ticket);
      const until = this.#pauseAfter(result);
      if (until === null) return result;
      await this.#limiter.pause(this.#asking.lane, until).catch(() => {});
      const isOver = until > this.#patience || this.#asking.signal.aborted || !isRefusedForNow(result);
      if (isOver) return result;
      const next = await this.#turn().catch(this.#limiterAway);
      if ("unscored" in next) return next;
      ticket = next;
    }
  }

  #pauseAfter(result: Asked): number | null {
    const { refusals } = this.#asking;
    const asked = pauseAskedFor(result);
    if (!isRefusedForNow(result)) {
      refusals.end();
      return asked ?? null;
    }
    return refusals.add(this.#clock.now(), asked ?? undefined);
  }

  async #call(ticket: Ticket): Promise<Asked> {
    const { judge, guess, question, signal } = this.#asking;
    try {
      const result = await judge.ask(question, signal);
      await this.#settle(ticket, guess.after(question, result), result.limits);
      return result;
    } catch (error) {
      await this.#settle(ticket, null);
      throw error;
    }
  }

  /** A limiter that is away misses this call's change, and nothing else. */
  #settle(ticket: Ticket, used: CallTokens | null, limits?: ProviderLimits): Promise<void> {
    return this.#limiter.settle(this.#asking.lane, ticket, used, limits).catch(() => {});
  }

  async #turn(): Promise<Ticket | NoAnswer> {
    const { lane, guess, question, signal } = this.#asking;
    let turn = await this.#limiter.enter(lane, guess.of(question), this.#patience);
    while (turn.state === "wait") {
      const { ticket, until } = turn;
      if (until > this.#patience || !(await slept(until - this.#clock.now(), signal))) {
        await this.#settle(ticket, null);
        return this.#notSent(Math.max(until, this.#clock.now()));
      }
      turn = await this.#limiter.again(lane, ticket);
    }
    return turn.state === "go" ? turn.ticket : this.#notSent(turn.until);
  }

  #notSent(retryAt: number): NoAnswer {
    const seconds = Math.ceil(Math.max(0, retryAt - this.#clock.now()) / 1_000);
    return {
      unscored: { code: "rate-limited", retryAt: Math.ceil(retryAt) },
      reason: `Not sent yet: the limits of ${this.#asking.judge.model} are used up for another ${seconds} s.`,
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

/**
 * Until when a reply asks for nothing more to be sent, which may come with a 503 or 529, too. Undefined: it asks for it and names no time;
 * null: it does not ask.
 */
function pauseAskedFor(result: Asked): number | null | undefined {
  if (isAnswer(result)) return null;
  const { limits } = result;
  if (!isRefusedForNow(result)) return limits?.retryAt ?? null;
  const resets = METERS.flatMap((name) => {
    const { remaining, resetAt } = limits?.[name] ?? {};
    return remaining === 0 && resetAt !== undefined ? [resetAt] : [];
  });
  return limits?.retryAt ?? (resets.length > 0 ? Math.max(...resets) : undefined);
}

/** Refusals of a lane with nothing else between them. */
class Refusals {
  #count = 0;
  /** Those that came when the pause was over. */
  #rounds = 0;
  /** Unix ms of the first. */
  #since = 0;
  #pausedUntil = 0;

  /**
   * Takes one in, and gives until when to pause (Unix ms): where the provider names no time, for a second, and longer as long as it goes on
   * refusing.
   */
  add(now: number, named: number | undefined): number {
    if (this.#rounds === 0) this.#since = now;
    // While it pauses they belong to calls sent before.
    if (this.#rounds === 0 || now >= this.#pausedUntil) this.#rounds += 1;
    this.#count += 1;
    const until = named ?? now + backoffMs(this.#count, { baseMs: 1_000, maxMs: 60_000 });
    this.#pausedUntil = Math.max(this.#pausedUntil, until);
    return until;
  }

  /** The provider said something else. */
  end(): void {
    this.#count = 0;
    this.#rounds = 0;
  }

  /** It has asked for pauses that were kept, again and again, for so long, and pauses now. */
  areLasting(now: number, ms: number): boolean {
    return this.#rounds >= LASTING_ROUNDS && now - this.#since > ms && now < this.#pausedUntil;
  }
}

const LASTING_ROUNDS = 4;

/** False when the signal ended it. */
async function slept(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(Math.max(0, ms), undefined, { signal });
    return true;
  } catch {
    return false;
  }
}
