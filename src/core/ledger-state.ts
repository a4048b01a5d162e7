import type { Unscored, UnscoredCode } from "./score.ts";

/**
 * Where one (subject, revision, scorer) stands. One closed list.
 *
 * - `scored`: there is a value; `superseded`: a newer revision took its place
 * - `waiting`: tried again at `retryAt`; `paused`: waits until somebody resumes the scorer
 * - `filtered`, `sampled-out`, `over-budget`, `too-large`: not tried, by a decision of ours
 * - `failed`: tried, and not tried again by itself; `in-doubt`: a paid call was under way when the process died
 */
export type LedgerState =
  | "scored"
  | "waiting"
  | "filtered"
  | "sampled-out"
  | "over-budget"
  | "paused"
  | "too-large"
  | "failed"
  | "in-doubt"
  | "superseded";

const STATES: { readonly [code in UnscoredCode]: LedgerState | "again" } = {
  "not-applicable": "filtered",
  filtered: "filtered",
  "sampled-out": "sampled-out",
  "over-budget": "over-budget",
  paused: "paused",
  // What only a person can change; it holds the scorer back for every trace.
  "key-refused": "paused",
  quota: "paused",
  "unknown-model": "paused",
  "too-large": "too-large",
  "in-doubt": "in-doubt",
  "rate-limited": "again",
  "provider-down": "again",
  "timed-out": "again",
  refused: "failed",
  "bad-request": "failed",
  cut: "failed",
  "cannot-judge": "failed",
  "schema-broken": "failed",
  "scorer-error": "failed",
  "no-key": "failed",
};

/** The ledger's state of a score; what may pass is `waiting` while it has a next try, and `failed` without. */
export function ledgerStateOf(unscored: Unscored | null): LedgerState {
  if (unscored === null) return "scored";
  const state = STATES[unscored.code];
  if (state !== "again") return state;
  return unscored.retryAt === undefined ? "failed" : "waiting";
}
