import { systemClock } from "../core/clock.ts";
import type { NoAnswer } from "../core/judge.ts";
import { type CallFailure, noAnswerFor } from "./no-answer.ts";
import { untraced } from "./untraced.ts";
import type { WhoAnswers } from "./who-answers.ts";

/** What one call of a provider's API is given. */
export interface CallSetting {
  readonly apiKey: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** The way to a provider's API: the key, no spans, and every way to fail as a value. */
export interface ProviderAccess {
  /** Makes a call, or says why there was none or why it failed. */
  call<Result>(
    signal: AbortSignal,
    call: (setting: CallSetting) => Promise<Result>,
  ): Promise<Result | NoAnswer>;
  /** A failure that was told in another way than by an exception. */
  failed(failure: CallFailure): NoAnswer;
}

/** What {@link providerAccess} needs to know. */
export interface AccessOptions {
  readonly who: WhoAnswers;
  readonly apiKeyEnv: string;
  readonly env?: { readonly [name: string]: string | undefined } | undefined;
  /** One call may take so long, ms. */
  readonly timeoutMs: number;
  /** Tells the SDK's exceptions apart; undefined for what no provider did. */
  failureOf(error: unknown): CallFailure | undefined;
}

/** The key is read at each call, so that one that is set later is found. */
export function providerAccess({
  who: { title, isOtherServer },
  apiKeyEnv,
  env,
  timeoutMs,
  failureOf,
}: AccessOptions): ProviderAccess {
  const keyNow = () => (env ?? process.env)[apiKeyEnv] ?? "";
  const failed = (failure: CallFailure): NoAnswer =>
    noAnswerFor(failure, {
      provider: title,
      apiKeyEnv,
      apiKey: keyNow(),
      timeoutMs,
      now: systemClock.now(),
    });
  return {
    failed,
    async call(signal, call) {
      const apiKey = keyNow();
      if (apiKey === "") {
        const hint = !isOtherServer ? "" : ` If ${title} asks for none, any text will do.`;
        const reason = `No key for ${title}: set the environment variable ${apiKeyEnv}.${hint}`;
        return { unscored: { code: "no-key" }, reason };
      }
      if (signal.aborted) return failed({ kind: "aborted" });
      try {
        return await untraced(() => call({ apiKey, timeoutMs, signal }));
      } catch (error) {
        const failure = signal.aborted ? ({ kind: "aborted" } as const) : failureOf(error);
        if (failure === undefined) throw error;
        return failed(failure);
      }
    },
  };
}
