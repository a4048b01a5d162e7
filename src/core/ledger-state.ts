import type { JsonObject } from "./json.ts";
import type { Unscored, UnscoredCode } from "./score.ts";

/**
 * Where one (subject, revision, scorer) stands. One closed list.
 *
 * - `scored`: there is a value; `superseded`: a newer revision took its place
 * - `waiting`: tried again at `retryAt`, or answered in a batch by then; `paused`: waits until somebody resumes the scorer
 * - `filtered`, `sampled-out`, `over-budget`, `too-large`: not tried, by a decision of ours
 * - `failed`: tried, and not tried again by itself
 * - `in-doubt`: a paid call was under way when a process died; asked again, it may have been paid twice
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

/**
 * Whom a fault concerns, which decides what follows.
 *
 * - `passing`: nobody in particular; tried again later
 * - `trace`: the same again for this trace, which is left at that
 * - `provider`: the same for every trace, so the scorer is paused until somebody resumes it
 */
export type FaultClass = "passing" | "trace" | "provider";

/** What follows from a code: the class of fault (null: a decision of ours, or what was missing), and the state. */
interface Meaning {
  readonly fault: FaultClass | null;
  readonly state: LedgerState;
}

const PASSING: Meaning = { fault: "passing", state: "waiting" };
const FAILED: Meaning = { fault: "trace", state: "failed" };
const PROVIDER: Meaning = { fault: "provider", state: "paused" };

const MEANING: { readonly [Code in UnscoredCode]: Meaning } = {
  "rate-limited": PASSING,
  "provider-down": PASSING,
  "timed-out": PASSING,
  "key-refused": PROVIDER,
  quota: PROVIDER,
  "unknown-model": PROVIDER,
  "too-large": { fault: "trace", state: "too-large" },
  refused: FAILED,
  "bad-request": FAILED,
  cut: FAILED,
  "cannot-judge": FAILED,
  "schema-broken": FAILED,
  "scorer-error": FAILED,
  "no-key": { fault: null, state: "failed" },
  "in-doubt": { fault: null, state: "in-doubt" },
  "not-applicable": { fault: null, state: "filtered" },
  filtered: { fault: null, state: "filtered" },
  "sampled-out": { fault: null, state: "sampled-out" },
  "over-budget": { fault: null, state: "over-budget" },
  paused: { fault: null, state: "paused" },
  batched: { fault: null, state: "waiting" },
};

/** A limit of the provider or a brake of ours: nothing was found out about the trace, so it is no try. */
const NO_TRY: ReadonlySet<UnscoredCode> = new Set(["rate-limited", "over-budget", "paused", "batched"]);

/** Whether an outcome counts as one of the tries that a judge has. */
export function isTry(unscored: Unscored | null): boolean {
  return unscored === null || !NO_TRY.has(unscored.code);
}

/** The class of the fault that a code stands for; null for one that is no fault. */
export function faultClassOf(code: UnscoredCode): FaultClass | null {
  return MEANING[code].fault;
}

/**
 * The ledger's state of a score. What may pass is `waiting` while it has a next try, and `failed` without one,
 * which is when the tries are spent. `metadata`: of the score; a value that came in doubt says so there.
 */
export function ledgerStateOf(unscored: Unscored | null, metadata: JsonObject = {}): LedgerState {
  if (unscored === null) return metadata.inDoubt === true ? "in-doubt" : "scored";
  const { fault, state } = MEANING[unscored.code];
  // A budget may be one that the next day has again.
  if (unscored.code === "over-budget" && unscored.retryAt !== undefined) return "waiting";
  return fault === "passing" && unscored.retryAt === undefined ? "failed" : state;
}
