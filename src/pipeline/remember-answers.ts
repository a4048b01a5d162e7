import { setTimeout as sleep } from "node:timers/promises";

import { backoffMs } from "../core/backoff.ts";
import type { Clock } from "../core/clock.ts";
import { TracegateError } from "../core/errors.ts";
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
import type { UnscoredCode } from "../core/score.ts";
import type { AnswerState, Store } from "../core/store.ts";
import { withoutNonce } from "../judges/fence.ts";
import { newHolder } from "../store/lease-holder.ts";

/** Options of {@link rememberAnswers}. */
export interface RememberAnswersOptions {
  /** How long the claim to a question outlives a process that dies, ms. It is renewed in time. Default 30,000. */
  readonly leaseMs?: number;
}

/** What {@link rememberAnswers} needs of the store. */
export type AnswerStore = Pick<Store, "knownAnswer" | "beginAnswer" | "renewAnswers" | "settle">;

/** A call under way, and how many still wait for it. */
interface SharedCall {
  readonly result: Promise<Answer | NoAnswer>;
  readonly controller: AbortController;
  waiting: number;
}

/** How long to wait before asking again for a question that another process is asking. */
const BUSY = { baseMs: 250, maxMs: 5_000 };

/** Missing answers that were paid for, and would be paid for again with the same result. */
const PAID_FOR: ReadonlySet<UnscoredCode> = new Set(["refused", "cut", "cannot-judge", "schema-broken"]);

/**
 * The same judge, paying for each question once, over all processes that share the store.
 *
 * An answer is kept under what was asked: the judge's identity and the question, without the nonce of its
 * fence, which differs from process to process. Before a call the question is claimed in the store. Who
 * finds it claimed waits for the answer of the holder; the holder renews its claim while it is asking, so
 * one that is not renewed belongs to a process that died in the middle of a call: the question is then
 * asked once more, and its answer says `inDoubt`, because it may have been paid twice. So does one after a
 * call that was given up. Equal questions in this process share one call.
 *
 * A missing answer is remembered where it was paid for (refused, cut off, cannot judge, against the schema);
 * `Store.forgetNoAnswers` lets it be asked again. What may pass, such as a rate limit, is not remembered.
 */
export function rememberAnswers(
  judge: Judge,
  store: AnswerStore,
  clock: Clock,
  options: RememberAnswersOptions = {},
): Judge {
  const claims = new Claims(store, clock, options.leaseMs ?? 30_000);
  const calls = new Map<string, SharedCall>();

  const begin = (key: string, question: Question): SharedCall => {
    const controller = new AbortController();
    const forget = (): void => {
      if (calls.get(key)?.controller === controller) calls.delete(key);
    };
    controller.signal.addEventListener("abort", forget, { once: true });
    const result = claims.ask(key, judge, question, controller.signal).finally(forget);
    const call = { result, controller, waiting: 0 };
    calls.set(key, call);
    return call;
  };

  return {
    provider: judge.provider,
    model: judge.model,
    identity: judge.identity,
    ...(judge.batches && { batches: judge.batches }),
    ...wrapOthers(judge, (other) => rememberAnswers(other, store, clock, options)),
    async ask(question, signal) {
      const key = answerKey(judge, question);
      const call = calls.get(key) ?? begin(key, question);
      return wait(call, signal, clock);
    },
  };
}

/** The name under which an answer is kept: 64 hex digits. */
export function answerKey(judge: Pick<Judge, "identity">, question: Question): string {
  const {
    subject: _subject,
    subjectSpanId: _span,
    sharedLength: _length,
    billing: _billing,
    withinMs: _within,
    ...asked
  } = question;
  return contentHash([judge.identity, { ...asked, content: withoutNonce(question.content) }], 64);
}

/** What is told to the store of a claimed question. */
type Settlement = Parameters<AnswerStore["settle"]>[1];

