import type { Score } from "./score.ts";
import type { Scorer, ScorerContext } from "./scorer.ts";
import type { Trace } from "./trace.ts";

/** A conversation that has been idle: its traces, in the order in which they began, the newest ones of a very long one. */
export interface Session {
  readonly sessionId: string;
  readonly traces: readonly [Trace, ...Trace[]];
}

/**
 * A named, versioned function Session → Score, run when a conversation has been idle. Made by `defineSessionScorer` and `overSession`.
 * Its score is kept with the last trace of the session, so its name must be none of a scorer of traces.
 */
export interface SessionScorer extends Omit<Scorer, "score" | "weight"> {
  scoreSession(session: Session, context: ScorerContext): Promise<Score>;
}
