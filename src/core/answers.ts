import type { Answer, NoAnswer } from "./judge.ts";
import type { Lease } from "./outbox.ts";

/** Who wants to put a question to a judge, and for what. */
export interface AnswerClaim extends Lease {
  /** Unix ms. */
  readonly now: number;
  readonly scorer: string;
  /** The trace (or session) the question is about, so that `purge` finds the answer; null: none. */
  readonly subject: string | null;
}

/**
 * Whether a question may be put to a judge.
 *
 * - `answered`: it was, here is what came of it; nothing is to be paid
 * - `claimed`: it is the caller's to ask. `inDoubt`: an earlier holder died or gave up in the middle of
 *   the call, so it may have been paid already
 * - `busy`: a living holder is asking it; its lease ends at `until` (Unix ms) unless it is renewed
 */
export type AnswerState =
  | { readonly state: "answered"; readonly result: Answer | NoAnswer }
  | { readonly state: "claimed"; readonly inDoubt: boolean }
  | { readonly state: "busy"; readonly until: number };

/** What one answer of a scorer's judge has cost on average. */
export interface MeanCost {
  /** USD; null when the model has no price. */
  readonly usd: number | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** How many answers the means are over. */
  readonly answers: number;
}

/** What judges were asked and what came of it, so that no question is paid for twice. Part of the store. */
export interface Answers {
  /** Asked before every call that costs money; atomic over all processes. A claim is written before it is given. */
  beginAnswer(key: string, claim: AnswerClaim): Promise<AnswerState>;
  /** What came of a question that was asked for this subject; null: ask `beginAnswer`. Claims nothing. */
  knownAnswer(key: string, subject: string | null): Promise<Answer | NoAnswer | null>;
  /** Keeps the claims of a living holder alive. `until`: Unix ms. */
  renewAnswers(holder: string, until: number): Promise<void>;
  /**
   * Ends a claim: with an answer, or with a missing one that was paid for and would be the same again, both of
   * which are remembered; null: nothing was paid, so the claim is forgotten; `in-doubt`: nobody knows, so the
   * next one to claim it is told. Of two results of one question the first stays.
   */
  settle(
    key: string,
    result: Answer | NoAnswer | "in-doubt" | null,
    by: { readonly holder: string; readonly at: number },
  ): Promise<void>;
  /** Forgets missing answers about a subject, so that asking again pays again. Returns how many. */
  forgetNoAnswers(subject: string, scorer: string): Promise<number>;
  /** Over the scorer's last 1,000 answers; null when there is none. */
  meanCost(scorer: string): Promise<MeanCost | null>;
}