/** The questions one process has claimed in the store, kept alive while it asks them. */
class Claims {
  readonly #store: AnswerStore;
  readonly #clock: Clock;
  readonly #leaseMs: number;
  readonly #holder = newHolder();
  /** Results the store could not be told: kept here, so that what is paid for is not paid again. */
  readonly #untold = new Map<string, Settlement>();
  #asking = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(store: AnswerStore, clock: Clock, leaseMs: number) {
    this.#store = store;
    this.#clock = clock;
    this.#leaseMs = leaseMs;
  }

  /** Asks unless it has been asked; waits while another process is asking. */
  async ask(key: string, judge: Judge, question: Question, signal: AbortSignal): Promise<Answer | NoAnswer> {
    for (let looks = 1; ; looks += 1) {
      const admission = await this.#admit(key, judge, question, signal);
      if (!("ask" in admission)) return admission;
      const begun = await this.#begin(key, question);
      if ("state" in begun && begun.state === "claimed") {
        return this.#askClaimed(key, admission, begun.inDoubt);
      }
      await admission.release();
      if ("unscored" in begun) return begun;
      if (begun.state === "answered") return { ...begun.result, remembered: true };
      const untilLeaseEnds = Math.max(begun.until - this.#clock.now(), 0) + 1;
      const pause = Math.min(backoffMs(looks, BUSY), untilLeaseEnds);
      if (!(await slept(pause, signal))) return gaveUp(this.#clock);
    }
  }

  /**
   * What a call needs, before the question is claimed: a process that dies while a call waits for its turn leaves no claim, and so no
   * doubt. What is in the store waits for nothing.
   */
  async #admit(
    key: string,
    judge: Judge,
    question: Question,
    signal: AbortSignal,
  ): Promise<Admission | Answer | NoAnswer> {
    if (judge.admit === undefined) {
      return { ask: () => judge.ask(question, signal), release: async () => {} };
    }
    const known = await this.#ofStore(() => this.#store.knownAnswer(key, question.subject ?? null));
    if (known === null) return judge.admit(question, signal);
    return { ...known, remembered: true };
  }

  #begin(key: string, question: Question): Promise<AnswerState | NoAnswer> {
    return this.#ofStore(async () => {
      const untold = this.#untold.get(key);
      if (untold !== undefined) await this.#settle(key, untold);
      return this.#store.beginAnswer(key, {
        holder: this.#holder,
        leaseMs: this.#leaseMs,
        now: this.#clock.now(),
        scorer: question.scorer,
        subject: question.subject ?? null,
      });
    });
  }

  async #ofStore<Found>(look: () => Promise<Found>): Promise<Found | NoAnswer> {
    try {
      return await look();
    } catch (error) {
      if (!(error instanceof TracegateError && error.retryable)) throw error;
      // Not the scorer's fault, and over when the store is back.
      const unscored = { code: "timed-out", retryAt: this.#clock.now() + 60_000 } as const;
      return { unscored, reason: `The judge was not asked: ${error.message}` };
    }
  }

  async #askClaimed(key: string, admission: Admission, inDoubt: boolean): Promise<Answer | NoAnswer> {
    this.#asking += 1;
    this.#startTimer();
    try {
      const result = await admission.ask().catch(async (error: unknown) => {
        await this.#settleOrKeep(key, null);
        throw error;
      });
      const known = inDoubt ? { ...result, inDoubt: true } : result;
      await this.#settleOrKeep(key, settlementOf(known));
      return known;
    } finally {
      this.#asking -= 1;
    }
  }

  async #settle(key: string, result: Settlement): Promise<void> {
    await this.#store.settle(key, result, { holder: this.#holder, at: this.#clock.now() });
    this.#untold.delete(key);
  }

  async #settleOrKeep(key: string, result: Settlement): Promise<void> {
    await this.#settle(key, result).catch(() => this.#untold.set(key, result));
  }

  #startTimer(): void {
    this.#timer ??= setInterval(() => void this.#keepAlive(), this.#leaseMs / 3).unref();
  }

  /** What fails here is made up for the next time; until then the leases run on. */
  async #keepAlive(): Promise<void> {
    if (this.#asking === 0 && this.#untold.size === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      return;
    }
    await this.#store.renewAnswers(this.#holder, this.#clock.now() + this.#leaseMs).catch(() => {});
    for (const [key, result] of [...this.#untold]) await this.#settleOrKeep(key, result);
  }
}

/** What of a result is kept. The limits of a provider hold for a minute, answers for good. */
export function settlementOf(result: Answer | NoAnswer): Settlement {
  const { limits: _, ...kept } = result;
  if (isAnswer(result)) return kept;
  const { code } = result.unscored;
  // A call that was given up may have been paid for all the same.
  if (code === "timed-out") return "in-doubt";
  return PAID_FOR.has(code) ? kept : null;
}

/** False when the signal ended the wait. */
async function slept(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await sleep(ms, undefined, { signal });
    return true;
  } catch {
    return false;
  }
}

function gaveUp(clock: Clock): NoAnswer {
  return {
    unscored: { code: "timed-out", retryAt: clock.now() + 60_000 },
    reason: "The scorer was stopped before the judge answered.",
  };
}

/** Waits for a shared call; who gives up does not end it for the others, and the last one to give up ends it. */
async function wait(call: SharedCall, signal: AbortSignal, clock: Clock): Promise<Answer | NoAnswer> {
  call.waiting += 1;
  const ended = Promise.withResolvers<NoAnswer>();
  const giveUp = (): void => ended.resolve(gaveUp(clock));
  if (signal.aborted) giveUp();
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    return await Promise.race([call.result, ended.promise]);
  } finally {
    signal.removeEventListener("abort", giveUp);
    call.waiting -= 1;
    if (call.waiting === 0) call.controller.abort();
  }
}
