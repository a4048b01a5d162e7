import type { Clock } from "../core/clock.ts";
import { contentHash } from "../core/ids.ts";
import { type Answer, isAnswer, type Judge, type NoAnswer, type Question } from "../core/judge.ts";
import type { Store } from "../core/store.ts";
import { withoutNonce } from "../judges/fence.ts";

/** A call under way, and how many still wait for it. */
interface SharedCall {
  readonly result: Promise<Answer | NoAnswer>;
  readonly controller: AbortController;
  waiting: number;
}

/**
 * The same judge, paying for each question once.
 *
 * An answer is kept under what was asked: the judge's identity and the question, without the nonce of its
 * fence, which differs from process to process. It is looked up before paying. The intent is written before
 * the call, and equal questions at the same time share one call. An intent without an answer means that a
 * process died in the middle of a call, or that it was given up: the question is asked once more, and its
 * answer says `inDoubt`, because it may have been paid twice. A question that brought no answer is not remembered.
 *
 * Two processes that ask the same question at the same moment are not told apart from a dead one; the queue
 * gives a trace to one worker at a time, so that does not happen in practice.
 */
export function rememberAnswers(
  judge: Judge,
  store: Pick<Store, "answer" | "intend" | "settle">,
  clock: Clock,
): Judge {
  const calls = new Map<string, SharedCall>();

  const askOnce = async (
    key: string,
    question: Question,
    signal: AbortSignal,
  ): Promise<Answer | NoAnswer> => {
    const known = await store.answer(key);
    if (known !== null && known !== "in-doubt") return { ...known, remembered: true };
    await store.intend(key, clock.now());
    let result: Answer | NoAnswer;
    try {
      result = await judge.ask(question, signal);
    } catch (error) {
      await store.settle(key, null);
      throw error;
    }
    if (!isAnswer(result)) {
      // A call that was given up may have been paid for all the same: its intent stays, and so does the doubt.
      if (result.unscored.code !== "timed-out") await store.settle(key, null);
      return result;
    }
    const answer = known === "in-doubt" ? { ...result, inDoubt: true } : result;
    await store.settle(key, answer);
    return answer;
  };

  const begin = (key: string, question: Question): SharedCall => {
    const controller = new AbortController();
    const forget = (): void => {
      if (calls.get(key)?.controller === controller) calls.delete(key);
    };
    controller.signal.addEventListener("abort", forget, { once: true });
    const result = askOnce(key, question, controller.signal).finally(forget);
    const call = { result, controller, waiting: 0 };
    calls.set(key, call);
    return call;
  };

  return {
    provider: judge.provider,
    model: judge.model,
    identity: judge.identity,
    async ask(question, signal) {
      const key = answerKey(judge, question);
      const call = calls.get(key) ?? begin(key, question);
      return wait(call, signal, clock);
    },
  };
}

/** The name under which an answer is kept: 64 hex digits. */
export function answerKey(judge: Pick<Judge, "identity">, question: Question): string {
  return contentHash([judge.identity, { ...question, content: withoutNonce(question.content) }], 64);
}

/** Waits for a shared call; who gives up does not end it for the others, and the last one to give up ends it. */
async function wait(call: SharedCall, signal: AbortSignal, clock: Clock): Promise<Answer | NoAnswer> {
  call.waiting += 1;
  const gaveUp = Promise.withResolvers<NoAnswer>();
  const giveUp = (): void => {
    gaveUp.resolve({
      unscored: { code: "timed-out", retryAt: clock.now() + 60_000 },
      reason: "The scorer was stopped before the judge answered.",
    });
  };
  if (signal.aborted) giveUp();
  signal.addEventListener("abort", giveUp, { once: true });
  try {
    return await Promise.race([call.result, gaveUp.promise]);
  } finally {
    signal.removeEventListener("abort", giveUp);
    call.waiting -= 1;
    if (call.waiting === 0) call.controller.abort();
  }
}
