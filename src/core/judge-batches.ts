import type { Answer, NoAnswer, Question } from "./question.ts";

/** A question for a batch, and the name its answer comes back under. */
export interface KeyedQuestion {
  /** 64 hex digits: the key under which the answer is kept, so that the same question sent twice is recognised. */
  readonly key: string;
  readonly question: Question;
}

/** What became of one question. `not-asked`: the batch ended before its turn, and nothing was paid for it. */
export interface BatchResult {
  readonly key: string;
  readonly result: Answer | NoAnswer | "not-asked";
}

/**
 * A batch as its provider sees it.
 *
 * - `refused`: it looked at the batch after it had taken it, and asked none of its questions; as if `submit` had said so
 * - `gone`: the provider says that it does not know it, now or for good; nobody can say what was paid
 */
export type BatchProgress =
  | { readonly state: "running" }
  | { readonly state: "ended"; readonly results: readonly BatchResult[] }
  | { readonly state: "refused"; readonly refusal: NoAnswer }
  | { readonly state: "gone"; readonly reason: string };

/** A batch that was sent when a process died: what its provider should have of it. */
export interface SentBatch {
  /** The id it was submitted under. */
  readonly id: string;
  /** When sending it began, Unix ms. */
  readonly sentAt: number;
  /** When sending it was given up at the latest, Unix ms. Our clock. */
  readonly sentUntil: number;
  /** How many questions. */
  readonly questions: number;
}

/**
 * A provider's batches: many questions at once for half the price, answered within a day, most within an hour (OpenAI Batch,
 * Anthropic Message Batches). Nothing here throws for what a provider does; that is a {@link NoAnswer}.
 */
export interface JudgeBatches {
  /** Whose key is used, e.g. the name of its environment variable; questions for other accounts are other batches. No secret. */
  readonly account: string;
  /** The provider may take so long, ms; then what was not asked comes back as `not-asked`. */
  readonly windowMs: number;
  /** Most questions of one batch. */
  readonly maxQuestions: number;
  /** Most bytes of one batch. */
  readonly maxBytes: number;
  /**
   * Sends a batch. No question is told twice within one.
   *
   * @param id ours, unique; `find` knows the batch by it.
   * @returns the provider's id of it. After `provider-down` and `timed-out` it may have arrived all the same, which `find` tells; after any
   * other code it has not.
   */
  submit(
    id: string,
    questions: readonly KeyedQuestion[],
    signal: AbortSignal,
  ): Promise<{ readonly batchId: string } | NoAnswer>;
  /**
   * Whether a batch that was being sent when a process died has arrived. Candidates are told by what the provider shows: our id, or
   * where it keeps none the time and the number of questions; so `known` names those that are ours by now.
   *
   * @returns the provider's id; null: it never arrived, and asking its questions again pays nothing twice.
   */
  find(
    sent: SentBatch,
    known: ReadonlySet<string>,
    signal: AbortSignal,
  ): Promise<{ readonly batchId: string | null } | NoAnswer>;
  /**
   * How far it is. Answers are read with the questions they belong to; those of other questions are left out. Usage is as
   * told, cost at the price of batches.
   *
   * @param questions loads them, by their keys; called once, and only when there are answers to read.
   */
  look(
    batchId: string,
    questions: () => Promise<ReadonlyMap<string, Question>>,
    signal: AbortSignal,
  ): Promise<BatchProgress | NoAnswer>;
}
