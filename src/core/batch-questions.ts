import type { Question } from "./judge.ts";
import type { BatchResult } from "./judge-batches.ts";

/** What was taken from purses for a question, to be settled when its answer comes. See `Store.reserveSpend`. */
export interface Reserved {
  /** UTC, `YYYY-MM-DD`. */
  readonly day: string;
  readonly purses: readonly string[];
  readonly usd: number;
  readonly tokens: number;
}

/** What something has cost. */
export interface Spent {
  readonly usd: number;
  readonly tokens: number;
}

/** A question that is answered in a batch. */
export interface BatchQuestion {
  /** The key its answer is kept under. */
  readonly key: string;
  /** Which judge is asked, 16 hex digits: questions of one lane may share a batch. */
  readonly lane: string;
  /** Kept without its `billing`: who pays is in `reserved`. */
  readonly question: Question;
  /** When it was first asked, Unix ms. */
  readonly at: number;
  /** Unix ms by which the answer is needed. */
  readonly deadline: number;
  /** Null: nobody counts. */
  readonly reserved: Reserved | null;
}

/** A question that is in a batch. */
export interface SentQuestion extends BatchQuestion {
  /** How many earlier batches brought something of it that was no answer. */
  readonly tries: number;
}

/**
 * Where a question stands.
 *
 * - `added`: it waits for a batch now
 * - `waiting`: it did already. `isSent`: it is in a batch that the provider has, or may have
 * - `live`: it fell out of the batch lane and is to be asked at once, until `askedLive` says that it was; so does one that is
 *   overdue and in no batch, and what was taken for it goes back
 */
export type BatchQuestionState =
  | { readonly state: "added" }
  | { readonly state: "waiting"; readonly deadline: number; readonly isSent: boolean }
  | { readonly state: "live" };

/** Questions of one lane that are in no batch yet. */
export interface WaitingLane {
  readonly lane: string;
  readonly questions: number;
  /** Of the questions as text. */
  readonly bytes: number;
  /** Unix ms. */
  readonly oldestAt: number;
  /** When the first of them is needed, Unix ms. */
  readonly firstDeadline: number;
}

/** A batch, from its forming to its end. */
export interface Batch {
  /** Ours, a UUID. */
  readonly id: string;
  readonly lane: string;
  /** Null: it was being sent when it was last heard of. */
  readonly providerId: string | null;
  /** Unix ms of its forming. */
  readonly at: number;
  /** All results are in; it is only there to wake those once more who noted their waiting meanwhile. */
  readonly hasEnded: boolean;
  /** How many questions it was formed of. A purge may have deleted some since. */
  readonly size: number;
}

/**
 * What comes of a question of a batch. `again`: it waits for another batch, and keeps what was `reserved`; `live`: it is to be
 * asked at once.
 */
export type SettledQuestion =
  | {
      readonly key: string;
      readonly result: "again";
      /** What it has cost all the same, on top of what stays reserved. */
      readonly spent?: Spent;
      /** True: it brought something that is no answer, which is counted in `tries`. */
      readonly isTry?: boolean;
    }
  | {
      readonly key: string;
      readonly result: "live" | Exclude<BatchResult["result"], "not-asked">;
      /** What it has cost; the rest of what was reserved goes back. Absent: nobody knows, and all of it stays taken. */
      readonly spent?: Spent;
    };

/** How much of a lane one batch takes. */
export interface BatchSize {
  readonly maxQuestions: number;
  /** At least one question is taken, whatever its size. */
  readonly maxBytes: number;
}

/**
 * Questions that wait for batches, in the store: every process may add, send and collect; what is leased to one
 * is another's when the lease ends. Part of the store.
 */
export interface BatchQuestions {
  /**
   * Leaves a question for a batch, and ties it to its subject (`question.subject`), so that `purge` finds it and its answer wakes the
   * subject's scorer. Of one key there is one; `reserved` and times of the first stay. As with `beginAnswer`, who asks looks
   * at the subject's tombstone before and after.
   */
  leaveForBatch(question: BatchQuestion): Promise<BatchQuestionState>;
  /** Whether a question was left before; {@link leaveForBatch} would then add nothing. */
  isLeft(key: string): Promise<boolean>;
  /**
   * Forgets a question that is in no batch, because it is asked at once. What was `reserved` for one that still waited goes back to its
   * purses; of one that fell out it was settled when it did.
   */
  askedLive(key: string): Promise<void>;
  /** Lanes that have questions in no batch, by name. Reads an index over these alone: 0.2 s for a million of them. */
  waitingLanes(): Promise<readonly WaitingLane[]>;
  /**
   * Takes the oldest questions of a lane into a new batch, which is leased to the caller until `until` (Unix ms); atomic over all processes.
   * Null: there were none left.
   */
  formBatch(
    lane: string,
    batch: { readonly id: string; readonly at: number; readonly until: number } & BatchSize,
  ): Promise<Batch | null>;
  /**
   * Has those asked at once that are in no batch and needed before `deadline` (Unix ms), which is too soon for one: `live`, as
   * {@link settleQuestions} does it, with nothing spent.
   *
   * @param times `due`: when those are woken once more who noted their waiting meanwhile, Unix ms, as with {@link batchEnded}.
   * @returns how many.
   */
  dropLate(
    lane: string,
    times: { readonly deadline: number; readonly at: number; readonly due: number },
  ): Promise<number>;
  /** The provider has it, under this id; look at it again at `due` (Unix ms). */
  batchSent(id: string, providerId: string, due: number): Promise<void>;
  /** Those of a batch that have no result yet, oldest first, with their texts. */
  batchQuestions(id: string): Promise<readonly SentQuestion[]>;
  /** Leases batches that are due at `now` until `until`, oldest first. */
  claimBatches(
    now: number,
    lease: { readonly until: number; readonly limit: number },
  ): Promise<readonly Batch[]>;
  /** Gives a leased batch back, to be looked at again at `due`. */
  lookAgain(id: string, due: number): Promise<void>;
  /** Provider ids of all batches that are there. */
  knownBatches(): Promise<ReadonlySet<string>>;
  /**
   * Writes down what came of questions of a batch, all or nothing: answers are remembered as `settle` does, and their texts go; ledger rows
   * that wait for them (`waiting`, of a subject tied to the key, of the question's scorer) are due at `at`; their purses are settled. What no
   * result is given for, or was purged meanwhile, stays as it is.
   *
   * @returns the keys whose results count: of two who bring results of one batch, the other one has none of them.
   */
  settleQuestions(
    batchId: string,
    results: readonly SettledQuestion[],
    at: number,
  ): Promise<ReadonlySet<string>>;
  /** All results are in: due again at `due` to wake once more who noted their waiting while it ended. */
  batchEnded(id: string, due: number): Promise<void>;
  /**
   * Wakes as {@link settleQuestions} does, for all questions of the batch, and forgets it with those that were answered. Those no result was
   * given for are `live`, as there. In several transactions; who dies in between leaves a batch that is due.
   */
  closeBatch(id: string, at: number): Promise<void>;
  /**
   * Forgets questions in no batch that nobody came for, as {@link askedLive} does: those that wait and were needed before
   * `waiting` (Unix ms), and those that are `live` and were needed before `live`. The latter may have fallen out long after that.
   *
   * @returns how many.
   */
  forgetOverdue(deadlines: { readonly waiting: number; readonly live: number }): Promise<number>;
  /** Questions in no batch, in one that is under way, and batches under way. For metrics; cheap. */
  batchCounts(): Promise<{ readonly waiting: number; readonly sent: number; readonly batches: number }>;
}
