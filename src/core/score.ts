import type { JsonObject } from "./json.ts";

/**
 * Why there is no value. One closed list that scores and the ledger share. None of them is a zero.
 *
 * - `not-applicable`: the scorer has nothing to say about this trace
 * - `no-key`: no credentials for the judge here; `refused`, `cut`, `cannot-judge`, `schema-broken`: what a judge did
 * - `rate-limited`, `provider-down`, `timed-out`: may be tried again; `over-budget`, `paused`: our own brakes
 * - `key-refused` (401, 403), `quota` (402, money or quota spent), `unknown-model` (404): the provider would say the
 *   same of every trace; `bad-request` (400, 422): it refused this one request
 * - `batched`: the question waits in a batch of the provider; its answer is looked for at `retryAt`
 * - `too-large`: the trace does not fit the judge; `filtered`, `sampled-out`: not wanted
 * - `scorer-error`: the scorer threw, never returned, or returned something that is not a score
 * - `in-doubt`: a paid call was under way when the process died
 */
export type UnscoredCode =
  | "not-applicable"
  | "no-key"
  | "key-refused"
  | "quota"
  | "unknown-model"
  | "bad-request"
  | "refused"
  | "cut"
  | "cannot-judge"
  | "schema-broken"
  | "rate-limited"
  | "provider-down"
  | "timed-out"
  | "over-budget"
  | "paused"
  | "batched"
  | "too-large"
  | "filtered"
  | "sampled-out"
  | "scorer-error"
  | "in-doubt";

/**
 * Why a score has no value, and when a new try makes sense (Unix ms). Absent from a judge: nobody named a time, see `pipeline/plan-retry.ts`;
 * absent in the store: never by itself.
 */
export interface Unscored {
  readonly code: UnscoredCode;
  readonly retryAt?: number;
}

/** What one scorer says of one trace. Field names are the tails of OTel `gen_ai.evaluation.*`. */
export interface Score {
  /** The scorer's name. */
  readonly name: string;
  /** The scorer's declared version. */
  readonly version: string;
  readonly kind: ScorerKind;
  /** 0 (worst) to 1 (best); null when unscored. */
  readonly value: number | null;
  readonly label: string | null;
  /** One or two sentences for a person. For an unscored one: the reason and what to do. */
  readonly explanation: string | null;
  /** Ids of the spans that show it. */
  readonly evidence: readonly string[];
  /** Null when there is a value. */
  readonly unscored: Unscored | null;
  /** A value below this is a failure. From the scorer. */
  readonly passAt: number;
  /** The chance with which this trace was picked for this scorer, 0 < p <= 1. Absent: 1, every trace was. */
  readonly inclusionProbability?: number;
  readonly metadata: JsonObject;
}

/** `rule`: decided by code; `judge`: decided by a model. */
export type ScorerKind = "rule" | "judge";

/** True: passed; false: failed; null: unscored, so neither. */
export function passed(score: Pick<Score, "value" | "passAt">): boolean | null {
  return score.value === null ? null : score.value >= score.passAt;
}
